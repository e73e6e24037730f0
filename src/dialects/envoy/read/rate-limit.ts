// Envoy's token bucket on the gateway (envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit).

import type { PatchTarget, RateLimit } from '../../../model/index.js';
import { field, list, type Node, originAt } from './node.js';
import { durationMs, fractionOf, number, text } from './values.js';

/** The greatest number of the fields: a bucket that never runs dry, where only descriptors limit. */
const MOST = 4_294_967_295;

/** Undefined: it limits nothing. `unread`: buckets for parts of the requests. */
export function rateLimitOf(
  node: Node,
  place: RateLimit['place'],
  on?: PatchTarget,
): { readonly limit?: RateLimit; readonly unread: readonly string[] } {
  const bucket = field(node, 'token_bucket');
  const unread =
    list(node, 'descriptors').length > 0 ? ['a rate limit with a bucket for each part of the requests'] : [];
  const enabledPercent = fractionOf(field(node, 'filter_enabled'), 0);
  const enforcedPercent = fractionOf(field(node, 'filter_enforced'), 0);
  if (!bucket || enabledPercent === 0 || enforcedPercent === 0) return { unread };
  const [maxTokens, tokensPerFill] = [number(bucket, 'max_tokens') ?? 0, number(bucket, 'tokens_per_fill') ?? 1];
  if (maxTokens === MOST && tokensPerFill === MOST) return { unread };
  const limit: RateLimit = {
    maxTokens,
    tokensPerFill,
    fillIntervalMs: durationMs(bucket, 'fill_interval') ?? 1000,
    status: errorStatus(number(field(node, 'status'), 'code')),
    enabledPercent,
    enforcedPercent,
    responseHeaders: list(node, 'response_headers_to_add').map((option) => {
      const header = field(option, 'header');
      return [(text(header, 'key') ?? '').toLowerCase(), text(header, 'value') ?? ''] as const;
    }),
    place,
    ...(on ? { on } : {}),
    origin: originAt(node),
  };
  return { limit, unread };
}

/** Envoy takes no status below 400 (local_ratelimit.h, toErrorCode). */
const errorStatus = (code = 429): number => (code >= 400 && code < 600 ? code : 429);
