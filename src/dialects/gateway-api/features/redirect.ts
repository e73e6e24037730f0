// RequestRedirect. Without a port the one of the scheme, else the listener's; 302 where no status is written
// (Gateway API spec, HTTPRequestRedirectFilter; Istio: createRedirectFilter in
// pilot/pkg/config/kube/gateway/conversion.go and ApplyRedirect in pilot/pkg/networking/core/route/route.go, 2026-08-22).

import type { Action, Json, PathRewrite } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { has, numberAt, objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import type { Matched } from './http-match.js';
import type { RedirectPlace } from './ranked-route.js';

/** The statuses that Istio can give; it leaves a route with another one without an action. */
const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

export function redirectAction(
  filter: Json,
  matched: Matched,
  place: RedirectPlace,
  implementation: Implementation,
): Action {
  const status = numberAt(filter, 'statusCode') ?? 302;
  if (!STATUSES.includes(status)) return { kind: 'none', reason: `redirect status ${status} is not supported` };
  const scheme = stringAt(filter, 'scheme');
  const host = stringAt(filter, 'hostname');
  const wanted = portOf(numberAt(filter, 'port'), scheme, place);
  const port = wanted !== undefined && implementation.hiddenPorts?.includes(wanted) ? undefined : wanted;
  const path = has(filter, 'path') ? pathOf(objectAt(filter, 'path'), matched, implementation) : undefined;
  return {
    kind: 'redirect',
    status,
    ...((scheme === 'http' || scheme === 'https') && { scheme }),
    ...(host && { host }),
    ...(port !== undefined && { port }),
    ...(path && { path }),
  };
}

/** Nothing where Envoy's own rule applies: the default port of the scheme is not written out. */
function portOf(written: number | undefined, scheme: string | undefined, place: RedirectPlace): number | undefined {
  if (written === undefined && scheme !== undefined) return undefined;
  const port = written ?? place.port;
  const target = scheme ?? (place.tls ? 'https' : 'http');
  return port === (target === 'https' ? 443 : target === 'http' ? 80 : 0) ? undefined : port;
}

function pathOf(path: Json, matched: Matched, { redirectPrefix }: Implementation): PathRewrite | undefined {
  if (stringAt(path, 'type') === 'ReplaceFullPath') {
    const to = stringAt(path, 'replaceFullPath') ?? '';
    return to === '' ? undefined : { kind: 'full', to: plainTemplate(to) };
  }
  return redirectPrefix(matched, stringAt(path, 'replacePrefixMatch') ?? '');
}
