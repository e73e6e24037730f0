// SecurityPolicy and BackendTrafficPolicy of a rule.

import { isNginxDefault } from '../../../../../implementations/istio/write/retry-conditions.js';
import type { Condition, Delivery, Route, SourceMatcher } from '../../../../../model/index.js';
import { durationText } from '../../../../../resources/fields.js';
import { serviceOfHost } from '../../../../../resources/services.js';
import { isHandshake } from '../../../../client-certificates.js';
import { isDefaultRetries } from '../../../write/default-retries.js';
import type { RulePolicies } from '../../../write/own-writer.js';
import type { Report } from '../../../write/report.js';

type Fields = Readonly<Record<string, unknown>>;

/** Of lists of which a client has to be on, one at most. */
export const canCheck = (checks: readonly SourceMatcher[]): boolean => checks.filter((c) => c.invert).length < 2;

export function rulePolicies(route: Route, checks: readonly SourceMatcher[], report: Report): RulePolicies | undefined {
  const security = { ...extAuth(route, report), ...authorization(checks) };
  const traffic = { ...rateLimit(route, report), ...trafficOf(route) };
  const policies = {
    ...(Object.keys(security).length > 0 && { SecurityPolicy: security }),
    ...(Object.keys(traffic).length > 0 && { BackendTrafficPolicy: traffic }),
  };
  return Object.keys(policies).length > 0 ? policies : undefined;
}

