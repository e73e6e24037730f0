import type { Json } from '../../../model/index.js';
import { durationMsOf, numberOf } from '../../../resources/fields.js';
import type { Problem, Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE } from '../field-rule.js';
import { object, text } from '../values.js';
import { retried } from './shared.js';

/** Without `retryOn`. */
const DEFAULT_POLICY = 'connect-failure,refused-stream,unavailable,cancelled';

/** A try that took too long is a reset of the gateway's own. */
const COVERS_TIMEOUTS = new Set(['5xx', 'gateway-error', 'reset']);

/** They look at lists that Istio's API has no field for: a status is written as its number. */
const EMPTY_LISTS = new Set(['retriable-status-codes', 'retriable-headers']);

const policies = (retryOn: string): string[] => retryOn.split(',').map((p) => p.trim());

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
    code: 'MGW0458',
    name: 'retry-on-uncovered',
    severity: 'warning',
    category: 'field',
    title: 'retryOn does not cover the failures that the other fields are for',
    docs: () => ({
      happens: 'The failure that the other fields are about (a try that takes too long) is not retried.',
      instead: '`retryOn` with reset, gateway-error or 5xx, beside the statuses that it has.',
      bad: retried('attempts: 3, perTryTimeout: 2s, retryOn: "connect-failure,503"'),
      good: retried('attempts: 3, perTryTimeout: 2s, retryOn: "connect-failure,reset,503"'),
    }),
    fields: at(VIRTUAL_SERVICE, 'spec.http[].retries', uncovered),
  },
];
