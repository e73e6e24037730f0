// What is lost when ingress-nginx gives way to Envoy: what nginx does by itself, and annotations about how bytes travel that Envoy behind
// Istio does not have, or has in another shape. What a writer says exactly is not among them.

import { type Delivery, own, type Route, table } from '../../model/index.js';
import { type Leaving, TLS_NAMES } from '../leaving.js';

const rewrites = (routes: readonly Route[]) =>
  routes.some((r) => r.action.kind === 'forward' && r.action.rewrite !== undefined);

/**
 * As nginx.tmpl sets them for every location of a server on `port`: Envoy has no operator for the port that the client asked, and its
 * pods listen on another one.
 */
export const forwardedHeaders = (port: number) =>
  [
    ['x-real-ip', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'],
    ['x-forwarded-host', '%REQ(:authority)%'],
    ['x-forwarded-port', `${port}`],
    ['x-forwarded-scheme', '%REQ(:scheme)%'],
    ['x-scheme', '%REQ(:scheme)%'],
  ] as const;

const sets = (route: Route, header: string): boolean =>
  route.requestHeaders?.set?.some(([name]) => name.toLowerCase() === header) ?? false;
const setsRealIp = (route: Route): boolean => sets(route, 'x-real-ip');

/** Where a rule has a word about it; else nobody looks at that header. */
const changesConnection = ({ requestHeaders }: Route): boolean =>
  [...(requestHeaders?.set ?? []), ...(requestHeaders?.add ?? [])].some(
    ([name]) => name.toLowerCase() === 'connection',
  );

export const leaving: Leaving = {
  engine: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'nginx matches the decoded path with repeated slashes merged and forwards the path unchanged; Envoy matches and forwards the normalised path: requests with %-escapes, // or /../ may be answered differently',
      elsewhere:
        'nginx matches the decoded path with repeated slashes merged and forwards the path unchanged; whether the target does depends on the implementation',
    },
    TLS_NAMES,
    {
      feature: 'engine.own-endpoints',
      applies: (routes) => routes.some((r) => r.own),
      message: "the controller's own /healthz and /nginx_status are not moved",
      elsewhere: "the controller's own /healthz and /nginx_status are not moved",
    },
    {
      feature: 'engine.host-case',
      applies: (routes) =>
        routes.some(
          (r) => r.action.kind === 'redirect' && r.action.path?.kind === 'full' && r.action.host === undefined,
        ),
      message: 'nginx writes the host of its slash redirects in lower case, Envoy as the client sent it',
      elsewhere: 'nginx writes the host of its slash redirects in lower case; an implementation may do so differently',
    },
    {
      feature: 'engine.host-port',
      applies: (routes) =>
        routes.some((r) => r.action.kind === 'redirect' && r.action.host === undefined && !r.action.location),
      message: 'nginx leaves the port of the Host header out of its redirects, Envoy keeps it',
      elsewhere:
        'nginx leaves the port of the Host header out of its redirects; an implementation may do so differently',
    },
    {
      feature: 'engine.forwarded-headers',
      applies: (routes) => routes.some((r) => r.action.kind === 'forward' && !setsRealIp(r)),
      message:
        'destinations no longer get X-Real-IP, X-Forwarded-Host, X-Forwarded-Port, X-Forwarded-Scheme and X-Scheme, and X-Forwarded-For holds what the client sent before its address: applications that read them have to be changed, or --forwarded-headers sets them on each rule',
      elsewhere:
        'which of X-Real-IP and X-Forwarded-* destinations get depends on the implementation: applications that read them have to be checked',
    },
    {
      feature: 'engine.forwarded-headers',
      applies: (routes) =>
        routes.some((r) => r.action.kind === 'forward' && setsRealIp(r) && !sets(r, 'x-forwarded-port')),
      message:
        'destinations no longer get X-Forwarded-Port, and X-Forwarded-For holds what the client sent before its address',
    },
    {
      feature: 'engine.forwarded-headers',
      applies: (routes) =>
        routes.some((r) => r.action.kind === 'forward' && setsRealIp(r) && sets(r, 'x-forwarded-port')),
      message: 'X-Forwarded-For holds what the client sent before its address',
    },
    {
      feature: 'engine.original-path',
      applies: rewrites,
      message:
        'after a rewrite Envoy sends x-envoy-original-path and x-envoy-original-host to the destination, nginx does not',
    },
    {
      feature: 'engine.connection-names',
      applies: (routes) => routes.some(changesConnection),
      message: 'headers that a client names in Connection do not get through Envoy; nginx forwards them',
    },
  ],
  setting,
};

