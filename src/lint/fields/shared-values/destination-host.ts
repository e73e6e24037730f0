import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { wildcardDomain } from '../names.js';
import { given, object, text } from '../values.js';
import { DESTINATIONS, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0203',
      name: 'destination-host',
      title: 'The host of a destination or rule is not a domain',
      docs: () => ({
        happens: REFUSED,
        instead: 'A service name, a full host name, or (in a DestinationRule) a wildcard.',
        bad: httpRule('route:\n- destination: {host: shop_v1}'),
        good: httpRule('route:\n- destination: {host: shop-v1}'),
      }),
    },
    at(VIRTUAL_SERVICE, DESTINATIONS, (value) => {
      const host = text(object(value).host);
      const problem = host === '*' ? '"*" is not allowed as a destination' : wildcardDomain(host);
      return problem ? { message: problem, path: given(object(value).host) ? ['host'] : [] } : undefined;
    }),
    at(DESTINATION_RULE, 'spec', (value) => {
      const problem = wildcardDomain(text(object(value).host));
      return problem ? { message: problem, path: given(object(value).host) ? ['host'] : [] } : undefined;
    }),
  ),
];
