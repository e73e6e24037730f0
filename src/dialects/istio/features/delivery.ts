// How bytes travel: timeout and retries of the rule, load balancing and connections of the DestinationRule.
// setTimeout, HashForHTTPDestination in pilot/pkg/networking/core/route/route.go.

import {
  type DestinationRule,
  type TrafficPolicies,
  trafficPolicies,
} from '../../../implementations/istio/destination-rules.js';
import { type Retries, retriesOf } from '../../../implementations/istio/retries.js';
import { cookieAttributes, type Delivery, type JsonObject } from '../../../model/index.js';
import { durationMsOf, numberOf, objectOf, objectsOf, stringOf } from '../../../resources/fields.js';
import type { HttpRule } from '../config.js';

type HashPolicy = NonNullable<Delivery['hash']>[number];

export type RuleLookup = (host: string) => DestinationRule | undefined;

/** A plain rule has nothing but the retries of the mesh; most routes share one of these. */
const plain = new WeakMap<Retries, Delivery>();
const NO_RETRIES: Delivery = {};

function plainDelivery(retries: Retries | undefined): Delivery {
  if (!retries) return NO_RETRIES;
  let delivery = plain.get(retries);
  if (!delivery) plain.set(retries, (delivery = { retries }));
  return delivery;
}

/** `meshRetries`: of rules that say nothing; undefined: none. */
export function deliveryOf(rule: HttpRule, lookup: RuleLookup, meshRetries: Retries | undefined): Delivery {
  const { timeout, retries: written } = rule.fields;
  const timeoutMs = durationMsOf(timeout?.value);
  const retries = written ? retriesOf(objectOf(written.value) ?? {}) : meshRetries;
  const shaped = rule.route.map(({ destination: { host, port, subset } }) => {
    const policy = lookup(host);
    return policy && trafficPolicies(policy, port, subset ?? '');
  });
  if (!timeout && !written && shaped.every((p) => p === undefined)) return plainDelivery(meshRetries);
  const hash = shaped.flatMap((p) => hashPolicies(p?.consistentHash));
  const first = rule.route.length === 1 ? shaped[0] : undefined;
  const { other, ...connection } = first ? connectionPolicy(first) : {};
  if (!timeoutMs && !written && hash.length === 0 && !other && Object.keys(connection).length === 0) {
    return plainDelivery(meshRetries);
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
        ...cookieAttributes(
          objectsOf(cookie.attributes).map((one) => [stringOf(one.name) ?? '', stringOf(one.value) ?? '']),
        ),
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
