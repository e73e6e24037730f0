import type { Json } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, object, regex, text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

function rewrite(value: Json): Problem {
  const r = object(value);
  if (text(r.uri) && given(r.uriRegexRewrite)) return 'a rewrite cannot have both uri and uriRegexRewrite';
  if (!text(r.uri) && !given(r.uriRegexRewrite) && !text(r.authority))
    return 'the rewrite changes nothing: it needs uri, uriRegexRewrite or authority';
  if (!given(r.uriRegexRewrite)) return undefined;
  const { match, rewrite: to } = object(r.uriRegexRewrite);
  if (!text(match) || !text(to))
    return { message: 'uriRegexRewrite needs both match and rewrite', path: ['uriRegexRewrite'] };
  const problem = regex(match as Json);
  return problem ? { message: problem, path: ['uriRegexRewrite', 'match'] } : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0425',
      name: 'rewrite',
      title: 'Invalid rewrite',
      docs: () => ({
        happens: REFUSED,
        instead: 'One of uri and uriRegexRewrite, or authority.',
        bad: httpRule(`rewrite: {}\n${TO_SHOP}`),
        good: httpRule(`rewrite: {uri: /new}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].rewrite', rewrite),
  ),
];
