// nginx as ingress-nginx configures it (rootfs/etc/nginx/template/nginx.tmpl and lua/, kubernetes/ingress-nginx
// controller-v1.15.1; nginx 1.22): routes see the normalised path, the destination gets the path as it came unless it was
// rewritten, and names of hosts lose port, case and a trailing dot.

import type { Redirect } from '../../../model/index.js';
import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { CompiledPathRewrite, EngineRules, Expand, Refusal } from '../engine-rules.js';
import { protoAfter } from '../forwarded-proto.js';
import { DOT_SEGMENT } from '../normalize-path.js';
import { escapeRedirect, escapeUri, seenByNginx } from './uri.js';
import { nginxOperators } from './variables.js';
import { wire } from './wire.js';

export const engine: EngineRules = {
  engine: 'nginx',
  // Decoded and with slashes merged: any printable character can arrive, written %XX.
  paths: { without: '', pattern: '/.*', never: ['.*//.*', DOT_SEGMENT] },
  writePath: (path) => path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/[\]]/gu, (c) => encodeURIComponent(c)),
  wire,
  seePath: seenByNginx,
  refuse: refuseRequest,
  hostName: (host) => normalHost(host) ?? '',
  noRoute: { status: 404, body: '' },
  tooLarge: { status: 413, body: '', at: 'route' },
  noDestination: { status: 503, body: '' },
  rewritePath: (view, rewrite, expand) => escapeUri(rewritten(view, rewrite, expand)) + view.query,
  location: redirectLocation,
  // The destination gets the controller's own line too: an item of a translation says so.
  protoAfter,
  droppedHeaders,
  seenHeader: (_, name) => (VALID_NAME.test(name) ? undefined : null),
  operators: nginxOperators,
};

/** ngx_http_process_request_header in src/http/ngx_http_request.c: before a server is chosen for good. */
function refuseRequest({ host, method }: { readonly host: string; readonly method: string }): Refusal | undefined {
  if (!/^[A-Z_-]+$/.test(method))
    return { status: 400, body: '', reason: 'the method must consist of upper-case letters, _ and -' };
  if (normalHost(host) === undefined)
    return { status: 400, body: '', reason: 'the Host header is empty or not a host name' };
  if (method === 'TRACE' || method === 'CONNECT')
    return { status: 405, body: '', reason: `nginx does not support ${method}` };
  return undefined;
}

/** ngx_http_validate_host; undefined: 400. */
function normalHost(host: string): string | undefined {
  const bracket = host.startsWith('[') ? host.indexOf(']') : 0;
  const colon = bracket < 0 ? -1 : host.indexOf(':', bracket);
  const name = (colon < 0 ? host : host.slice(0, colon)).toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === '' || name === '.' || /\.\.|[\u0000-\u0020\u007f/]/.test(name)) return undefined;
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** The path alone, decoded. */
function rewritten(view: RequestView, { rewrite, regex, full }: CompiledPathRewrite, expand: Expand): string {
  switch (rewrite.kind) {
    case 'full':
      return full ? expand(full) : rewrite.to;
    case 'prefix':
      return rewrite.to + view.path.slice(rewrite.from.length);
    case 'regex': {
      const { substitution, all } = rewrite;
      return regex
        ? all
          ? regex.replaceAll(view.path, substitution)
          : regex.replaceFirst(view.path, substitution)
        : view.path;
    }
    case 'strip-trailing-slash':
      return view.path.endsWith('/') ? view.path.slice(0, -1) : view.path;
  }
}

/**
 * Three ways to build a Location:
 * - a redirect to another scheme or host is written by Lua or by `rewrite`, from the Host header as it came, without
 *   its port (redirect_host in lua_ingress.lua), and from the request line;
 * - anything else is a path that nginx completes itself (ngx_http_header_filter, absolute_redirect on, port_in_redirect
 *   without effect on 80 and 443);
 * - `relative`: that path alone (absolute_redirect off).
 */
function redirectLocation(
  view: RequestView,
  redirect: Redirect,
  path: CompiledPathRewrite | undefined,
  expand: Expand,
): string {
  const target =
    redirectPath(view, path, expand) +
    (path && path.rewrite.kind !== 'strip-trailing-slash' && !redirect.stripQuery ? view.query : '');
  if (redirect.relative) return target;
  const scheme = redirect.scheme ?? view.scheme;
  const elsewhere = redirect.scheme !== undefined || redirect.host !== undefined;
  const host = redirect.host ?? (elsewhere ? (view.authority.split(':')[0] ?? '') : view.host);
  return `${scheme}://${host}${portOf(view, redirect)}${target}`;
}

function portOf(view: RequestView, { port }: Redirect): string {
  if (typeof port === 'number') return `:${port}`;
  return port === 'from-request-port' ? `:${view.request.port}` : '';
}

/** Lua takes one slash off the end of the request line, whatever stands before it: also off a query. */
function redirectPath(view: RequestView, path: CompiledPathRewrite | undefined, expand: Expand): string {
  const line = view.forward;
  if (!path) return line;
  if (path.rewrite.kind === 'strip-trailing-slash') return line.endsWith('/') ? line.slice(0, -1) : line;
  const target = rewritten(view, path, expand);
  return path.rewrite.kind === 'regex' ? escapeRedirect(target) : target;
}

/** `ignore_invalid_headers on` and `underscores_in_headers off`: other headers do not come in at all. */
const VALID_NAME = /^[a-z0-9-]+$/;

/** These, and `Proxy ""` against httpoxy. */
function droppedHeaders(view: RequestView): readonly HeaderEdit[] {
  const names = Object.keys(view.request.headers ?? {}).map((name) => name.toLowerCase());
  return names
    .filter((name) => name === 'proxy' || !VALID_NAME.test(name))
    .map((name) => ({ op: 'remove', name, value: '' }));
}
