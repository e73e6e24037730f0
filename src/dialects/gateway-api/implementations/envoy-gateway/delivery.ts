// Timeouts and retries of a rule, and what a BackendTrafficPolicy says of both and of how endpoints are chosen (processRouteTimeout and
// processRouteRetry in internal/gatewayapi/route.go, buildRetryPolicy and buildConsistentHashPolicy in internal/xds/translator/route.go, v1.9.1).

import type { Delivery, Json, JsonObject, Origin } from '../../../../model/index.js';
import { durationMsOf } from '../../../../resources/fields.js';
import { has, listAt, numberAt, objectAt, stringAt, stringsAt } from '../../fields.js';

const RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
const DEFAULT_ATTEMPTS = 2;
const DEFAULT_CODE = 503;

type Retries = NonNullable<Delivery['retries']>;

/** Of a rule by itself. `backendRequest` is the time of a request where nothing is retried, else that of a try. */
export function ruleDelivery(rule: Json, origin: Origin): Delivery | undefined {
  const timeouts = objectAt(rule, 'timeouts');
  const request = durationMsOf(timeouts.request);
  const backendRequest = durationMsOf(timeouts.backendRequest);
  const retries = has(rule, 'retry') ? ruleRetries(objectAt(rule, 'retry'), backendRequest) : undefined;
  const timeoutMs = (retries ? undefined : backendRequest) ?? request;
  if (timeoutMs === undefined && !retries) return undefined;
  return { ...(timeoutMs !== undefined && { timeoutMs }), ...(retries && { retries }), origin };
}

function ruleRetries(retry: JsonObject, perTry: number | undefined): Retries {
  const codes = listAt(retry, 'codes').filter((code) => typeof code === 'number');
  const backoffMs = durationMsOf(retry.backoff);
  return {
    attempts: numberAt(retry, 'attempts') ?? DEFAULT_ATTEMPTS,
    on: withCodes(RETRY_ON, codes.length > 0 ? codes : [DEFAULT_CODE]),
    ...(perTry !== undefined && { perTryTimeoutMs: perTry }),
    ...(backoffMs !== undefined && { backoffMs }),
  };
}

const withCodes = (on: string, codes: readonly number[]): string => [...on.split(','), ...codes].join(',');

/** What a policy adds; what the rule itself says counts first. */
export function withPolicy(own: Delivery | undefined, spec: JsonObject, origin: Origin): Delivery | undefined {
  const http = objectAt(objectAt(spec, 'timeout'), 'http');
  const tcp = objectAt(objectAt(spec, 'timeout'), 'tcp');
  const timeoutMs = durationMsOf(http.requestTimeout);
  const idleTimeoutMs = durationMsOf(http.streamIdleTimeout);
  const connectTimeoutMs = durationMsOf(tcp.connectTimeout);
  const retries = has(spec, 'retry') ? policyRetries(objectAt(spec, 'retry')) : undefined;
  const balancer = objectAt(spec, 'loadBalancer');
  const hash = hashOf(balancer);
  const type = stringAt(balancer, 'type');
  const limits = limitsOf(objectAt(spec, 'circuitBreaker'));
  const added: Delivery = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(retries && { retries }),
    ...(hash && { hash }),
    ...(type === 'RoundRobin' && { balance: 'round-robin' as const }),
    ...(type === 'LeastRequest' && { balance: 'least-request' as const }),
    ...(limits && { limits }),
  };
  return Object.keys(added).length > 0 ? { origin, ...added, ...own } : own;
}

function policyRetries(retry: JsonObject): Retries {
  const retryOn = objectAt(retry, 'retryOn');
  const triggers = stringsAt(retryOn, 'triggers');
  const codes = listAt(retryOn, 'httpStatusCodes').filter((code) => typeof code === 'number');
  const perRetry = objectAt(retry, 'perRetry');
  const perTryTimeoutMs = durationMsOf(perRetry.timeout);
  const backoffMs = durationMsOf(objectAt(perRetry, 'backOff').baseInterval);
  const usual = has(retry, 'retryOn') ? codes : [DEFAULT_CODE];
  return {
    attempts: numberAt(retry, 'numRetries') ?? DEFAULT_ATTEMPTS,
    on: withCodes(triggers.length > 0 ? triggers.join(',') : RETRY_ON, usual),
    ...(perTryTimeoutMs !== undefined && { perTryTimeoutMs }),
    ...(backoffMs !== undefined && { backoffMs }),
  };
}

function hashOf(balancer: JsonObject): Delivery['hash'] {
  if (stringAt(balancer, 'type') !== 'ConsistentHash') return undefined;
  const consistent = objectAt(balancer, 'consistentHash');
  switch (stringAt(consistent, 'type')) {
    case 'SourceIP':
      return [{ by: 'source-ip' }];
    case 'Header':
      return [{ by: 'header', name: stringAt(objectAt(consistent, 'header'), 'name') ?? '' }];
    case 'Headers':
      return listAt(consistent, 'headers').map((h) => ({ by: 'header', name: stringAt(h, 'name') ?? '' }));
    case 'QueryParams':
      return listAt(consistent, 'queryParams').map((q) => ({ by: 'query', name: stringAt(q, 'name') ?? '' }));
    case 'Cookie':
      return [cookieOf(objectAt(consistent, 'cookie'))];
    default:
      return undefined;
  }
}

function cookieOf(cookie: JsonObject): NonNullable<Delivery['hash']>[number] {
  const ttlMs = durationMsOf(cookie.ttl);
  const { Path: path, ...others } = objectAt(cookie, 'attributes');
  const attributes = Object.fromEntries(
    Object.entries(others).filter(([, value]) => typeof value === 'string'),
  ) as Record<string, string>;
  return {
    by: 'cookie',
    name: stringAt(cookie, 'name') ?? '',
    ...(ttlMs !== undefined && { ttlMs }),
    ...(typeof path === 'string' && { path }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

function limitsOf(breaker: JsonObject): Delivery['limits'] {
  const maxConnections = numberAt(breaker, 'maxConnections');
  const maxPending = numberAt(breaker, 'maxPendingRequests');
  const maxRequests = numberAt(breaker, 'maxParallelRequests');
  const limits = {
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxPending !== undefined && { maxPending }),
    ...(maxRequests !== undefined && { maxRequests }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}
