import { own } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { list, object } from '../values.js';
import { REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0401',
      name: 'delegate-fields',
      title: 'A delegate VirtualService has gateways, tls or tcp',
      docs: () => ({
        happens: `${REFUSED} A VirtualService without hosts is a delegate: it gives HTTP routes to another one.`,
        instead: 'Hosts; or, in a delegate, only http.',
        bad: virtualService('gateways: [shop]\nhttp:\n- route:\n  - destination: {host: shop}'),
        good: virtualService('http:\n- route:\n  - destination: {host: shop}'),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec', (value) => {
      const spec = object(value);
      if (list(spec.hosts).length) return undefined;
      return ['gateways', 'tls', 'tcp']
        .filter((field) => list(own(spec, field)).length)
        .map((field) => ({
          message: `a VirtualService without hosts is a delegate and cannot have ${field}`,
          path: [field],
        }));
    }),
  ),
];
