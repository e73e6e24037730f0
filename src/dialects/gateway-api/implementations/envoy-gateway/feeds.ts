// What the fields of Envoy Gateway's objects become in the model.

import { table } from '../../../../model/index.js';
import type { Feeds } from '../../../accounts.js';
import { BACKEND, BACKEND_TRAFFIC_POLICY, CLIENT_TRAFFIC_POLICY, HTTP_ROUTE_FILTER, SECURITY_POLICY } from './kinds.js';

const REFUSALS = ['RouteMatch.source', 'RouteMatch.headers', 'DirectResponse.status'] as const;
const CHECKS = ['Route.conditions'] as const;
const CORS = [
  'CorsPolicy.allowOrigins',
  'CorsPolicy.allowMethods',
  'CorsPolicy.allowHeaders',
  'CorsPolicy.exposeHeaders',
  'CorsPolicy.maxAge',
  'CorsPolicy.allowCredentials',
] as const;
const BALANCE = ['Delivery.hash', 'Delivery.balance'] as const;
const TLS = ['TlsContext.mode', 'TlsContext.clients', 'TlsContext.minVersion', 'TlsContext.cipherSuites'] as const;

const TARGETS: Feeds = Object.fromEntries(
  ['targetRefs[]', 'targetRef', 'targetSelectors[]'].map((field) => [
    `spec.${field}.**`,
    { without: 'names the rules and listeners of the policy' },
  ]),
);

const FEEDS = table<Feeds>({
  [SECURITY_POLICY]: {
    ...TARGETS,
    'spec.authorization.**': [...REFUSALS],
    'spec.cors.**': [...CORS],
    'spec.extAuth.**': [...CHECKS],
    'spec.basicAuth.**': [...CHECKS],
  },
  [BACKEND_TRAFFIC_POLICY]: {
    ...TARGETS,
    'spec.timeout.tcp.connectTimeout': ['Delivery.connectTimeoutMs'],
    'spec.timeout.http.requestTimeout': ['Delivery.timeoutMs'],
    'spec.timeout.http.streamIdleTimeout': ['Delivery.idleTimeoutMs'],
    'spec.retry.**': ['Delivery.retries'],
    'spec.loadBalancer.**': [...BALANCE],
    'spec.circuitBreaker.**': ['Delivery.limits'],
    'spec.requestBuffer.**': ['Route.maxRequestBytes'],
    'spec.rateLimit.**': [...CHECKS],
  },
  [CLIENT_TRAFFIC_POLICY]: {
    ...TARGETS,
    'spec.tls.**': [...TLS],
    'spec.path.**': {
      without: 'is how requests are taken in: what is different in the target is an item of its own',
    },
    'spec.headers.**': {
      without: 'is how requests are taken in: what is different in the target is an item of its own',
    },
  },
  [HTTP_ROUTE_FILTER]: {
    'spec.**': { without: 'is read with the rules that refer to it; what the output needs of it is generated' },
  },
  [BACKEND]: { 'spec.**': ['Destination.host', 'Destination.port', 'Destination.protocol'] },
});

/** `kind`: group and kind. Undefined: none of those that are translated. */
export const egFeeds = (kind: string): Feeds | undefined => FEEDS.get(kind);
