// Timeouts and retries of a rule (Gateway API spec, HTTPRouteTimeouts and HTTPRouteRetry; Istio: convertHTTPRoute in
// pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import type { Delivery, Json, Origin } from '../../../model/index.js';
import { durationMsOf } from '../../../resources/fields.js';
import { has, listAt, numberAt, objectAt } from '../fields.js';

/** What Istio retries on whenever a rule has `retry`, and how often where it does not say. */
const RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];
const DEFAULT_ATTEMPTS = 2;

/** `retries`: of rules without `retry`; undefined: none. */
export function deliveryOf(rule: Json, origin: Origin, retries: Delivery['retries']): Delivery | undefined {
  const timeouts = objectAt(rule, 'timeouts');
  // Zero means "no timeout", which is what Istio does anyway.
  const request = durationMsOf(timeouts.request) || undefined;
  const backendRequest = durationMsOf(timeouts.backendRequest) || undefined;
  if (!has(rule, 'retry')) {
    const timeoutMs = backendRequest ?? request;
    const plain = retries ? { retries } : undefined;
    return timeoutMs === undefined ? plain : { timeoutMs, ...plain, origin };
  }
  const retry = objectAt(rule, 'retry');
  const attempts = numberAt(retry, 'attempts') ?? DEFAULT_ATTEMPTS;
  const codes = listAt(retry, 'codes').filter((code) => typeof code === 'number');
  const backoffMs = durationMsOf(retry.backoff);
  const on = [...RETRY_ON, ...codes, ...(codes.length > 0 ? ['retriable-status-codes'] : [])].join(',');
  return {
    ...(request !== undefined && { timeoutMs: request }),
    // No attempts: no retries at all.
    ...(attempts > 0 && {
      retries: {
        attempts,
        ...(backendRequest !== undefined && { perTryTimeoutMs: backendRequest }),
        on,
        ...(backoffMs !== undefined && { backoffMs }),
      },
    }),
    origin,
  };
}
