import type { Json } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { fqdn, isLabel } from '../names.js';
import { list, text } from '../values.js';
import { BASE, REFUSED } from './shared.js';

const generated = (annotations: Readonly<Record<string, string>>): boolean =>
  annotations['internal.istio.io/route-semantics'] === 'gateway';

/** Istio stops at the first name without a slash: what follows is not looked at. */
function gatewayNames(value: Json, lenient: boolean): Problem[] {
  const problems: Problem[] = [];
  for (const [index, entry] of list(value).entries()) {
    const name = text(entry);
    const slash = name.indexOf('/');
    if (slash < 0) {
      const problem = fqdn(name);
      if (problem) problems.push({ message: `invalid gateway name "${name}": ${problem}`, path: [index] });
      return problems;
    }
    const [namespace, local] = [name.slice(0, slash), name.slice(slash + 1)];
    if (!isLabel(namespace))
      problems.push({ message: `"${namespace}" in the gateway name "${name}" is not a namespace`, path: [index] });
    if (!isLabel(local) && !lenient)
      problems.push({
        message: `"${local}" in the gateway name "${name}" is not the name of a Gateway`,
        path: [index],
      });
  }
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0402',
      name: 'gateway-reference-form',
      title: 'Invalid gateway name',
      docs: () => ({
        happens: REFUSED,
        instead: '`<namespace>/<name>`, `<name>` or `mesh`.',
        bad: virtualService(`gateways: [a/b/c]\n${BASE}`),
        good: virtualService(`gateways: [team-a/shop]\n${BASE}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.gateways', (value, { resource }) => gatewayNames(value, generated(resource.annotations))),
    at(
      VIRTUAL_SERVICE,
      ['spec.http[].match[].gateways', 'spec.tls[].match[].gateways', 'spec.tcp[].match[].gateways'],
      (value) => gatewayNames(value, false),
    ),
  ),
];
