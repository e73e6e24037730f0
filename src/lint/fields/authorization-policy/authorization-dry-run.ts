import type { Json } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Place, Problem, Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { text } from '../values.js';
import { action, REFUSED } from './shared.js';

const TRUTHS = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

function dryRun(value: Json, { spec }: Place): Problem {
  if (!['ALLOW', 'DENY'].includes(action(spec)))
    return `istio.io/dry-run works for the actions ALLOW and DENY, not ${action(spec)}`;
  return TRUTHS.test(text(value)) ? undefined : `istio.io/dry-run is "true" or "false", not "${text(value)}"`;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1413',
      name: 'authorization-dry-run',
      title: 'Invalid annotation istio.io/dry-run',
      docs: () => ({
        happens: REFUSED,
        instead: '"true" or "false", on a policy that allows or denies.',
        bad: authorizationPolicy('action: DENY\nrules: [{}]').replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "yes"}',
        ),
        good: authorizationPolicy('action: DENY\nrules: [{}]').replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "true"}',
        ),
      }),
    },
    at(AUTHORIZATION_POLICY, 'metadata.annotations."istio.io/dry-run"', dryRun),
  ),
];
