import type { Json } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { isLabel } from '../names.js';
import { given, list, number, object, text } from '../values.js';
import { entry, REFUSED } from './shared.js';

function duplicatePorts(value: Json): Problem[] {
  const names = new Set<string>();
  const numbers = new Set<number>();
  return list(value).flatMap((item, index) => {
    if (!given(item)) return [];
    const problems: Problem[] = [];
    const name = text(object(item).name);
    const n = number(object(item).number);
    if (names.has(name)) problems.push({ message: `the port name "${name}" is used twice`, path: [index] });
    if (numbers.has(n)) problems.push({ message: `the port ${n} is defined twice`, path: [index] });
    names.add(name);
    numbers.add(n);
    return problems;
  });
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0605',
      name: 'service-entry-ports',
      title: 'Invalid or duplicate port names in a ServiceEntry',
      docs: () => ({
        happens: REFUSED,
        instead: 'A name (DNS label) and a number of its own for each port.',
        bad: entry('ports: [{number: 80, name: web, protocol: HTTP}, {number: 81, name: web, protocol: HTTP}]'),
        good: entry('ports: [{number: 80, name: web, protocol: HTTP}, {number: 81, name: web-b, protocol: HTTP}]'),
      }),
    },
    at(SERVICE_ENTRY, 'spec.ports', duplicatePorts),
    at(SERVICE_ENTRY, 'spec.ports[]', (value) =>
      isLabel(text(object(value).name)) ? undefined : `the port name "${text(object(value).name)}" is not a DNS label`,
    ),
  ),
];
