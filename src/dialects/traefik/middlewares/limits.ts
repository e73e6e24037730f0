// Middlewares that limit: rateLimit, inFlightReq, buffering, circuitBreaker and retry.

import { type Condition, isObject, type JsonObject, own } from '../../../model/index.js';
import { booleanOf, numberOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { Disabled, Dropped } from '../names.js';
import { BREAKER, predicateProblem, RETRIES } from '../rules/predicate.js';
import { answerRoute } from './flow.js';
import type { Kind, LoadedMiddleware } from './middleware.js';
import { checkCriterion, statusRangeOf, timeMsOf } from './values.js';

/** Of a middleware that has these durations. @throws Dropped: the object is no middleware then. */
export const loadTimes =
  (...names: readonly string[]) =>
  (spec: JsonObject): void => {
    for (const name of names) {
      const written = own(spec, name) ?? undefined;
      if (written !== undefined && timeMsOf(written) === undefined) throw new Dropped(`${name} is no duration`);
    }
  };

const named = ({ resource }: LoadedMiddleware): string => `Middleware ${resource.namespace}/${resource.name}`;

/** pkg/middlewares/ratelimiter: `average` requests in each `period` (default 1 s), `burst` at once; an average of 0 limits nothing. */
export const rateLimit: Kind = (spec, origin, middleware) => {
  const average = numberOf(spec.average) ?? 0;
  checkCriterion(spec.sourceCriterion);
  const period = timeMsOf(spec.period) || 1000;
  if (period < 0) throw new Disabled(`the period of the rate limit is negative`);
  if (average <= 0) return (flow, _, next) => next(flow);
  const burst = Math.max(1, numberOf(spec.burst) ?? 1);
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

/** pkg/middlewares/inflightreq: requests at the same time. */
export const inFlight: Kind = (spec, origin, middleware) => {
  const amount = numberOf(spec.amount) ?? 0;
  checkCriterion(spec.sourceCriterion);
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
  for (const name of SIZES) if ((numberOf(own(spec, name)) ?? 0) < 0) throw new Disabled(`${name} is negative`);
  const retries = stringOf(spec.retryExpression) ?? '';
  const problem = retries === '' ? undefined : predicateProblem(retries, RETRIES);
  if (problem) throw new Disabled(`retryExpression: ${problem}`);
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

const SIZES = ['memRequestBodyBytes', 'maxRequestBodyBytes', 'memResponseBodyBytes', 'maxResponseBodyBytes'];

export const circuitBreaker: Kind = (spec, origin, middleware) => {
  const expression = stringOf(spec.expression) ?? '';
  const problem = predicateProblem(expression, BREAKER);
  if (problem) throw new Disabled(`the expression of the circuit breaker means nothing: ${problem}`);
  const status = numberOf(spec.responseCode) || 503;
  const condition: Condition = {
    kind: 'backend-error',
    summary: `circuit breaker of ${named(middleware)}: ${status} while ${expression}`,
    status,
    origin,
  };
  return (flow, _, next) => next({ ...flow, conditions: [...flow.conditions, condition] });
};

/** pkg/middlewares/retry. */
export const retry: Kind = (spec) => {
  const attempts = numberOf(spec.attempts) ?? 0;
  const statuses = stringsOf(spec.status);
  if (statuses.length === 0 && booleanOf(spec.disableRetryOnNetworkError))
    throw new Disabled('retry has no status, and disableRetryOnNetworkError leaves nothing else to try again');
  for (const status of statuses) statusRangeOf(status);
  if (attempts <= 0) throw new Disabled('retry has to make one attempt at least');
  return (flow, _, next) => next({ ...flow, attempts });
};
