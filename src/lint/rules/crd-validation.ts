// What the API server says about objects of the Gateway API and Istio beyond their schema: CEL rules and unique list items.
// Where a field rule of ours has found an error in the object already, the CRD's words for it are not added.

import { httpRoute } from '../examples.js';
import type { Rule } from '../rule.js';

const REJECTED = 'The API server refuses the object.';
const PARENT = 'parentRefs: [{name: shop}]';

export const crdValidation: Rule = {
  code: 'MGW0801',
  name: 'crd-validation',
  severity: 'error',
  category: 'field',
  title: 'A validation rule of the CustomResourceDefinition fails',
  docs: () => ({
    happens: REJECTED,
    instead: 'Follow the message; it is the text of the CRD.',
    bad: httpRoute(
      `${PARENT}\nrules:\n- matches:\n  - path: {type: PathPrefix, value: /a//b}\n  backendRefs: [{name: shop, port: 80}]`,
    ),
    good: httpRoute(
      `${PARENT}\nrules:\n- matches:\n  - path: {type: PathPrefix, value: /a/b}\n  backendRefs: [{name: shop, port: 80}]`,
    ),
  }),
  check: ({ catalog, crd, broken }, report) => {
    if (!crd) return;
    for (const resource of catalog.all)
      if (!broken(resource))
        for (const { kind, message, path } of crd(resource))
          if (kind === 'rule') report({ message, at: { resource, path } });
  },
};

const crdUniqueItems: Rule = {
  code: 'MGW0802',
  name: 'crd-unique-items',
  severity: 'error',
  category: 'field',
  title: 'Two items of a list have the same key',
  docs: () => ({
    happens: REJECTED,
    instead: 'One item per key.',
    bad: httpRoute(
      `${PARENT}\nrules:\n- matches:\n  - headers: [{name: x-a, value: "1"}, {name: x-a, value: "2"}]\n  backendRefs: [{name: shop, port: 80}]`,
    ),
    good: httpRoute(
      `${PARENT}\nrules:\n- matches:\n  - headers: [{name: x-a, value: "1"}, {name: x-b, value: "2"}]\n  backendRefs: [{name: shop, port: 80}]`,
    ),
  }),
  check: ({ catalog, crd, broken }, report) => {
    if (!crd) return;
    for (const resource of catalog.all)
      if (!broken(resource))
        for (const { kind, message, path } of crd(resource))
          if (kind === 'duplicate') report({ message, at: { resource, path } });
  },
};

export const rules: readonly Rule[] = [crdValidation, crdUniqueItems];
