// Timeouts and retries of a rule (Gateway API spec, HTTPRouteTimeouts and HTTPRouteRetry; Istio: convertHTTPRoute in
// pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import type { Delivery, Json, Origin } from '../../../model/index.js';
import { durationMsOf } from '../../../resources/fields.js';
import { has, listAt, numberAt, objectAt } from '../fields.js';

/** What Istio retries on whenever a rule has `retry`, and how often where it does not say. */
const RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];
const DEFAULT_ATTEMPTS = 2;

export function deliveryOf(rule: Json, origin: Origin): Delivery | undefined {
  const timeouts = objectAt(rule, 'timeouts');
  // Zero means "no timeout", which is what Istio does anyway.
  const request = durationMsOf(timeouts.request) || undefined;
  const backendRequest = durationMsOf(timeouts.backendRequest) || undefined;
  if (!has(rule, 'retry')) {
    const timeoutMs = backendRequest ?? request;
    return timeoutMs === undefined ? undefined : { timeoutMs, origin };
  }
  const retry = objectAt(rule, 'retry');
  const attempts = numberAt(retry, 'attempts') ?? DEFAULT_ATTEMPTS;
  const codes = listAt(retry, 'codes').filter((code) => typeof code === 'number');
  const backoffMs = durationMsOf(retry.backoff);
  return {
    ...(request !== undefined && { timeoutMs: request }),
    retries: {
      attempts,
      ...(backendRequest !== undefined && { perTryTimeoutMs: backendRequest }),
      ...(attempts > 0 && { on: [...RETRY_ON, ...codes].join(',') }),
      ...(backoffMs !== undefined && { backoffMs }),
    },
    origin,
  };
}
