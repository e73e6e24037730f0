import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { headerValue } from '../values.js';
import { REACH, REFUSED, reachingAll, TO_SHOP, under } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0443',
      name: 'header-value',
      title: 'A header value is malformed',
      docs: () => ({
        happens: `${REFUSED} "%" begins one of Envoy's operators; ${REACH}.`,
        instead: '"%%" for a percent sign, `%REQ(x-user)%` for an operator, no control characters.',
        bad: httpRule(`headers: {request: {set: {x-rate: "50%"}}}\n${TO_SHOP}`),
        good: httpRule(`headers: {request: {set: {x-rate: "50%%"}}}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      ['request.set{}', 'request.add{}', 'response.set{}', 'response.add{}'].flatMap(under),
      reachingAll(headerValue),
    ),
  ),
];
