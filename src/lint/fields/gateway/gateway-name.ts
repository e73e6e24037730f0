import { gateway } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { isLabel } from '../names.js';
import { text } from '../values.js';
import { generated, http, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0301',
      name: 'gateway-name',
      title: 'The name of a Gateway is not a DNS label',
      docs: () => ({
        happens: REFUSED,
        instead: 'A name of letters, digits and inner dashes, without dots, of at most 63 characters.',
        bad: gateway(`servers:\n- ${http.replaceAll('\n', '\n  ')}`, 'shop.v2'),
        good: gateway(`servers:\n- ${http.replaceAll('\n', '\n  ')}`, 'shop-v2'),
      }),
    },
    at(GATEWAY, 'metadata.name', (name, { resource }) =>
      isLabel(text(name)) || generated(resource.annotations)
        ? undefined
        : `the Gateway's name "${text(name)}" is not a DNS label`,
    ),
  ),
];
