// What DestinationRules say of the way to the destinations of a route: hashes, connections, load balancing. HashForHTTPDestination in
// pilot/pkg/networking/core/route/route.go, applyLoadBalancer in core/cluster_traffic_policy.go (Istio of 2026-08-22).

import {
  cookieAttributes,
  type Delivery,
  type Destination,
  destinationName,
  type JsonObject,
} from '../../model/index.js';
import { durationMsOf, numberOf, objectOf, objectsOf, signedDurationMsOf, stringOf } from '../../resources/fields.js';
import { type DestinationRule, type TrafficPolicies, trafficPolicies } from './destination-rules.js';

type HashPolicy = NonNullable<Delivery['hash']>[number];

export type RuleLookup = (host: string) => DestinationRule | undefined;

/** A destination as the route names it: hashes are looked for by that, everything else by where it leads. */
export interface RoutedTo {
  readonly host: string;
  readonly port?: number | undefined;
  readonly subset?: string | undefined;
  readonly to: Destination;
}

export type DestinationDelivery = Omit<Delivery, 'timeoutMs' | 'retries' | 'origin'>;

/** Undefined: no DestinationRule is there, or none says anything of it. */
export function destinationDelivery(routed: readonly RoutedTo[], lookup: RuleLookup): DestinationDelivery | undefined {
  const shaped = routed.map(({ to }) => {
    const rule = lookup(to.host);
    return rule && trafficPolicies(rule, to.port, to.subset ?? '');
  });
  if (shaped.every((policies) => policies === undefined)) return undefined;
  const hash = routed.flatMap(({ host, port, subset }) => {
    const rule = lookup(host);
    return rule ? hashPolicies(trafficPolicies(rule, port, subset ?? '').consistentHash) : [];
  });
  const unhashed = routed.filter((_, i) => !isHashed(shaped[i])).map(({ to }) => destinationName(to));
  const only = shaped.length === 1 ? shaped[0] : undefined;
  const delivery = {
    ...(hash.length > 0 && unhashed.length < routed.length
      ? { hash, ...(unhashed.length > 0 ? { unhashed } : {}) }
      : {}),
    ...(only ? connectionPolicy(only) : {}),
  };
  return Object.keys(delivery).length > 0 ? delivery : undefined;
}

/** The cluster balances by hashes; where it does not, the hashes of its routes decide nothing. */
const isHashed = (policies: TrafficPolicies | undefined): boolean =>
  objectOf(policies?.block('loadBalancer')?.consistentHash) !== undefined;

function hashPolicies(hash: JsonObject | undefined): HashPolicy[] {
  if (!hash) return [];
  const header = stringOf(hash.httpHeaderName);
  if (header !== undefined) return [{ by: 'header', name: header }];
  const cookie = objectOf(hash.httpCookie);
  if (cookie) {
    const ttlMs = signedDurationMsOf(cookie.ttl);
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
