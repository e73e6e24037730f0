import type { Json } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Place, Problem, Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, warned } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { action, filled, RULE, withNot } from './shared.js';

/** What a TCP connection has too. */
const TCP_SOURCE = withNot(['principals', 'ipBlocks', 'namespaces', 'remoteIpBlocks', 'serviceAccounts']);

function tcpDenied(value: Json, { spec }: Place): Problem {
  if (action(spec) !== 'DENY') return undefined;
  const sources = list(object(value).from).flatMap((f) => (given(object(f).source) ? [object(object(f).source)] : []));
  const operations = list(object(value).to).flatMap((t) =>
    given(object(t).operation) ? [object(object(t).operation)] : [],
  );
  const tcp = operations.length
    ? operations.some((o) => filled(o, ['ports', 'notPorts']).length)
    : sources.length === 0 || sources.some((s) => filled(s, TCP_SOURCE).length);
  return tcp
    ? undefined
    : 'the rule uses HTTP attributes only, which a TCP connection does not have: it denies all traffic to TCP ports; add `to.operation.ports`';
}

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1416',
      name: 'authorization-denies-tcp',
      title: 'A DENY rule of HTTP attributes alone denies every TCP connection',
      docs: () => ({
        happens: 'Paths, methods, hosts and tokens do not exist on TCP ports: there the rule matches every connection.',
        instead: '`ports` in each rule that denies by HTTP attributes.',
        bad: authorizationPolicy('action: DENY\nrules:\n- to: [{operation: {paths: [/admin*]}}]'),
        good: authorizationPolicy('action: DENY\nrules:\n- to: [{operation: {paths: [/admin*], ports: ["8080"]}}]'),
      }),
    },
    at(AUTHORIZATION_POLICY, RULE, tcpDenied),
  ),
];
