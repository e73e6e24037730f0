import type { Json } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { fqdn } from '../names.js';
import { list, object, text } from '../values.js';
import { entry, isDns, PORTS, REFUSED, resolution } from './shared.js';

function resolutionProblems(value: Json): Problem[] {
  const spec = object(value);
  const endpoints = list(spec.endpoints).length;
  const mode = resolution(spec);
  const problems: Problem[] = [];
  if (mode === 'NONE' && endpoints)
    problems.push({
      message: 'resolution NONE forwards to the address that the client asked for: remove the endpoints',
      path: ['endpoints'],
    });
  if (mode === 'DNS_ROUND_ROBIN' && endpoints > 1)
    problems.push({ message: 'resolution DNS_ROUND_ROBIN allows one endpoint at most', path: ['endpoints'] });
  if (isDns(spec) && !endpoints) {
    const index = list(spec.hosts).findIndex((host) => fqdn(text(host)));
    if (index >= 0)
      problems.push({
        message: `resolution ${mode} without endpoints resolves the hosts by DNS, which is not possible for "${text(list(spec.hosts)[index])}"`,
        path: ['hosts', index],
      });
  }
  if (mode !== 'NONE' && mode !== 'STATIC' && list(spec.addresses).some((a) => text(a).includes('/')))
    problems.push({ message: `CIDR addresses need resolution NONE or STATIC, not ${mode}`, path: ['addresses'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0607',
      name: 'service-entry-resolution',
      title: 'The resolution cannot be combined with these endpoints, hosts or addresses',
      docs: () => ({
        happens: REFUSED,
        instead: 'STATIC with addresses as endpoints, DNS with names, NONE without endpoints.',
        bad: entry(`${PORTS}\nendpoints: [{address: 10.0.0.1}]`),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1}]`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', resolutionProblems),
  ),
];