/** Said by a DestinationRule (destination-rules.ts), a timeout or retries of the route. */
const SAID = new Set([
  'proxy-connect-timeout',
  'proxy-next-upstream',
  'proxy-next-upstream-tries',
  'affinity',
  'session-cookie-name',
  'session-cookie-path',
  'session-cookie-domain',
  'session-cookie-max-age',
  'session-cookie-samesite',
  'session-cookie-secure',
  'proxy-ssl-secret',
  'proxy-ssl-name',
  'proxy-ssl-verify',
  'proxy-ssl-server-name',
  // A limit of bodies has its own item at each rule.
  'proxy-body-size',
]);

const BUFFERS = 'Envoy streams bodies through its own buffers: clients and destinations see no difference';
const LOGS = 'logs and traces are settings of the mesh (Telemetry), not of a route';

const TEXT = table<string>({
  'proxy-send-timeout': 'Envoy has no time limit between two writes to the destination',
  'proxy-next-upstream-timeout': 'retries are limited by their number, not by a time of their own',
  'proxy-buffering': BUFFERS,
  'proxy-buffer-size': BUFFERS,
  'proxy-buffers-number': BUFFERS,
  'proxy-busy-buffers-size': BUFFERS,
  'proxy-max-temp-file-size': BUFFERS,
  'proxy-request-buffering': BUFFERS,
  'client-body-buffer-size': BUFFERS,
  'proxy-http-version': 'Envoy uses HTTP/1.1 to a destination unless its port is named http2 or grpc',
  'limit-rate': 'the bandwidth of answers is not limited',
  'limit-rate-after': 'the bandwidth of answers is not limited',
  'service-upstream': 'Envoy sends to the endpoints of the Service, not to its cluster address',
  'session-cookie-expires': 'the cookie gets Max-Age, not Expires',
  'session-cookie-change-on-failure': 'a client whose endpoint is gone always moves to another one',
  'session-cookie-conditional-samesite-none': 'SameSite is the same for every browser',
  'affinity-mode': 'clients move only as far as the ring of the hash changes',
  'enable-access-log': LOGS,
  'enable-rewrite-log': LOGS,
  'enable-opentelemetry': LOGS,
  'opentelemetry-trust-incoming-span': LOGS,
  'opentelemetry-operation-name': LOGS,
  'ssl-ciphers': 'ciphers are set on the server of a Gateway (tls.cipherSuites), with other names',
  'ssl-prefer-server-ciphers': 'the server chooses the cipher',
  'http2-push-preload': 'HTTP/2 push is not supported; browsers no longer use it',
  'mirror-request-body': 'the mirrored request always has the body',
});

const READ_TIMEOUT =
  'nginx ends a response that pauses for longer; a route of the target has no limit between two reads, and one for the whole response would cut off downloads and streams';
const EWMA = 'the endpoint with the fewest active requests is chosen, not the one with the lowest recent latency';

function setting(name: string, delivery: Delivery): ReturnType<NonNullable<Leaving['setting']>> {
  const value = own(delivery.other, name);
  const lost = (message: string) => ({ key: 'delivery.setting', message }) as const;
  if (SAID.has(name)) return undefined;
  if (name.startsWith('fastcgi-')) return { key: 'destination.fastcgi', message: 'Envoy does not support FastCGI' };
  switch (name) {
    case 'proxy-read-timeout':
      return { key: 'delivery.read-timeout', message: READ_TIMEOUT };
    case 'backend-protocol':
      return protocolLoss(value?.toUpperCase());
    case 'load-balance':
      if (value === 'ewma') return lost(EWMA);
      return value === 'round_robin' ? undefined : lost(`${value} is left to the load balancing of Istio`);
    case 'upstream-hash-by':
      return delivery.hash ? undefined : lost(`Envoy cannot hash ${value}: requests are not bound to endpoints`);
    default:
      return lost(TEXT.get(name) ?? `${name} is left to Envoy`);
  }
}

function protocolLoss(protocol: string | undefined): ReturnType<typeof setting> {
  if (protocol === 'FCGI')
    return {
      key: 'destination.fastcgi',
      message: 'Envoy does not support FastCGI: put an HTTP server before the destination',
    };
  return protocol === 'AUTO_HTTP'
    ? {
        key: 'destination.protocol',
        message: 'the protocol depends on the name of the port, not on what the destination supports',
      }
    : undefined;
}
