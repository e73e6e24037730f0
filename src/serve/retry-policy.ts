// When a failed attempt is made again: Envoy's `retry_on` (source/common/router/retry_state_impl.cc), with Istio's
// default of a route without settings (istio pilot/pkg/networking/core/route/retry/retry.go).

import { type Delivery, retryOnOf, table } from '../model/index.js';
import type { EngineRules } from '../simulate/index.js';
import type { FaultKind } from './message.js';

export interface RetryPolicy {
  /** Beyond the first attempt. */
  readonly attempts: number;
  /** Ms; 0: none. */
  readonly perTryMs: number;
  /** Base of the back-off. Ms. */
  readonly backoffMs: number;
  readonly conditions: ReadonlySet<string>;
  /** Numbers inside `on`. */
  readonly statuses: ReadonlySet<number>;
}

const ISTIO_DEFAULT = 'connect-failure,refused-stream,unavailable,cancelled';
const NEVER: RetryPolicy = { attempts: 0, perTryMs: 0, backoffMs: 0, conditions: new Set(), statuses: new Set() };

function policyOf(attempts: number, on: string, perTryMs: number, backoffMs: number): RetryPolicy {
  const { conditions, statuses } = retryOnOf(on);
  return { attempts, perTryMs, backoffMs, conditions: new Set(conditions), statuses: new Set(statuses) };
}

const defaults = new WeakMap<EngineRules, RetryPolicy>();

function defaultOf(engine: EngineRules): RetryPolicy {
  let policy = defaults.get(engine);
  if (policy === undefined) {
    const { attempts, on, backoffMs } = engine.wire.retries;
    policy = policyOf(attempts, on, 0, backoffMs);
    defaults.set(engine, policy);
  }
  return policy;
}

const known = new WeakMap<Delivery, RetryPolicy>();

export function retryPolicy(delivery: Delivery | undefined, engine: EngineRules): RetryPolicy {
  const { retries } = delivery ?? {};
  if (delivery === undefined || retries === undefined) return defaultOf(engine);
  if (retries.attempts <= 0) return NEVER;
  let policy = known.get(delivery);
  if (policy === undefined) {
    policy = policyOf(
      retries.attempts,
      retries.on ?? ISTIO_DEFAULT,
      retries.perTryTimeoutMs ?? 0,
      retries.backoffMs ?? 25,
    );
    known.set(delivery, policy);
  }
  return policy;
}

/** May this failure be tried again? A connection that was never made and one that was stale lost nothing. */
export function retriesFault({ conditions }: RetryPolicy, kind: FaultKind | 'per-try-timeout'): boolean {
  const has = (name: string) => conditions.has(name);
  const any5xx = has('5xx') || has('gateway-error');
  switch (kind) {
    case 'connection-failure':
    case 'connect-timeout':
      return any5xx || has('reset') || has('connect-failure') || has('reset-before-request');
    case 'reset-before-headers':
    case 'stale-connection':
    case 'protocol-error':
      return any5xx || has('reset');
    case 'per-try-timeout':
      return any5xx || has('reset');
    default:
      return false;
  }
}

export function retriesStatus(
  { conditions, statuses }: RetryPolicy,
  status: number,
  grpcStatus: string | undefined,
): boolean {
  if (statuses.has(status)) return true;
  if (status >= 500 && conditions.has('5xx')) return true;
  if ((status === 502 || status === 503 || status === 504) && conditions.has('gateway-error')) return true;
  if (status === 409 && conditions.has('retriable-4xx')) return true;
  const name = grpcStatus === undefined ? undefined : GRPC_CONDITIONS.get(grpcStatus);
  return name !== undefined && conditions.has(name);
}

const GRPC_CONDITIONS = table<string>({
  '1': 'cancelled',
  '4': 'deadline-exceeded',
  '8': 'resource-exhausted',
  '13': 'internal',
  '14': 'unavailable',
});

/** Envoy's jittered exponential back-off, 10 times the base at most. `random` in 0..1. Ms. */
export const backoff = ({ backoffMs }: RetryPolicy, attempt: number, random: number): number =>
  random * Math.min(backoffMs * 2 ** attempt - 1, backoffMs * 10);
