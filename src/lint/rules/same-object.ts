// The same object more than once in the files: what `kubectl apply` of the folder leaves in the cluster is the last one.

import { formatResource, originOf } from '../../model/index.js';
import { isRelated } from '../../sources/index.js';
import { documents, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';

const to = (service: string, name?: string): string =>
  virtualService(`hosts: [shop.example.com]\nhttp:\n- route: [{destination: {host: ${service}}}]`, name);

export const rules: readonly Rule[] = [
  {
    code: 'MGW0149',
    name: 'same-object-twice',
    severity: 'warning',
    category: 'conflict',
    title: 'An object stands in the files more than once, and a later one replaces it',
    docs: {
      happens:
        '`kubectl apply` takes the files one after the other, so that the last object of a kind, namespace and name stays; Kustomize and Helm refuse them. meshgw does as kubectl does, everywhere.',
      instead: 'One object of a name; of several environments, name the files of one (`meshgw lint overlays/prod`).',
      bad: documents(to('old', 'shop'), to('new', 'shop')),
      good: documents(to('old', 'shop'), to('new', 'other')),
    },
    check: ({ catalog }, report) => {
      for (const { resource, by } of catalog.replaced) {
        if (!isRelated(resource.group, resource.kind)) continue;
        const same = JSON.stringify(resource.object) === JSON.stringify(by.object);
        report({
          message: `${formatResource(resource)} comes again later${same ? ', with the same content: remove one' : ', and the later one replaces this: nothing of it counts'}`,
          at: originOf(resource, 'metadata', 'name'),
          related: [{ message: 'the one that counts', place: originOf(by, 'metadata', 'name') }],
        });
      }
    },
  },
];
