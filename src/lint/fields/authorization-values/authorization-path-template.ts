import type { Rule } from '../../rule.js';
import { refused } from '../field-rule.js';
import { each, OPERATION, REFUSED, to } from './shared.js';

/** What a segment beside `{*}` and `{**}` may consist of. */
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** A pattern for the end would look at each slash of a row anew. */
function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}

function pathTemplate(path: string): string | undefined {
  const template = path.includes('{*}') || path.includes('{**}');
  let rest = false;
  for (const segment of withoutOuterSlashes(path).split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (rest) return `only literal segments may follow "{**}" in "${path}"`;
      rest = segment === '{**}';
    } else if (/[{}]/.test(segment))
      return `"${segment}" in "${path}": braces are allowed only as the whole segments "{*}" (one segment) and "{**}" (any number)`;
    else if (template && !LITERAL.test(segment))
      return `"${segment}" in "${path}" is not valid in a template: ${segment === '' ? 'a segment is empty' : segment.includes('*') ? 'write a wildcard as "{*}"' : 'it has characters that are not allowed in a path'}`;
  }
  return undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1425',
      name: 'authorization-path-template',
      title: 'Invalid path template in an AuthorizationPolicy',
      docs: () => ({
        happens: REFUSED,
        instead: '"{*}" for one whole segment, "{**}" for any number of them, at most once and after every "{*}".',
        bad: to('paths: ["/users/{id}/orders"]'),
        good: to('paths: ["/users/{*}/orders"]'),
      }),
    },
    each(OPERATION, ['paths', 'notPaths'], pathTemplate),
  ),
];
