// The copies that mirrors get: Envoy copies the request as it goes upstream, host and path rewritten
// (source/common/router/router.cc, shadow_headers_), and appends `-shadow` to the host unless configured not to (Istio does).

import type { Mirror, Template } from '../model/index.js';
import type { ForwardedCopy } from './decision.js';

/** `expand` evaluates a template against the request as it goes upstream. */
export function mirrorsOf(
  mirrors: readonly Mirror[],
  upstream: { readonly method: string; readonly path: string; readonly host: string },
  happens: (percent: number) => boolean,
  expand: (template: Template) => string,
): readonly ForwardedCopy[] {
  const copies: ForwardedCopy[] = [];
  for (const mirror of mirrors) {
    // A mirror to a cluster that does not exist is dropped (source/common/router/shadow_writer_impl.cc).
    if (!happens(mirror.percent) || mirror.destination.missing) continue;
    const host = mirror.host === undefined ? upstream.host : expand(mirror.host);
    copies.push({
      destination: mirror.destination,
      method: upstream.method,
      path: mirror.path === undefined ? upstream.path : expand(mirror.path),
      host: mirror.hostSuffix ? withSuffix(host, mirror.hostSuffix) : host,
    });
  }
  return copies;
}

/** `a.com:80` + `-shadow` → `a.com-shadow:80`. */
function withSuffix(host: string, suffix: string): string {
  const colon = host.lastIndexOf(':');
  return colon > host.lastIndexOf(']') ? host.slice(0, colon) + suffix + host.slice(colon) : host + suffix;
}
