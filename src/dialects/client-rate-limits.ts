// Limits of requests per client address as Envoy's local_ratelimit filter.
//
// All paths of an Ingress share one zone of nginx (buildRateLimitZones in template.go, ingress-nginx controller-v1.15.1), so the
// buckets stand in the filter, not at the routes; a route says by its metadata whose bucket it draws from. The address is a
// descriptor without a value: a bucket for each value that comes by (LocalRateLimit.descriptors and .rate_limits, Envoy 1.40;
// tried with that Envoy: test/convert-live.test.ts).

import { envoyFilter, filterPatch, routePatch } from '../implementations/istio/write/envoy-filter-patches.js';
import type { Condition, Route } from '../model/index.js';
import type { Report } from './item-list.js';

type Fields = Record<string, unknown>;

export type Limit = Condition & { readonly rate: NonNullable<Condition['rate']> };

export const rateLimitsOf = (route: Route): Limit[] =>
  route.action.kind === 'forward' ? (route.conditions ?? []).filter((c): c is Limit => c.rate !== undefined) : [];

/** The item of a limit that is written. `written`: as what. */
export function noteRateLimit(
  { summary, origin, details = [] }: Condition,
  { add }: Report,
  written = 'an EnvoyFilter',
): void {
  const key = 'condition.rate-limit.bucket';
  add(key, `${summary}: ${written} ${WITH_BUCKETS}`, origin);
  for (const detail of details) add(key, 'belongs to the bucket of the limit', detail.origin);
}

const WITH_BUCKETS =
  'with a bucket of tokens per client address and replica of the gateway, as nginx has. The address is the one that Envoy trusts (numTrustedProxies); refused requests also get x-envoy-ratelimited; requests that an AuthorizationPolicy refuses are not counted. Tokens come in whole seconds, nginx lets one request pass each time its share of the interval is over';

const FILTER = 'envoy.filters.http.local_ratelimit';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';
/** Key of the metadata that a limited route has. */
const METADATA = 'meshgw';
/** nginx's zone of 5 MB has room for about this many addresses (limit_req_zone: 8 thousand states of 128 bytes in a megabyte). */
const MOST_ADDRESSES = 40_000;
/** The filter wants a bucket for requests without a descriptor: one that never runs dry. */
const NO_LIMIT = { max_tokens: 4_294_967_295, tokens_per_fill: 4_294_967_295, fill_interval: '1s' };

const ownerOf = ({ origin: { resource } }: Limit): string => `${resource.namespace}/${resource.name}`;
/** The annotation: an Ingress has one limit of each. */
const kindOf = ({ origin }: Limit): string => String(origin.path.at(-1)).replace(/^.*\//, '');

/** The filter with a bucket per limit and client, for all of these routes; undefined where none has a limit. */
export function rateLimitFilter(routes: readonly Route[]): Fields | undefined {
  const limits = new Map<string, Limit>();
  for (const limit of routes.flatMap(rateLimitsOf)) limits.set(`${ownerOf(limit)} ${kindOf(limit)}`, limit);
  const sorted = [...limits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, limit]) => limit);
  return sorted.length > 0 ? filter(sorted) : undefined;
}

/** As an EnvoyFilter: the filter, and for each name of limited routes whose bucket they draw from; undefined without limits. */
export function rateLimitPatches(
  named: readonly (readonly [name: string, route: Route])[],
  metadata: Parameters<typeof envoyFilter>[0],
  binding: Fields,
): Fields | undefined {
  const limited = named.filter(([, route]) => rateLimitsOf(route).length > 0);
  const filter = rateLimitFilter(limited.map(([, route]) => route));
  if (!filter) return undefined;
  const patches = limited.map(([name, route]) => routePatch(name, limitMetadata(rateLimitsOf(route))));
  return envoyFilter(metadata, binding, [filterPatch(filter), ...patches]);
}

const filter = (limits: readonly Limit[]): Fields => ({
  name: FILTER,
  typed_config: {
    '@type': TYPE,
    stat_prefix: 'rate_limits_per_client',
    status: { code: limits[0]?.status ?? 429 },
    token_bucket: NO_LIMIT,
    always_consume_default_token_bucket: false,
    max_dynamic_descriptors: MOST_ADDRESSES,
    filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    filter_enforced: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    rate_limits: distinct(limits.map((limit) => ({ actions: actions(limit) }))),
    descriptors: limits.map((limit) => ({
      entries: [
        { key: kindOf(limit), value: ownerOf(limit) },
        ...(limit.rate.except.length > 0 ? [{ key: 'counted', value: ownerOf(limit) }] : []),
        { key: 'remote_address' },
      ],
      token_bucket: {
        // nginx lets the first request pass, and `burst` more at once (ngx_http_limit_req_module, nodelay).
        max_tokens: limit.rate.burst + 1,
        ...refill(limit.rate),
      },
    })),
  },
});

/** nginx's bucket leaks evenly: as few tokens at a time as whole seconds allow, which is what the filter's timer takes (300 a minute: 5 a second). */
function refill({ requests, perMs }: Limit['rate']): Fields {
  const seconds = Math.max(1, Math.round(perMs / 1000));
  const divisor = greatestCommonDivisor(requests, seconds);
  return { tokens_per_fill: requests / divisor, fill_interval: `${seconds / divisor}s` };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The descriptor of a request: whose limit, not one of the excepted addresses, which client. */
const actions = (limit: Limit): Fields[] => [
  {
    metadata: {
      descriptor_key: kindOf(limit),
      metadata_key: { key: METADATA, path: [{ key: kindOf(limit) }] },
      source: 'ROUTE_ENTRY',
    },
  },
  ...(limit.rate.except.length > 0
    ? [
        {
          remote_address_match: {
            descriptor_key: 'counted',
            descriptor_value: ownerOf(limit),
            address_matcher: { ranges: limit.rate.except.map(range), invert_match: true },
          },
        },
      ]
    : []),
  { remote_address: {} },
];

/** What a limited route says of itself, as fields of Envoy's route: whose limits it has. */
export const limitMetadata = (limits: readonly Limit[]): Fields => ({
  metadata: { filter_metadata: { [METADATA]: Object.fromEntries(limits.map((l) => [kindOf(l), ownerOf(l)])) } },
});

function range(cidr: string): Fields {
  const [address, length] = cidr.split('/');
  return { address_prefix: address, prefix_len: Number(length ?? (address?.includes(':') ? 128 : 32)) };
}

const distinct = (list: readonly Fields[]): Fields[] => [
  ...new Map(list.map((fields) => [JSON.stringify(fields), fields])).values(),
];
