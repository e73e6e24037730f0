import { append, type Json } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SIDECAR } from '../field-rule.js';
import { gatewayHost, isAddress, isLabel } from '../names.js';
import { list } from '../values.js';
import { REFUSED } from './shared.js';

function egressHost(value: Json): Problem[] {
  if (typeof value !== 'string') return [];
  const slash = value.indexOf('/');
  if (slash < 0) return [`"${value}" lacks a namespace: write NAMESPACE/HOST, "./HOST" or "*/HOST"`];
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  const bare = namespace.replace(/^~/, '');
  const problems: Problem[] = [];
  if (namespace === '' || host === '') problems.push(`"${value}" lacks a namespace or a host`);
  if (bare !== '' && bare !== '*' && bare !== '.' && !isLabel(bare))
    problems.push(`"${namespace}" in "${value}" is not a namespace ("*", ".", a name, or one of these after "~")`);
  append(problems, gatewayHost(host));
  if (isAddress(host)) problems.push(`"${host}" is an address, not a host name`);
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1464',
      name: 'sidecar-host',
      title: 'An egress host of a Sidecar is not namespace/domain',
      docs: () => ({
        happens: REFUSED,
        instead: 'A namespace, "." or "*", a slash, and a full host name, "*.example.com" or "*".',
        bad: sidecar('egress: [{hosts: [shop.example.com]}]'),
        good: sidecar('egress: [{hosts: ["*/shop.example.com"]}]'),
      }),
    },
    at(SIDECAR, 'spec.egress[].hosts[]', egressHost),
    at(SIDECAR, 'spec.egress[].hosts', (value) =>
      list(value).length === 0 ? 'the egress listener has no hosts; write "*/*" for all' : undefined,
    ),
  ),
];
