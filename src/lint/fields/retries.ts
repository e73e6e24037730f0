// Timeouts and retries that do not go together: the timeout of a route is for all tries (RouteAction.timeout and RetryPolicy.per_try_timeout,
// api/envoy/config/route/v3/route_components.proto), which failures a policy retries (RetryStateImpl::wouldRetryFromReset in
// source/common/router/retry_state_impl.cc of Envoy 1.40), and Istio's default policy (pilot/pkg/networking/core/route/retry/retry.go).

import type { Json } from '../../model/index.js';
import { durationMsOf, durationText, numberOf } from '../../resources/fields.js';
import { httpRule } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, VIRTUAL_SERVICE } from './field-rule.js';
import { object, text } from './values.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';
const retried = (retries: string, more = '') => httpRule(`${TO_SHOP}\n${more}retries: {${retries}}`);

/** Without `retryOn`. */
const DEFAULT_POLICY = 'connect-failure,refused-stream,unavailable,cancelled';
/** A try that took too long is a reset of the gateway's own. */
const COVERS_TIMEOUTS = new Set(['5xx', 'gateway-error', 'reset']);
/** They look at lists that Istio's API has no field for: a status is written as its number. */
const EMPTY_LISTS = new Set(['retriable-status-codes', 'retriable-headers']);

const policies = (retryOn: string): string[] => retryOn.split(',').map((p) => p.trim());

function tries(value: Json): Problem {
  const { timeout, retries } = object(value);
  const { attempts, perTryTimeout } = object(retries);
  const [all, each] = [durationMsOf(timeout), durationMsOf(perTryTimeout)];
  const count = numberOf(attempts) ?? 0;
  if (!all || !each || count <= 0 || all >= each * (count + 1)) return undefined;
  const fit = Math.ceil(all / each);
  return {
    message:
      fit <= 1
        ? `timeout ${durationText(all)} ends the request before the first try has had its perTryTimeout of ${durationText(each)}: a slow try is never retried`
        : `timeout ${durationText(all)} is for all tries together: ${fit} of the ${count + 1} tries of up to ${durationText(each)} fit into it`,
    path: ['timeout'],
    ...(fit <= 1 ? {} : { severity: 'info' }),
  };
}

function uncovered(value: Json): Problem[] {
  const { attempts, perTryTimeout, retryOn } = object(value);
  const written = text(retryOn);
  const on = policies(written || DEFAULT_POLICY);
  const problems: Problem[] = [];
  if (!numberOf(attempts)) {
    if (attempts === undefined && (written || perTryTimeout))
      problems.push('without `attempts` Istio turns retries off: nothing is retried');
    return problems;
  }
  if (durationMsOf(perTryTimeout) && !on.some((policy) => COVERS_TIMEOUTS.has(policy)))
    problems.push({
      message: `a try that takes longer than perTryTimeout is not retried: ${written ? 'retryOn has' : `the default retryOn (${DEFAULT_POLICY}) has`} none of 5xx, gateway-error and reset, and the client gets 504`,
      path: [written ? 'retryOn' : 'perTryTimeout'],
      ...(written ? {} : { severity: 'info' }),
    });
  if (written && on.every((policy) => EMPTY_LISTS.has(policy)))
    problems.push({
      message: `nothing is retried: ${on.join(' and ')} needs a list that a VirtualService cannot give; write the status itself, as in retryOn: "503"`,
      path: ['retryOn'],
    });
  return problems;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0457',
    name: 'retries-exceed-timeout',
    severity: 'warning',
    category: 'field',
    title: 'The timeout is too short for the retries',
    docs: {
      happens: '`timeout` is for the request with all of its tries: when it is over, the client gets 504.',
      instead: 'A timeout of at least (attempts + 1) × perTryTimeout, or a shorter perTryTimeout.',
      bad: retried('attempts: 3, perTryTimeout: 5s, retryOn: 5xx', 'timeout: 3s\n'),
      good: retried('attempts: 2, perTryTimeout: 1s, retryOn: 5xx', 'timeout: 3s\n'),
    },
    fields: at(VIRTUAL_SERVICE, 'spec.http[]', tries),
  },
  {
    code: 'MGW0458',
    name: 'retry-on-uncovered',
    severity: 'warning',
    category: 'field',
    title: 'retryOn does not cover the failures that the other fields are for',
    docs: {
      happens: 'The failure that the other fields are about (a try that takes too long) is not retried.',
      instead: '`retryOn` with reset, gateway-error or 5xx, beside the statuses that it has.',
      bad: retried('attempts: 3, perTryTimeout: 2s, retryOn: "connect-failure,503"'),
      good: retried('attempts: 3, perTryTimeout: 2s, retryOn: "connect-failure,reset,503"'),
    },
    fields: at(VIRTUAL_SERVICE, 'spec.http[].retries', uncovered),
  },
];
