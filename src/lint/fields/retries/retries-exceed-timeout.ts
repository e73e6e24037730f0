import type { Json } from '../../../model/index.js';
import { durationMsOf, durationText, numberOf } from '../../../resources/fields.js';
import type { Problem, Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE } from '../field-rule.js';
import { object } from '../values.js';
import { retried } from './shared.js';

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

export const rules: readonly Rule[] = [
  {
    code: 'MGW0457',
    name: 'retries-exceed-timeout',
    severity: 'warning',
    category: 'field',
    title: 'The timeout is too short for the retries',
    docs: () => ({
      happens: '`timeout` is for the request with all of its tries: when it is over, the client gets 504.',
      instead: 'A timeout of at least (attempts + 1) × perTryTimeout, or a shorter perTryTimeout.',
      bad: retried('attempts: 3, perTryTimeout: 5s, retryOn: 5xx', 'timeout: 3s\n'),
      good: retried('attempts: 2, perTryTimeout: 1s, retryOn: 5xx', 'timeout: 3s\n'),
    }),
    fields: at(VIRTUAL_SERVICE, 'spec.http[]', tries),
  },
];
