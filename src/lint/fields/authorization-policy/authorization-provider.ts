import type { Json } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { given, list, object, text } from '../values.js';
import { action, REFUSED } from './shared.js';

function provider(value: Json): Problem {
  const spec = object(value);
  if (action(spec) !== 'CUSTOM')
    return given(spec.provider)
      ? { message: `\`provider\` belongs to the action CUSTOM, not ${action(spec)}`, path: ['provider'] }
      : undefined;
  return list(spec.rules).length && text(object(spec.provider).name) === ''
    ? {
        message: 'a CUSTOM policy needs the name of its provider (extensionProviders of the mesh configuration)',
        path: given(spec.provider) ? ['provider'] : [],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1412',
      name: 'authorization-provider',
      title: 'Missing provider of a CUSTOM policy, or a provider with another action',
      docs: () => ({
        happens: REFUSED,
        instead: '`provider.name` beside `action: CUSTOM`, and nowhere else.',
        bad: authorizationPolicy('action: CUSTOM\nrules: [{}]'),
        good: authorizationPolicy('action: CUSTOM\nprovider: {name: login}\nrules: [{}]'),
      }),
    },
    at(AUTHORIZATION_POLICY, 'spec', provider),
  ),
];
