import type { Json } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { action, REFUSED } from './shared.js';

function rulesMissing(value: Json): Problem {
  const spec = object(value);
  if (list(spec.rules).length || !['DENY', 'CUSTOM'].includes(action(spec))) return undefined;
  return {
    message: `a ${action(spec)} policy without rules never applies; for every request write \`rules: [{}]\``,
    path: given(spec.rules) ? ['rules'] : given(spec.action) ? ['action'] : [],
  };
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1411',
      name: 'authorization-without-rules',
      title: 'A DENY or CUSTOM policy has no rules',
      docs: () => ({
        happens: REFUSED,
        instead: 'The rules; `rules: [{}]` is every request.',
        bad: authorizationPolicy('action: DENY'),
        good: authorizationPolicy('action: DENY\nrules: [{}]'),
      }),
    },
    at(AUTHORIZATION_POLICY, 'spec', rulesMissing),
  ),
];