const cidr = (address: string): string =>
  address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`;

function authorization(checks: readonly SourceMatcher[]): Fields {
  if (checks.length === 0) return {};
  const rule = (action: string, { cidrs }: SourceMatcher) =>
    cidrs.length === 0 ? [] : [{ action, principal: { clientCIDRs: cidrs.map(cidr) } }];
  const denied = checks.filter((c) => !c.invert).flatMap((c) => rule('Deny', c));
  const allowed = checks.filter((c) => c.invert);
  return {
    authorization: {
      defaultAction: allowed.length > 0 ? 'Deny' : 'Allow',
      rules: [...denied, ...allowed.flatMap((c) => rule('Allow', c))],
    },
  };
}

/** External authentication and limits per address have their items where they are written. */
export function takes(condition: Condition, { add }: Report): boolean {
  if (isAsked(condition) || isCounted(condition)) return true;
  if (!isHandshake(condition) || condition.clients.subject !== undefined) return false;
  const key = 'condition.client-certificate.handshake';
  const { ca } = condition.clients;
  add(
    key,
    `${condition.summary}: the gateway asks in the TLS handshake, and closes the connection of a client without a good certificate; ca.crt of Secret ${ca.namespace}/${ca.name} says who signs`,
    condition.origin,
  );
  for (const detail of condition.details ?? [])
    add(key, 'is decided in the TLS handshake of the gateway', detail.origin);
  return true;
}

const isAsked = ({ ask }: Condition): boolean =>
  ask !== undefined && ask.external === undefined && serviceOfHost(ask.service) !== undefined;

/** The question is asked at exactly this path; the service's own answer is passed on where it refuses. */
function extAuth({ conditions = [], action }: Route, report: Report): Fields {
  const condition = action.kind === 'direct-response' ? undefined : conditions.find(isAsked);
  const { ask } = condition ?? {};
  const service = ask && serviceOfHost(ask.service);
  if (!condition || !ask || !service) return {};
  report.add(
    'condition.external-auth.asked',
    `${condition.summary}: a SecurityPolicy asks it with the method and the headers of the request; its answer goes to the client where it refuses`,
    condition.origin,
  );
  for (const { origin } of condition.details ?? [])
    report.add('condition.external-auth.asked', 'is decided by the answer of the service that is asked', origin);
  const query = ask.query ? `?${ask.query}` : '';
  return {
    extAuth: {
      http: {
        backendRefs: [{ name: service.name, namespace: service.namespace, port: ask.port }],
        pathOverride: `${ask.path || '/'}${query}`,
        ...(ask.headers.length > 0 && { headersToBackend: ask.headers }),
      },
      headersToExtAuth: ['cookie', 'authorization', 'x-forwarded-for', 'user-agent', 'accept'],
    },
  };
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['Second', 1000],
  ['Minute', 60_000],
  ['Hour', 3_600_000],
];

const isCounted = ({ rate }: Condition): boolean =>
  rate !== undefined && rate.except.length === 0 && UNITS.some(([, ms]) => ms === rate.perMs);

/** A bucket for each address that comes by. */
function rateLimit({ conditions = [] }: Route, report: Report): Fields {
  const limits = conditions.filter(isCounted);
  if (limits.length === 0) return {};
  const rules = limits.map((limit) => {
    const { rate } = limit;
    report.add(
      'condition.rate-limit.bucket',
      `${limit.summary}: a BackendTrafficPolicy counts the requests of each client address, for each rule and replica of the gateway by itself; no more than ${rate!.requests} pass at once, where nginx lets ${rate!.burst + 1} pass`,
      limit.origin,
    );
    for (const detail of limit.details ?? [])
      report.add('condition.rate-limit.bucket', 'belongs to the limit', detail.origin);
    const unit = UNITS.find(([, ms]) => ms === rate!.perMs)?.[0] ?? 'Second';
    return {
      clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '0.0.0.0/0' } }],
      limit: { requests: rate!.requests, unit },
    };
  });
  return { rateLimit: { type: 'Local', local: { rules } } };
}

function trafficOf({ action }: Route): Fields {
  const delivery = action.kind === 'forward' ? action.delivery : undefined;
  if (!delivery) return {};
  const connect = delivery.connectTimeoutMs;
  const balancer = loadBalancer(delivery);
  const limits = circuitBreaker(delivery.limits);
  const retry = retryFields(delivery.retries);
  return {
    ...(retry && { retry }),
    ...(connect !== undefined && { timeout: { tcp: { connectTimeout: durationText(connect) } } }),
    ...(balancer && { loadBalancer: balancer }),
    ...(limits && { circuitBreaker: limits }),
  };
}

const TRIGGERS = new Set(
  (
    '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes ' +
    'cancelled deadline-exceeded internal resource-exhausted unavailable'
  ).split(' '),
);

/** What the engines do by themselves is not repeated. */
function retryFields(retries: Delivery['retries']): Fields | undefined {
  if (!retries || isDefaultRetries(retries) || isNginxDefault(retries)) return undefined;
  const { attempts, on = '', perTryTimeoutMs, backoffMs } = retries;
  const words = on.split(',').map((w) => w.trim());
  const codes = words.filter((w) => /^[0-9]{3}$/.test(w)).map(Number);
  const triggers = words.filter((w) => TRIGGERS.has(w));
  const perRetry = {
    ...(perTryTimeoutMs !== undefined && { timeout: durationText(perTryTimeoutMs) }),
    ...(backoffMs !== undefined && { backOff: { baseInterval: durationText(backoffMs) } }),
  };
  return {
    numRetries: attempts,
    retryOn: { ...(triggers.length > 0 && { triggers }), ...(codes.length > 0 && { httpStatusCodes: codes }) },
    ...(Object.keys(perRetry).length > 0 && { perRetry }),
  };
}

function loadBalancer({ hash = [], balance }: Delivery): Fields | undefined {
  const consistent = hash.length > 0 ? consistentHash(hash) : undefined;
  if (consistent) return { type: 'ConsistentHash', consistentHash: consistent };
  if (balance === 'round-robin') return { type: 'RoundRobin' };
  return balance === 'least-request' ? { type: 'LeastRequest' } : undefined;
}

/** One cookie, or the address, or headers alone, or parameters alone. */
function consistentHash(hash: NonNullable<Delivery['hash']>): Fields | undefined {
  const [first, ...others] = hash;
  if (!first || (others.length > 0 && (first.by !== 'header' || others.some((h) => h.by !== 'header'))))
    return undefined;
  switch (first.by) {
    case 'source-ip':
      return { type: 'SourceIP' };
    case 'header':
      return { type: 'Headers', headers: hash.map(({ name = '' }) => ({ name })) };
    case 'query':
      return { type: 'QueryParams', queryParams: hash.map(({ name = '' }) => ({ name })) };
    case 'cookie': {
      const { name = '', ttlMs, path, attributes } = first;
      const all = { ...(path !== undefined && { Path: path }), ...attributes };
      return {
        type: 'Cookie',
        cookie: {
          name,
          ...(ttlMs !== undefined && { ttl: ttlMs === 0 ? '0s' : durationText(ttlMs) }),
          ...(Object.keys(all).length > 0 && { attributes: all }),
        },
      };
    }
  }
}

function circuitBreaker(limits: Delivery['limits']): Fields | undefined {
  const { maxConnections, maxPending, maxRequests } = limits ?? {};
  const fields = {
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxPending !== undefined && { maxPendingRequests: maxPending }),
    ...(maxRequests !== undefined && { maxParallelRequests: maxRequests }),
  };
  return Object.keys(fields).length > 0 ? fields : undefined;
}
