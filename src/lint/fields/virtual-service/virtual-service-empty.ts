import { own } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { list } from '../values.js';
import { BASE, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0407',
      name: 'virtual-service-empty',
      title: 'A VirtualService has no routes',
      docs: () => ({
        happens: REFUSED,
        instead: 'At least one of http, tls and tcp.',
        bad: virtualService('hosts: [shop.example.com]'),
        good: virtualService(BASE),
      }),
    },
    at(VIRTUAL_SERVICE, '', (_, { spec }) =>
      ['http', 'tls', 'tcp'].some((field) => list(own(spec, field)).length)
        ? undefined
        : { message: 'the VirtualService has no http, tls or tcp routes', path: ['spec'] },
    ),
  ),
];
