// How bytes travel: timeout and retries of the rule, load balancing and connections of the DestinationRule.
// setTimeout, HashForHTTPDestination in pilot/pkg/networking/core/route/route.go, route/retry/retry.go.

import {
  type DestinationRule,
  type TrafficPolicies,
  trafficPolicies,
} from '../../../implementations/istio/destination-rules.js';
import type { Delivery, JsonObject } from '../../../model/index.js';
import { booleanOf, durationMsOf, numberOf, objectOf, stringOf } from '../../../resources/fields.js';
import type { HttpRule } from '../config.js';

type Retries = NonNullable<Delivery['retries']>;
type HashPolicy = NonNullable<Delivery['hash']>[number];

const DEFAULT_RETRIES: Retries = {
  attempts: 2,
  on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
};

/** A plain rule has nothing but the default retries; most routes share this one. */
const DEFAULT_DELIVERY: Delivery = { retries: DEFAULT_RETRIES };

export type RuleLookup = (host: string) => DestinationRule | undefined;

export function deliveryOf(rule: HttpRule, lookup: RuleLookup): Delivery {
  const { timeout, retries: written } = rule.fields;
  const timeoutMs = durationMsOf(timeout?.value);
  const retries = written ? retriesOf(objectOf(written.value) ?? {}) : DEFAULT_RETRIES;
  const shaped = rule.route.map(({ destination: { host, port, subset } }) => {
    const policy = lookup(host);
    return policy && trafficPolicies(policy, port, subset ?? '');
  });
  if (!timeout && !written && shaped.every((p) => p === undefined)) return DEFAULT_DELIVERY;
  const hash = shaped.flatMap((p) => hashPolicies(p?.consistentHash));
  const first = rule.route.length === 1 ? shaped[0] : undefined;
  const { other, ...connection } = first ? connectionPolicy(first) : {};
  if (!timeoutMs && !written && hash.length === 0 && !other && Object.keys(connection).length === 0) {
    return DEFAULT_DELIVERY;
  }
  return {
    ...(timeoutMs ? { timeoutMs } : {}),
    ...(retries ? { retries } : {}),
    ...(hash.length > 0 ? { hash } : {}),
    ...connection,
    ...(other ? { other } : {}),
    origin: (timeout ?? written)?.origin ?? rule.origin,
  };
}

/** No attempts: none. A list of status codes alone also needs the policy that reads it: parseRetryOn. */
function retriesOf(value: JsonObject): Retries | undefined {
  const attempts = numberOf(value.attempts) ?? 0;
  if (attempts <= 0) return undefined;
  const perTryTimeoutMs = durationMsOf(value.perTryTimeout);
  const backoffMs = durationMsOf(value.backoff);
  const on = (stringOf(value.retryOn) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const codes = on.some((part) => /^\d{3}$/.test(part));
  if (codes && !on.includes('retriable-status-codes')) on.push('retriable-status-codes');
  return {
    attempts,
    on: on.length > 0 ? on.join(',') : (DEFAULT_RETRIES.on ?? ''),
    ...(perTryTimeoutMs ? { perTryTimeoutMs } : {}),
    ...(backoffMs === undefined ? {} : { backoffMs }),
    ...(booleanOf(value.retryRemoteLocalities) ? { remoteLocalities: true } : {}),
  };
}

function hashPolicies(hash: JsonObject | undefined): HashPolicy[] {
  if (!hash) return [];
  const header = stringOf(hash.httpHeaderName);
  if (header !== undefined) return [{ by: 'header', name: header }];
  const cookie = objectOf(hash.httpCookie);
  if (cookie) {
    const ttlMs = durationMsOf(cookie.ttl);
    const path = stringOf(cookie.path);
    return [
      {
        by: 'cookie',
        name: stringOf(cookie.name) ?? '',
        ...(ttlMs === undefined ? {} : { ttlMs }),
        ...(path === undefined ? {} : { path }),
      },
    ];
  }
  if (hash.useSourceIp === true) return [{ by: 'source-ip' }];
  const query = stringOf(hash.httpQueryParameterName);
  return query === undefined ? [] : [{ by: 'query', name: query }];
}

function connectionPolicy(policies: TrafficPolicies): Delivery {
  const loadBalancer = policies.block('loadBalancer');
  const connectionPool = policies.block('connectionPool');
  const outlierDetection = policies.block('outlierDetection');
  const tcp = objectOf(connectionPool?.tcp);
  const http = objectOf(connectionPool?.http);
  const connectTimeoutMs = durationMsOf(tcp?.connectTimeout);
  const idleTimeoutMs = durationMsOf(http?.idleTimeout);
  const simple = stringOf(loadBalancer?.simple);
  const locality = objectOf(loadBalancer?.localityLbSetting);
  const other = {
    ...(simple ? { 'load-balance': simple.toLowerCase() } : {}),
    ...(locality ? { locality: localityText(locality) } : {}),
    ...(outlierDetection ? { 'outlier-detection': JSON.stringify(outlierDetection) } : {}),
  };
  return {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...limitsOf(tcp, http),
    ...(outlierDetection ? { ejection: ejectionOf(outlierDetection) } : {}),
    ...(Object.keys(other).length > 0 ? { other } : {}),
  };
}

/** applyConnectionPool in pilot/pkg/networking/core/cluster_traffic_policy.go. */
function limitsOf(tcp: JsonObject | undefined, http: JsonObject | undefined): Pick<Delivery, 'limits'> {
  const maxConnections = numberOf(tcp?.maxConnections);
  const maxPending = numberOf(http?.http1MaxPendingRequests);
  const maxRequests = numberOf(http?.http2MaxRequests);
  const limits = {
    ...(maxConnections ? { maxConnections } : {}),
    ...(maxPending ? { maxPending } : {}),
    ...(maxRequests ? { maxRequests } : {}),
  };
  return Object.keys(limits).length > 0 ? { limits } : {};
}

/** applyOutlierDetection in the same file; defaults are Envoy's (5 in a row, 30 s, 10 %). */
function ejectionOf(outlier: JsonObject): NonNullable<Delivery['ejection']> {
  const consecutive5xx = numberOf(outlier.consecutive5xxErrors);
  const consecutiveGatewayErrors = numberOf(outlier.consecutiveGatewayErrors);
  return {
    ...(consecutive5xx === 0 ? {} : { consecutive5xx: consecutive5xx ?? 5 }),
    ...(consecutiveGatewayErrors ? { consecutiveGatewayErrors } : {}),
    baseMs: durationMsOf(outlier.baseEjectionTime) ?? 30_000,
    maxPercent: numberOf(outlier.maxEjectionPercent) || 10,
  };
}

function localityText(setting: JsonObject): string {
  if (setting.enabled === false) return 'off';
  const kind = (['distribute', 'failover', 'failoverPriority'] as const).find((key) => setting[key] !== undefined);
  return kind ? `${kind} ${JSON.stringify(setting[kind])}` : 'on';
}
