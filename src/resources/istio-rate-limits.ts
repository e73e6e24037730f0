// Local rate limits that an EnvoyFilter puts in front of a gateway, in the form that Istio documents: HTTP_FILTER with
// envoy.filters.http.local_ratelimit and a token bucket (istio.io, Tasks, "Enabling Rate Limits using Envoy";
// tests/integration/telemetry/policy/testdata/enable_envoy_local_ratelimit.yaml, Istio source of 2026-08-22).
// Every other patch of an EnvoyFilter is named as unsupported.

import type { JsonObject, Origin, RateLimit, Resource, Unsupported } from '../model/index.js';
import { originOf } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { compareAge, createdAt } from './creation.js';
import { durationMsOf, numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf } from './fields.js';
import { type GatewayWorkload, labelsInclude, ROOT_NAMESPACE } from './istio-destination-rules.js';

const FILTER = 'envoy.filters.http.local_ratelimit';

export interface RateLimits {
  readonly rateLimits: readonly RateLimit[];
  /** Patches that are not read. */
  readonly unsupported: readonly Unsupported[];
}

export function rateLimits(catalog: Catalog, workload: GatewayWorkload): RateLimits {
  const filters = catalog
    .ofKind('networking.istio.io/EnvoyFilter')
    .filter((r) => r.namespace === ROOT_NAMESPACE || r.namespace === workload.namespace)
    .filter((r) => labelsInclude(workload.labels, stringMapOf(objectOf(specOf(r).workloadSelector)?.labels)))
    .map((resource) => ({
      resource,
      createdAt: createdAt(resource),
      name: resource.name,
      namespace: resource.namespace,
    }))
    .sort(compareAge);
  const rateLimits: RateLimit[] = [];
  const unsupported: Unsupported[] = [];
  for (const { resource } of filters) {
    for (const [i, patch] of objectsOf(specOf(resource).configPatches).entries()) {
      const origin = originOf(resource, 'spec', 'configPatches', i);
      const context = stringOf(objectOf(patch.match)?.context) ?? 'ANY';
      if (context !== 'ANY' && context !== 'GATEWAY') continue;
      const read = readPatch(patch, origin);
      if (read === 'nothing') continue;
      if (typeof read === 'string') unsupported.push(notRead(resource, origin, read));
      else rateLimits.push(read);
    }
  }
  return { rateLimits, unsupported };
}

const notRead = (resource: Resource, origin: Origin, what: string): Unsupported => ({
  feature: 'envoyfilter',
  detail: `EnvoyFilter ${resource.namespace}/${resource.name} patches the gateway's Envoy: ${what} is not simulated.`,
  effect: 'routing',
  origin,
});

/** A rate limit; what is not read; or that the patch alone does nothing. */
function readPatch(patch: JsonObject, origin: Origin): RateLimit | string {
  const applyTo = stringOf(patch.applyTo) ?? '';
  const change = objectOf(patch.patch);
  const value = objectOf(change?.value);
  const operation = stringOf(change?.operation) ?? '';
  if (applyTo !== 'HTTP_FILTER' || stringOf(value?.name) !== FILTER) return applyTo || 'a patch';
  if (!/^(INSERT_BEFORE|INSERT_AFTER|INSERT_FIRST|ADD)$/.test(operation)) return `${operation} of a filter`;
  const typed = objectOf(value?.typed_config) ?? objectOf(value?.typedConfig) ?? {};
  // A TypedStruct holds the configuration in `value`.
  const config = objectOf(typed.value) ?? typed;
  const bucket = objectOf(config.token_bucket);
  // Without a bucket the filter waits for one on a route.
  if (!bucket) return 'nothing';
  const extra = [
    'descriptors',
    'rate_limits',
    'local_cluster_rate_limit',
    'local_rate_limit_per_downstream_connection',
  ];
  const more = extra.find((key) => config[key] !== undefined);
  if (more) return `${FILTER} with ${more}`;
  const listener = objectOf(objectOf(patch.match)?.listener);
  const filter = objectOf(objectOf(listener?.filterChain)?.filter);
  if (listener?.portNumber !== undefined || listener?.name !== undefined) return 'a limit for one listener';
  const subFilter = stringOf(objectOf(filter?.subFilter)?.name);
  if (subFilter !== undefined && subFilter !== 'envoy.filters.http.router') return `a limit beside ${subFilter}`;
  return {
    maxTokens: numberOf(bucket.max_tokens) ?? 0,
    tokensPerFill: numberOf(bucket.tokens_per_fill) ?? 1,
    fillIntervalMs: durationMsOf(bucket.fill_interval) ?? 0,
    status: errorStatus(numberOf(objectOf(config.status)?.code)),
    enabledPercent: percent(objectOf(config.filter_enabled)),
    enforcedPercent: percent(objectOf(config.filter_enforced)),
    responseHeaders: objectsOf(config.response_headers_to_add).flatMap((h) => {
      const header = objectOf(h.header);
      const key = stringOf(header?.key);
      return key ? [[key.toLowerCase(), stringOf(header?.value) ?? ''] as const] : [];
    }),
    place: subFilter === undefined && operation !== 'ADD' ? 'first' : 'last',
    origin,
  };
}

/** Envoy takes no status below 400 (local_ratelimit.h, toErrorCode). */
const errorStatus = (code: number | undefined): number =>
  code !== undefined && code >= 400 && code < 600 ? code : 429;

const PARTS: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

/** A RuntimeFractionalPercent: 0 where it is not there. */
function percent(fraction: JsonObject | undefined): number {
  const value = objectOf(fraction?.default_value);
  if (!value) return 0;
  return Math.min(
    100,
    (100 * (numberOf(value.numerator) ?? 0)) / (PARTS[stringOf(value.denominator) ?? 'HUNDRED'] ?? 100),
  );
}
