// The same object more than once in the files: what `kubectl apply` of the folder leaves in the cluster is the last one.

import { formatResource, originOf } from '../../model/index.js';
import type { Replaced } from '../../resources/catalog.js';
import { isRelated } from '../../sources/index.js';
import { environmentPair } from '../environments.js';
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
    title: 'The same object is defined more than once; the last one counts',
    docs: {
      happens:
        '`kubectl apply` takes the files one after the other, so that the last object of a kind, namespace and name stays; Kustomize and Helm refuse them. meshgw does as kubectl does, everywhere.',
      instead:
        'One object per name; if the folders are environments, lint each by itself: `meshgw lint --per-folder .`, or the files of one (`meshgw lint overlays/prod`). Two folders are reported once.',
      bad: documents(to('old', 'shop'), to('new', 'shop')),
      good: documents(to('old', 'shop'), to('new', 'other')),
    },
    check: ({ catalog }, report) => {
      const told = new Map<string, Replaced[]>();
      for (const replaced of catalog.replaced) {
        const { resource, by } = replaced;
        if (!isRelated(resource.group, resource.kind)) continue;
        const environments = environmentPair(replaced);
        if (!environments) {
          const same = JSON.stringify(resource.object) === JSON.stringify(by.object);
          report({
            message: `${formatResource(resource)} is defined again later${same ? ', with the same content: remove one' : ', and the later one replaces it: this one has no effect'}`,
            at: originOf(resource, 'metadata', 'name'),
            related: [{ message: 'the one that is used', place: originOf(by, 'metadata', 'name') }],
          });
        } else append(told, environments.join('\n'), replaced);
      }
      for (const [key, [first, ...more]] of told) {
        const [folder, other] = key.split('\n') as [string, string];
        const objects = more.length === 0 ? formatResource(first!.resource) : `${more.length + 1} objects`;
        report({
          message: `${objects} of ${folder} ${more.length === 0 ? 'is' : 'are'} defined again in ${other}, and only the later ones count: these look like environments; lint each by itself, with --per-folder or by name (meshgw lint ${folder})`,
          at: originOf(first!.resource, 'metadata', 'name'),
          related: [{ message: 'the one that is used', place: originOf(first!.by, 'metadata', 'name') }],
        });
      }
    },
  },
];

function append(told: Map<string, Replaced[]>, key: string, replaced: Replaced): void {
  const list = told.get(key);
  if (list) list.push(replaced);
  else told.set(key, [replaced]);
}
