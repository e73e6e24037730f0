import { type Json, own } from '../../../model/index.js';
import { destinationRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { POLICIES, PORTS, REFUSED, shop } from './shared.js';

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];

function emptyPolicy(value: Json): Problem {
  const policy = object(value);
  const lists = list(policy.portLevelSettings).length > 0;
  return lists || [...PORT_FIELDS, 'tunnel', 'proxyProtocol', 'retryBudget'].some((f) => given(own(policy, f)))
    ? undefined
    : 'the traffic policy is empty';
}

function portPolicy(value: Json): Problem[] {
  const settings = object(value);
  const problems: Problem[] = [];
  if (!given(settings.port)) problems.push('the port settings have no port');
  if (!PORT_FIELDS.some((f) => given(own(settings, f)))) problems.push('the port settings are empty');
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0502',
      name: 'traffic-policy-empty',
      title: 'Empty traffic policy',
      docs: () => ({
        happens: REFUSED,
        instead: 'At least one setting, or no policy.',
        bad: destinationRule('host: shop\ntrafficPolicy: {}'),
        good: shop('tls: {mode: ISTIO_MUTUAL}'),
      }),
    },
    at(DESTINATION_RULE, POLICIES, emptyPolicy),
    at(DESTINATION_RULE, PORTS, portPolicy),
  ),
];
