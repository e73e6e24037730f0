import type { Json } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import {
  at,
  DESTINATION_RULE,
  REQUEST_AUTHENTICATION,
  refused,
  SIDECAR,
  SIDECAR_POOLS,
  TELEMETRY,
  VIRTUAL_SERVICE,
} from '../field-rule.js';
import { duration, nanoseconds, text } from '../values.js';
import { onPolicies, REFUSED, TO_SHOP } from './shared.js';

const DURATIONS = [
  'outlierDetection.baseEjectionTime',
  'outlierDetection.interval',
  'connectionPool.http.idleTimeout',
  'connectionPool.http.http2KeepAlive.interval',
]
  .concat([
    'connectionPool.http.http2KeepAlive.timeout',
    'connectionPool.tcp.connectTimeout',
    'connectionPool.tcp.maxConnectionDuration',
  ])
  .concat([
    'connectionPool.tcp.tcpKeepalive.time',
    'connectionPool.tcp.tcpKeepalive.interval',
    'loadBalancer.warmup.duration',
    'loadBalancer.warmupDurationSecs',
  ]);

const TCP_IDLE = ['connectionPool.tcp.idleTimeout'];

const POOL = 'connectionPool.';

/** Of these fields those of a connection pool, as a Sidecar has them. */
const onSidecarPools = (suffixes: readonly string[]): string[] =>
  suffixes.filter((s) => s.startsWith(POOL)).flatMap((s) => SIDECAR_POOLS.map((p) => `${p}.${s.slice(POOL.length)}`));

/** Zero turns it off. */
const idleTimeout = (value: Json): Problem =>
  /^(?:0|0*\.?0*(?:h|m|s|ms|us|ns))$/.test(text(value)) ? undefined : duration(value);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0202',
      name: 'duration',
      title: 'Invalid duration, or shorter than a millisecond',
      docs: () => ({
        happens: REFUSED,
        instead: 'For example "5s", "1m30s" or "250ms". To have no timeout, leave `timeout` out.',
        bad: httpRule(`timeout: 0s\n${TO_SHOP}`),
        good: httpRule(`timeout: 5s\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      [
        'timeout',
        'retries.perTryTimeout',
        'retries.backoff',
        'corsPolicy.maxAge',
        'fault.delay.fixedDelay',
        'fault.delay.exponentialDelay',
      ].map((f) => `spec.http[].${f}`),
      duration,
    ),
    at(DESTINATION_RULE, onPolicies(['loadBalancer.consistentHash.httpCookie.ttl']), (value) =>
      typeof value === 'string' && nanoseconds(value) === undefined
        ? `"${value}" is not a duration such as "5s"`
        : undefined,
    ),
    at(DESTINATION_RULE, onPolicies(DURATIONS), duration),
    at(SIDECAR, onSidecarPools(DURATIONS), duration),
    at(REQUEST_AUTHENTICATION, 'spec.jwtRules[].timeout', duration),
    // Only the CRD looks at it, and is content with microseconds.
    at(TELEMETRY, 'spec.metrics[].reportingInterval', (value) => {
      const ns = nanoseconds(text(value));
      return ns === undefined || ns < 1e6 ? duration(value) : undefined;
    }),
    at(DESTINATION_RULE, onPolicies(TCP_IDLE), idleTimeout),
    at(SIDECAR, onSidecarPools(TCP_IDLE), idleTimeout),
  ),
];
