// The configuration of Envoy's local_ratelimit filter, as it stands in an EnvoyFilter.

import { type JsonObject, own, type RateLimit, table } from '../../model/index.js';
import { durationMsOf, numberOf, objectOf, objectsOf, stringOf } from '../../resources/fields.js';

export const FILTER = 'envoy.filters.http.local_ratelimit';

export type Bucket = Omit<RateLimit, 'place' | 'origin' | 'on'>;

const NOT_READ = [
  'descriptors',
  'rate_limits',
  'local_cluster_rate_limit',
  'local_rate_limit_per_downstream_connection',
];

/** Undefined: it has no bucket; or what is not read. `typed`: an Any, or a TypedStruct, which holds the configuration in `value`. */
export function bucketOf(typed: JsonObject): Bucket | string | undefined {
  const config = objectOf(typed.value) ?? typed;
  const more = NOT_READ.find((key) => own(config, key) !== undefined);
  if (more) return `${FILTER} with ${more}`;
  const bucket = objectOf(config.token_bucket);
  if (!bucket) return undefined;
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
  };
}

/** Envoy takes no status below 400 (local_ratelimit.h, toErrorCode). */
const errorStatus = (code: number | undefined): number =>
  code !== undefined && code >= 400 && code < 600 ? code : 429;

const PARTS = table<number>({ HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 });

/** A RuntimeFractionalPercent: 0 where it is not there. */
function percent(fraction: JsonObject | undefined): number {
  const value = objectOf(fraction?.default_value);
  if (!value) return 0;
  const parts = PARTS.get(stringOf(value.denominator) ?? 'HUNDRED') ?? 100;
  return Math.min(100, (100 * (numberOf(value.numerator) ?? 0)) / parts);
}
