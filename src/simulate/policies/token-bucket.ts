// Buckets of rate limits, for whoever decides many requests one after another: full at the start, filled steadily
// (source/common/common/token_bucket_impl.cc, AtomicTokenBucketImpl, Envoy 1.40).

import type { RateLimit } from '../../model/index.js';

interface Bucket {
  tokens: number;
  /** Ms. */
  filledAt: number;
}

/** One bucket per limit; `now` in ms. Its result is `DecisionContext.takeToken`. */
export function tokenBuckets(now: () => number): (limit: RateLimit) => boolean {
  const buckets = new Map<RateLimit, Bucket>();
  return (limit) => {
    const time = now();
    let bucket = buckets.get(limit);
    if (!bucket) {
      bucket = { tokens: limit.maxTokens, filledAt: time };
      buckets.set(limit, bucket);
    }
    const filled =
      limit.fillIntervalMs > 0 ? ((time - bucket.filledAt) * limit.tokensPerFill) / limit.fillIntervalMs : 0;
    bucket.tokens = Math.min(limit.maxTokens, bucket.tokens + Math.max(0, filled));
    bucket.filledAt = time;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
