import { type Json, own } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { isAuthority, object, text } from '../values.js';
import { HTTP, REFUSED, TO_SHOP } from './shared.js';

/** The authority is set by rewrite.authority, headers.request.set and .add: one of them at most. */
function authorityTwice(value: Json): Problem {
  const rule = object(value);
  const request = object(object(rule.headers).request);
  let current = text(object(rule.rewrite).authority);
  for (const field of ['set', 'add'])
    for (const [name, to] of Object.entries(object(own(request, field)))) {
      if (!isAuthority(name)) continue;
      if (current)
        return {
          message: `the authority is set twice, to "${current}" and to "${text(to)}"`,
          path: ['headers', 'request', field, name],
        };
      current = text(to);
    }
  return undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0426',
      name: 'authority-set-twice',
      title: 'The authority is set in more than one way',
      docs: () => ({
        happens: REFUSED,
        instead: 'One of rewrite.authority and a host header in headers.request.',
        bad: httpRule(`rewrite: {authority: a.internal}\nheaders: {request: {set: {Host: b.internal}}}\n${TO_SHOP}`),
        good: httpRule(`rewrite: {authority: a.internal}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, HTTP, authorityTwice),
  ),
];
