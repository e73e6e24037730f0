import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { httpStatus, object } from '../values.js';
import { REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0206',
      name: 'http-status',
      title: 'Status outside 200..599',
      docs: () => ({
        happens: REFUSED,
        instead: 'A final HTTP status.',
        bad: httpRule('directResponse: {status: 100}'),
        good: httpRule('directResponse: {status: 204}'),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse', (value) => httpStatus(object(value).status ?? 0)),
    at(VIRTUAL_SERVICE, 'spec.http[].fault.abort.httpStatus', httpStatus),
  ),
];
