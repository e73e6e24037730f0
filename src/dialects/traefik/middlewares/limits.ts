// Middlewares that limit: rateLimit, inFlightReq, buffering, circuitBreaker and retry.

import { type Condition, isObject, type Json } from '../../../model/index.js';
import { durationMsOf, numberOf, stringOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import { answerRoute } from './flow.js';
import type { Kind, LoadedMiddleware } from './middleware.js';

const named = ({ resource }: LoadedMiddleware): string => `Middleware ${resource.namespace}/${resource.name}`;

/** pkg/middlewares/ratelimiter: `average` requests in each `period` (default 1 s), `burst` at once; an average of 0 limits nothing. */
export const rateLimit: Kind = (spec, origin, middleware) => {
  const average = numberOf(spec.average) ?? 0;
  if (average <= 0) return (flow, _, next) => next(flow);
  const burst = Math.max(1, numberOf(spec.burst) ?? 1);
  const period = periodMs(spec.period);
  const usual = !isObject(spec.sourceCriterion);
  const condition: Condition = {
    kind: 'rate-limit',
    summary: `rate limit of ${named(middleware)}: ${average} requests every ${period / 1000} s and ${burst} at once, else 429`,
    status: 429,
    ...(usual ? { rate: { requests: average, perMs: period, burst: burst - 1, except: [] } } : {}),
    origin,
  };
  return (flow, _, next) => next({ ...flow, conditions: [...flow.conditions, condition] });
};

/** A duration, or seconds. */
function periodMs(value: Json | undefined): number {
  if (typeof value === 'number') return value * 1000;
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value) * 1000;
  return durationMsOf(value) || 1000;
}

/** pkg/middlewares/inflightreq: requests at the same time. */
export const inFlight: Kind = (spec, origin, middleware) => {
  const amount = numberOf(spec.amount) ?? 0;
  return (flow, _, next) => {
    if (amount === 0)
      return [
        answerRoute(flow, {
          kind: 'direct-response',
          status: 429,
          body: 'max connections reached: 0',
          why: 'inFlightReq allows none at all',
        }),
      ];
    const condition: Condition = {
      kind: 'connection-limit',
      summary: `${named(middleware)}: at most ${amount} requests at the same time, else 429`,
      status: 429,
      origin,
    };
    return next({ ...flow, conditions: [...flow.conditions, condition] });
  };
};

/** pkg/middlewares/buffering: a limit of 0 is none. */
export const buffering: Kind = (spec, origin) => {
  const bytes = numberOf(spec.maxRequestBodyBytes) ?? 0;
  return (flow, _, next) => {
    if (bytes <= 0) return next(flow);
    const smaller = flow.maxBytes && flow.maxBytes.bytes <= bytes;
    return next(
      smaller
        ? flow
        : { ...flow, maxBytes: { bytes, origin: { ...origin, path: [...origin.path, 'maxRequestBodyBytes'] } } },
    );
  };
};

const FUNCTIONS = /^(LatencyAtQuantileMS|NetworkErrorRatio|ResponseCodeRatio)$/;

export const circuitBreaker: Kind = (spec, origin, middleware) => {
  const expression = stringOf(spec.expression) ?? '';
  const unknown = [...expression.matchAll(/([A-Za-z_]\w*)\s*\(/g)].find(([, name]) => !FUNCTIONS.test(name!));
  if (unknown) throw new Disabled(`the circuit breaker has no function ${unknown[1]}`);
  if (expression === '') throw new Disabled('the circuit breaker has no expression');
  const condition: Condition = {
    kind: 'backend-error',
    summary: `circuit breaker of ${named(middleware)}: ${numberOf(spec.responseCode) ?? 503} while ${expression}`,
    status: numberOf(spec.responseCode) ?? 503,
    origin,
  };
  return (flow, _, next) => next({ ...flow, conditions: [...flow.conditions, condition] });
};

/** pkg/middlewares/retry. */
export const retry: Kind = (spec) => {
  const attempts = numberOf(spec.attempts) ?? 0;
  if (attempts <= 0) throw new Disabled('retry has to make one attempt at least');
  return (flow, _, next) => next({ ...flow, attempts });
};
