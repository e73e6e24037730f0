import type { Json } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, list, number, object, text } from '../values.js';
import { REFUSED } from './shared.js';

/** Istio stops at the first of these. */
function redirect(value: Json, rule: Json): Problem {
  const r = object(value);
  const prefix = text(r.prefixRewrite ?? r.prefix_rewrite);
  if (text(r.uri) && prefix) return 'a redirect cannot have both uri and prefixRewrite';
  if (
    prefix &&
    list(object(rule).match).some((m) => given(object(m).uri) && object(object(m).uri).prefix === undefined)
  )
    return 'prefixRewrite needs every uri match of the rule to be a prefix';
  if (!text(r.uri) && !prefix && !text(r.authority) && !text(r.scheme) && !given(r.port) && !given(r.derivePort))
    return 'the redirect changes nothing: it needs uri, prefixRewrite, authority, scheme or port';
  const code = number(r.redirectCode);
  if (code !== 0 && (code < 300 || code > 399))
    return { message: `${code} is not a redirect code (3xx)`, path: ['redirectCode'] };
  if (text(r.scheme) && r.scheme !== 'http' && r.scheme !== 'https')
    return { message: `the scheme "${text(r.scheme)}" is not http or https`, path: ['scheme'] };
  return number(r.port) > 65535
    ? { message: `the port ${number(r.port)} is outside 1..65535`, path: ['port'] }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0424',
      name: 'redirect',
      title: 'Invalid redirect',
      docs: () => ({
        happens: REFUSED,
        instead: 'What changes (uri, prefixRewrite, authority, scheme, port) and a 3xx code.',
        bad: httpRule('redirect: {redirectCode: 301}'),
        good: httpRule('redirect: {uri: /new, redirectCode: 301}'),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].redirect', (value, place) => redirect(value, place.up(1))),
  ),
];
