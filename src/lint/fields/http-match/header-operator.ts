import { operatorProblem } from '../../../implementations/istio/envoy-operators.js';
import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, rejected, VIRTUAL_SERVICE } from '../field-rule.js';
import { headerValue } from '../values.js';
import { TO_SHOP, under } from './shared.js';

const REACH =
  'Envoy refuses the routes of the whole port: every route keeps its last good state, and a restarted gateway serves none';

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0459',
      category: 'reachability',
      name: 'header-operator',
      title: 'Envoy does not have the operator of a header value',
      docs: () => ({
        happens: `Istio takes the VirtualService. ${REACH}.`,
        instead: 'An operator of Envoy, such as `%REQ(x-user)%`; "%%" for a percent sign.',
        bad: httpRule(`headers: {request: {set: {x-user: "%USER%"}}}\n${TO_SHOP}`),
        good: httpRule(`headers: {request: {set: {x-user: "%REQ(x-user)%"}}}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      ['request.set{}', 'request.add{}', 'response.set{}', 'response.add{}'].flatMap(under),
      (value) => {
        // What Istio refuses is another finding.
        if (typeof value !== 'string' || headerValue(value) !== undefined) return undefined;
        const problem = operatorProblem(value);
        return problem === undefined ? undefined : `${problem}: ${REACH}`;
      },
    ),
  ),
];
