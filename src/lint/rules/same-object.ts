// The same object more than once in the files: what `kubectl apply` of the folder leaves in the cluster is the last one.

import { counted, formatResource, originOf, type Resource } from '../../model/index.js';
import type { Replaced } from '../../resources/catalog.js';
import { isRelated } from '../../sources/index.js';
import { environmentPair } from '../environments.js';
import { documents, virtualService } from '../examples.js';
import type { Finding, Rule } from '../rule.js';

const to = (service: string, name?: string): string =>
  virtualService(`hosts: [shop.example.com]\nhttp:\n- route: [{destination: {host: ${service}}}]`, name);

export const rules: readonly Rule[] = [
  {
    code: 'MGW0149',
    name: 'same-object-twice',
    severity: 'warning',
    category: 'conflict',
    title: 'The same object is defined more than once; the last one counts',
    docs: () => ({
      happens:
        '`kubectl apply` takes the files one after the other, so that the last object of a kind, namespace and name stays; Kustomize and Helm refuse them. meshgw does as kubectl does, everywhere.',
      instead:
        'One object per name; if the folders are environments, lint each by itself: `meshgw lint --per-folder .`, or the files of one (`meshgw lint overlays/prod`). Two folders are reported once.',
      bad: documents(to('old', 'shop'), to('new', 'shop')),
      good: documents(to('old', 'shop'), to('new', 'other')),
    }),
    check: ({ catalog }, report) => {
      const told = new Map<string, Replaced[]>();
      const alternatives = new Map<string, Replaced[]>();
      for (const replaced of catalog.replaced) {
        const { resource, by } = replaced;
        if (!isRelated(resource.group, resource.kind)) continue;
        const environments = environmentPair(replaced);
        if (environments) append(told, environments.join('\n'), replaced);
        // In one file nobody keeps alternatives.
        else if (resource.document.file === by.document.file) report(single(replaced));
        else append(alternatives, folderOf(resource), replaced);
      }
      for (const [folder, list] of alternatives) {
        if (list.length <= FEW) for (const replaced of list) report(single(replaced));
        else report(severalOf(folder, list));
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

/** Objects of a folder that are named one by one. */
const FEW = 3;

const folderOf = ({ document }: Resource): string => document.file.replace(/[^/]*$/, '').replace(/\/$/, '') || '.';

function single({ resource, by }: Replaced): Finding {
  const same = JSON.stringify(resource.object) === JSON.stringify(by.object);
  return {
    message: `${formatResource(resource)} is defined again later${same ? ', with the same content: remove one' : ', and the later one replaces it: this one has no effect'}`,
    at: originOf(resource, 'metadata', 'name'),
    related: [{ message: 'the one that is used', place: originOf(by, 'metadata', 'name') }],
  };
}

/** Many objects of one folder, each in several files: the files are alternatives. */
function severalOf(folder: string, list: readonly Replaced[]): Finding {
  const times = new Map<string, number>();
  for (const { resource } of list) times.set(formatResource(resource), (times.get(formatResource(resource)) ?? 1) + 1);
  const [most] = [...times].sort(([, a], [, b]) => b - a);
  const example = most ? ` (${most[0]} in ${most[1]} files)` : '';
  const [first] = list;
  return {
    message: `${counted(times.size, 'object')} of ${folder} ${times.size === 1 ? 'is' : 'are'} defined in several files${example}, and only the last one of each counts: these files look like alternatives; name those that are applied together (meshgw lint FILE …)`,
    at: originOf(first!.resource, 'metadata', 'name'),
    related: [{ message: 'the one that is used', place: originOf(first!.by, 'metadata', 'name') }],
  };
}

function append(told: Map<string, Replaced[]>, key: string, replaced: Replaced): void {
  const list = told.get(key);
  if (list) list.push(replaced);
  else told.set(key, [replaced]);
}
