// Retries of a route: ConvertPolicy and parseRetryOn in pilot/pkg/networking/core/route/retry/retry.go, Istio source of 2026-08-22.

import { type Delivery, ISTIO_RETRY_ON, type JsonObject } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { booleanOf, durationMsOf, numberOf, stringOf } from '../../resources/fields.js';
import { meshConfig } from './mesh-config.js';

export type Retries = NonNullable<Delivery['retries']>;

/** Istio's own, for routes that say nothing in a mesh that says nothing. */
export const DEFAULT_RETRIES: Retries = {
  attempts: 2,
  on: ISTIO_RETRY_ON,
};

/** Of an HTTPRetry of the API. No attempts: none. A list of status codes alone also needs the policy that reads it. */
export function retriesOf(value: JsonObject): Retries | undefined {
  const attempts = numberOf(value.attempts) ?? 0;
  if (attempts <= 0) return undefined;
  const perTryTimeoutMs = durationMsOf(value.perTryTimeout);
  const backoffMs = durationMsOf(value.backoff);
  const on = (stringOf(value.retryOn) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const codes = on.some((part) => /^\d{3}$/.test(part));
  if (codes && !on.includes('retriable-status-codes')) on.push('retriable-status-codes');
  return {
    attempts,
    on: on.length > 0 ? on.join(',') : (DEFAULT_RETRIES.on ?? ''),
    ...(perTryTimeoutMs ? { perTryTimeoutMs } : {}),
    ...(backoffMs === undefined ? {} : { backoffMs }),
    ...(booleanOf(value.retryRemoteLocalities) ? { remoteLocalities: true } : {}),
  };
}

/** Of routes that say nothing: the mesh's default, else Istio's. Undefined: none. */
export function meshRetries(catalog: Catalog): Retries | undefined {
  const { defaultRetries } = meshConfig(catalog);
  return defaultRetries ? retriesOf(defaultRetries) : DEFAULT_RETRIES;
}
