import { own } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { given, object } from '../values.js';
import { TO_SHOP } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0429',
      severity: 'info',
      name: 'abort-without-type',
      title: 'An abort has no status',
      docs: () => ({
        happens: 'Nothing is aborted. (`istioctl` has a warning for this and does not print it.)',
        instead: 'httpStatus or grpcStatus.',
        bad: httpRule(`fault: {abort: {percentage: {value: 10}}}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 10}}}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].fault.abort', (value) => {
      const abort = object(value);
      return ['httpStatus', 'grpcStatus', 'http2Error'].some((f) => given(own(abort, f)))
        ? undefined
        : 'the abort has neither httpStatus nor grpcStatus';
    }),
  ),
];
