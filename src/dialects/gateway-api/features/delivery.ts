// Timeouts and retries of a rule (Gateway API spec, HTTPRouteTimeouts and HTTPRouteRetry; Istio: convertHTTPRoute in
// pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import type { Delivery, Json, Origin } from '../../../model/index.js';
import { durationMsOf } from '../../../resources/fields.js';
import { has, listAt, numberAt, objectAt } from '../fields.js';
import type { ControlPlane } from './control-plane.js';

/** What Istio retries on whenever a rule has `retry`, and how often where it does not say: neither connections that break nor tries that take too long. */
const RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];
/** By the standard: connection errors of every kind (disconnect, reset, timeout, TCP failure). */
const BY_STANDARD = ['connect-failure', 'refused-stream', 'reset', 'unavailable', 'cancelled'];
const DEFAULT_ATTEMPTS = 2;

/** `retries`: of rules without `retry`; undefined: none. */
export function deliveryOf(
  rule: Json,
  origin: Origin,
  retries: Delivery['retries'],
  { controlPlane }: ControlPlane,
): Delivery | undefined {
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
  const always = controlPlane === 'istio' ? RETRY_ON : BY_STANDARD;
  const on = [...always, ...codes, ...(codes.length > 0 ? ['retriable-status-codes'] : [])].join(',');
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
