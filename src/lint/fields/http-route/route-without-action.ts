import type { Json, JsonObject } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { HTTP, REFUSED, TO_SHOP } from './shared.js';

const needsAction = (value: Json, spec: JsonObject): Problem => {
  const rule = object(value);
  const root = list(spec.hosts).length > 0 && given(rule.delegate);
  return root || given(rule.redirect) || given(rule.directResponse) || list(rule.route).length
    ? undefined
    : 'the rule has no route, redirect or directResponse';
};

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0421',
      name: 'route-without-action',
      title: 'A rule without an action',
      docs: () => ({
        happens: REFUSED,
        instead: 'A route, redirect, directResponse or delegate.',
        bad: httpRule('match:\n- uri: {prefix: /a}'),
        good: httpRule(`match:\n- uri: {prefix: /a}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, HTTP, (value, { spec }) => needsAction(value, spec)),
  ),
];
