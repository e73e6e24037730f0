// Is there such a kind? An object of a kind that does not exist is refused by the API server, and read by nobody.

import { nearestName } from '../../diagnostics/index.js';
import { originOf } from '../../model/index.js';
import { mistypedKinds } from '../../resources/known-kinds.js';
import { virtualService } from '../examples.js';
import type { Rule } from '../rule.js';

const ROUTE = virtualService('hosts: [shop.example.com]\nhttp:\n- route: [{destination: {host: shop}}]');

export const rules: readonly Rule[] = [
  {
    code: 'MGW1505',
    name: 'unknown-kind',
    severity: 'error',
    category: 'field',
    title: 'Unknown kind in this API group',
    docs: () => ({
      happens: '`kubectl apply` refuses the object: no matches for kind. Until then it has no effect.',
      instead: 'The kind and the group as the documentation spells them; case matters.',
      bad: ROUTE.replace('VirtualService', 'VirtualServce'),
      good: ROUTE,
    }),
    check: ({ catalog }, report) => {
      for (const { resource, message, suggestion, field } of mistypedKinds(catalog, nearestName))
        report({
          message: `${message}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
          at: originOf(resource, field),
        });
    },
  },
];
