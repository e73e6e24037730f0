import { type Json, type JsonObject, own } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { HTTP, REFUSED, TO_SHOP } from './shared.js';

function conflicts(value: Json, spec: JsonObject): Problem[] {
  const rule = object(value);
  const isDelegate = list(spec.hosts).length === 0;
  const problems: Problem[] = [];
  if (!isDelegate && given(rule.delegate)) {
    for (const field of ['redirect', 'route'])
      if (given(own(rule, field)))
        problems.push({ message: `a rule with a delegate cannot have ${field}`, path: [field] });
    return problems;
  }
  if (isDelegate && given(rule.delegate))
    problems.push({ message: 'a rule of a delegate cannot have a delegate of its own', path: ['delegate'] });
  const has = (field: string) => (field === 'route' ? list(rule.route).length > 0 : given(own(rule, field)));
  for (const action of ['redirect', 'directResponse']) {
    if (!has(action)) continue;
    for (const other of ['route', 'fault', 'rewrite', 'directResponse'])
      if (other !== action && has(other))
        problems.push({ message: `a rule cannot have both ${action} and ${other}`, path: [other] });
    break;
  }
  if (given(rule.mirror) && list(rule.mirrors).length)
    problems.push({ message: 'a rule cannot have both mirror and mirrors', path: ['mirrors'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0420',
      name: 'route-conflict',
      title: 'Conflicting actions in one rule',
      docs: () => ({
        happens: REFUSED,
        instead:
          'One of route, redirect, directResponse and delegate; fault and rewrite go with route; mirror or mirrors.',
        bad: httpRule(`${TO_SHOP}\nredirect: {uri: /new}`),
        good: httpRule('redirect: {uri: /new}'),
      }),
    },
    at(VIRTUAL_SERVICE, HTTP, (value, { spec }) => conflicts(value, spec)),
  ),
];
