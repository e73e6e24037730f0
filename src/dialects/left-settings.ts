// Settings of nginx about how bytes travel that Envoy behind Istio does not have, or has in another shape: one item each, at the
// annotation. What a writer says exactly is not among them.

import { type Delivery, own, table } from '../model/index.js';
import type { FeatureKey } from './dialect.js';
import type { Report } from './item-list.js';

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

const BUFFERS = 'Envoy streams bodies through buffers of its own: neither client nor destination sees a difference';
const LOGS = 'logs and traces are settings of the mesh (Telemetry), not of a route';

const TEXT = table<string>({
  'proxy-read-timeout':
    'the time between two reads became the time for the whole answer: an answer that takes longer is cut off',
  'proxy-send-timeout': 'Envoy has no time limit between two writes to the destination',
  'proxy-next-upstream-timeout': 'retries are limited by their number, not by a time of their own',
  'proxy-buffering': BUFFERS,
  'proxy-buffer-size': BUFFERS,
  'proxy-buffers-number': BUFFERS,
  'proxy-busy-buffers-size': BUFFERS,
  'proxy-max-temp-file-size': BUFFERS,
  'proxy-request-buffering': BUFFERS,
  'client-body-buffer-size': BUFFERS,
  'proxy-http-version': 'Envoy speaks HTTP/1.1 to a destination unless its port says http2 or grpc',
  'limit-rate': 'the bandwidth of answers is not limited',
  'limit-rate-after': 'the bandwidth of answers is not limited',
  'service-upstream': 'Envoy sends to the endpoints of the Service, not to its cluster address',
  'session-cookie-expires': 'the cookie gets Max-Age, not Expires',
  'session-cookie-change-on-failure': 'a client whose endpoint is gone moves to another one in any case',
  'session-cookie-conditional-samesite-none': 'SameSite is the same for every browser',
  'affinity-mode': 'clients move only as far as the ring of the hash changes',
  'enable-access-log': LOGS,
  'enable-rewrite-log': LOGS,
  'enable-opentelemetry': LOGS,
  'opentelemetry-trust-incoming-span': LOGS,
  'opentelemetry-operation-name': LOGS,
  'ssl-ciphers': 'ciphers are a setting of the server of a Gateway (tls.cipherSuites) in names of their own',
  'ssl-prefer-server-ciphers': 'the server chooses the cipher',
  'http2-push-preload': 'there are no HTTP/2 pushes; browsers have given them up',
  'mirror-request-body': 'the copy always has the body',
});

const EWMA = 'the endpoint with the fewest requests under way is chosen, not the one with the shortest answers of late';

/** The writer has set the time limit for a whole answer to that between two reads. */
export function noteSettings(delivery: Delivery | undefined, report: Report): void {
  for (const { name, origin } of delivery?.settings ?? []) {
    const add = (message: string, key: FeatureKey = 'delivery.setting') =>
      report.add(key, message, origin, { name: `annotation.${name}` });
    const value = own(delivery?.other, name);
    if (SAID.has(name)) continue;
    if (name === 'backend-protocol') {
      if (value?.toUpperCase() === 'FCGI')
        add('Envoy does not speak FastCGI: put an HTTP server before the destination', 'destination.fastcgi');
      else if (value?.toUpperCase() === 'AUTO_HTTP')
        add('the destination is spoken to as its port is named, not as it answers', 'destination.protocol');
    } else if (name.startsWith('fastcgi-')) add('Envoy does not speak FastCGI', 'destination.fastcgi');
    else if (name === 'load-balance') {
      if (value === 'ewma') add(EWMA);
      else if (value !== 'round_robin') add(`${value} is left to the load balancing of Istio`);
    } else if (name === 'upstream-hash-by') {
      if (!delivery?.hash) add(`Envoy cannot hash ${value}: requests are not bound to endpoints`);
    } else add(TEXT.get(name) ?? `${name} is left to Envoy`);
  }
}
