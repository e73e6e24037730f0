import type { Json } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, SIDECAR, warned } from '../field-rule.js';
import { list, text } from '../values.js';

/** What an earlier host of the listener has already, as Istio compares them: per namespace. */
function repeatedHosts(value: Json, namespace: string): Problem[] {
  const seen = new Map<string, Set<string>>();
  const hosts = list(value).map(text);
  const problems = hosts.map((entry, index): Problem => {
    const slash = entry.indexOf('/');
    if (slash < 0 || entry.startsWith('~')) return undefined;
    const home = entry.slice(0, slash) === '.' ? namespace : entry.slice(0, slash);
    const host = entry.slice(slash + 1);
    const known = seen.get(home) ?? new Set<string>();
    seen.set(home, known);
    const again = host === '*' ? known.size > 0 : known.has(host) || known.has('*');
    known.add(host);
    return again ? { message: `"${entry}" is among the hosts of this listener already`, path: [index] } : undefined;
  });
  if (seen.get('*')?.has('*') && seen.size > 1) problems.push('"*/*" takes everything: the other hosts have no effect');
  return problems;
}

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1466',
      name: 'sidecar-host-twice',
      title: 'An egress host of a Sidecar is covered already',
      docs: () => ({
        happens: 'The host has no effect beside the other.',
        instead: 'Each host once; "*/*" and "namespace/*" alone.',
        bad: sidecar('egress: [{hosts: ["shop/*", shop/api.example.com]}]'),
        good: sidecar('egress: [{hosts: ["shop/*"]}]'),
      }),
    },
    at(SIDECAR, 'spec.egress[].hosts', (value, { resource }) => repeatedHosts(value, resource.namespace)),
  ),
];
