import type { Json } from '../../../model/index.js';
import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { gatewayHost, isLabel } from '../names.js';
import { generated, http, REFUSED } from './shared.js';

function hostProblems(value: Json, annotations: Readonly<Record<string, string>>): string[] {
  if (typeof value !== 'string') return [];
  const slash = value.indexOf('/');
  if (slash < 0) return [...gatewayHost(value)];
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  const problems = namespace === '' || host === '' ? [`"${value}" lacks a namespace or a host`] : [];
  if (namespace !== '*' && namespace !== '.' && !(namespace === '~' && generated(annotations)) && !isLabel(namespace))
    problems.push(`"${namespace}" in "${value}" is not a namespace ("*", "." or a name)`);
  return [...problems, ...gatewayHost(host)];
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0303',
      name: 'gateway-host',
      title: 'A host of a Gateway is not [namespace/]domain',
      docs: () => ({
        happens: REFUSED,
        instead:
          'A full host name, "*.example.com", "*" or an IP address; before a slash "*", "." or the namespace of the VirtualServices.',
        bad: server(http.replace('shop.example.com', 'shop')),
        good: server(http.replace('shop.example.com', 'team-a/shop.example.com')),
      }),
    },
    at(GATEWAY, 'spec.servers[].hosts[]', (value, { resource }) => hostProblems(value, resource.annotations)),
  ),
];
