// Traefik 3.7 as a data plane: net/http of Go in front, its entry points and its reverse proxy (pkg/proxy/httputil) behind.

import type { GatewayRequest } from '../../../model/index.js';
import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { EngineRules, Refusal } from '../engine-rules.js';
import { protoAfter } from '../forwarded-proto.js';
import { DOT_SEGMENT } from '../normalize-path.js';
import { parseQuery, toBytes } from './go-url.js';
import { respelledUrl } from './go-url-text.js';
import { hostName } from './hosts.js';
import { seenByTraefik } from './paths.js';
import { pseudoHeader } from './questions.js';
import { rewritePath } from './rewriting.js';
import { wire } from './wire.js';

export const engine: EngineRules = {
  engine: 'traefik',
  // Decoded and cleaned. A percent sign stands before reserved characters only: such paths are left out of proofs (docs/algebra.md).
  paths: { without: '%?#', pattern: '/.*', never: ['.*//.*', DOT_SEGMENT] },
  writePath: (path) => path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/[\]]/gu, (c) => encodeURIComponent(c)),
  wire,
  seePath: (path, method, sanitized = true) => seenByTraefik(path, method, sanitized),
  refuse: refuseRequest,
  hostName,
  noRoute: { status: 404, body: '404 page not found\n', headers: [['x-content-type-options', 'nosniff']] },
  tooLarge: { status: 413, body: 'Request Entity Too Large', at: 'filter' },
  noDestination: { status: 503, body: 'no available server\n' },
  pseudoHeader,
  seenHeader,
  joinsLines: () => false,
  queryValues: (query, name) => parameters(query).get(name) ?? [],
  droppedHeaders,
  addedHeaders,
  protoAfter,
  rewritePath,
  location: (view, redirect, path, expand) => {
    const line = path ? (rewritePath(view, path, expand) ?? view.forward) : view.forward;
    const port = typeof redirect.port === 'number' ? `:${redirect.port}` : '';
    const [host, rest] = redirect.host === undefined ? hostParts(view.authority) : [redirect.host, ''];
    return `${redirect.scheme ?? view.scheme}://${host}${port}${rest}${line}`;
  },
  refuseLocation: (location) =>
    respelledUrl(toBytes(location)) === undefined
      ? { status: 502, body: 'Bad Gateway', reason: 'what the redirect makes of the request is no URL' }
      : undefined,
  namesHosts: true,
  operators: ({ name, argument = '' }, scope) =>
    name === 'REQ'
      ? (scope.requestHeader(argument.startsWith(':') ? argument : argument.toLowerCase()) ?? '')
      : undefined,
};

let last: { readonly query: string; readonly values: Map<string, string[]> } | undefined;

function parameters(query: string): Map<string, string[]> {
  if (last?.query !== query) last = { query, values: parseQuery(query.slice(1)) };
  return last.values;
}

/** httpguts.ValidHostHeader and token, in front of everything (net/http server.go, readRequest). */
function refuseRequest({ host, method }: Pick<GatewayRequest, 'host' | 'method'>): Refusal | undefined {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method))
    return { status: 400, body: '400 Bad Request', reason: 'not a method' };
  if (!/^[!$%&'()*+,\-.0-9:;=A-Z[\]_a-z~]*$/.test(host))
    return { status: 400, body: '400 Bad Request: malformed Host header', reason: 'the Host header is no host' };
  return undefined;
}

/** redirect_scheme.go: what counts as the host, and what is left behind its port, as part of the path. */
function hostParts(authority: string): readonly [host: string, rest: string] {
  // net.SplitHostPort takes the brackets away with the port.
  const [, address, after] = /^\[([^[\]]*)\](:\d+)$/.exec(authority) ?? [];
  const named = address === undefined ? authority : `${address}${after}`;
  const [whole, host = ''] = /^(\[[\w:.]+\]|[\w.-]+)?(?::\d+)?/.exec(named)!;
  return [host, named.slice(whole.length)];
}

/** Set by the entry point, whatever the client sent (pkg/middlewares/forwardedheaders): no address is trusted. */
function seenHeader(view: RequestView, name: string): string | null | undefined {
  switch (name) {
    case 'x-forwarded-proto':
      return view.lines('upgrade').length > 0 && /websocket/i.test(view.lines('upgrade')[0]!)
        ? view.scheme === 'https'
          ? 'wss'
          : 'ws'
        : view.scheme;
    case 'x-forwarded-host':
      return view.authority === '' ? null : view.authority;
    case 'x-forwarded-port':
      return /:(\d+)$/.exec(view.authority)?.[1] ?? (view.scheme === 'https' ? '443' : '80');
    case 'x-real-ip':
      return view.source;
    case 'x-forwarded-server':
      return 'traefik';
    case 'host':
      return null;
  }
  return CLAIMS.has(name.replaceAll('_', '-')) ? null : undefined;
}

/** Headers that only trusted clients may set. */
const CLAIMS = new Set(
  [
    'for',
    'host',
    'method',
    'port',
    'prefix',
    'proto',
    'scheme',
    'server',
    'tls-client-cert',
    'tls-client-cert-info',
    'uri',
  ]
    .map((name) => `x-forwarded-${name}`)
    .concat('x-real-ip', 'x-scheme'),
);
/** Those of them that are set anew. */
const SET_ANEW = new Set([
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
]);
/** Of one connection (httputil.ReverseProxy). */
const HOP = new Set([
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'trailer',
  'transfer-encoding',
]);

function droppedHeaders(view: RequestView): readonly HeaderEdit[] {
  const names = Object.keys(view.request.headers ?? {}).map((name) => name.toLowerCase());
  const named = view.lines('connection').flatMap((line) => line.split(',').map((part) => part.trim().toLowerCase()));
  return names
    .filter(
      (name) =>
        HOP.has(name) ||
        (named.includes(name) && !CLAIMS.has(name)) ||
        (CLAIMS.has(name.replaceAll('_', '-')) && !SET_ANEW.has(name)),
    )
    .map((name) => ({ op: 'remove', name, value: '' }));
}

const GZIP: readonly HeaderEdit[] = [{ op: 'set', name: 'accept-encoding', value: 'gzip' }];

/** net/http's transport asks for gzip by itself (transport.go, persistConn.roundTrip). */
function addedHeaders(view: RequestView, edits: readonly HeaderEdit[]): readonly HeaderEdit[] {
  if (view.method === 'HEAD') return [];
  const has = (name: string): boolean => {
    const changed = edits.findLast((e) => e.name === name);
    return changed ? changed.op !== 'remove' : view.lines(name).length > 0;
  };
  return has('accept-encoding') || has('range') ? [] : GZIP;
}
