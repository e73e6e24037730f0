// Patterns that Traefik finds anywhere in a text, as patterns for the whole text; and the templates of gorilla/mux.

import { quoteRegex } from '../../../regex/quote.js';
import { RuleError } from './parse.js';

/** A pattern for the whole text that matches where `pattern` is found in it. */
export function anywhere(pattern: string): string {
  const { start, end, alternatives } = outline(pattern);
  if (alternatives || pattern.startsWith('(?')) return `(?s:.*)(?:${pattern})(?s:.*)`;
  const middle = pattern.slice(start ? 1 : 0, end ? -1 : undefined);
  return `${start ? '' : '(?s:.*)'}${middle}${end ? '' : '(?s:.*)'}`;
}

/** Whether it begins with `^` and ends with `$`, and has alternatives that these do not hold for. */
function outline(pattern: string): { readonly start: boolean; readonly end: boolean; readonly alternatives: boolean } {
  let depth = 0;
  let inClass = false;
  let alternatives = pattern.includes('\\Q');
  let escaped = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    escaped = false;
    if (c === '\\') {
      i++;
      escaped = true;
    } else if (inClass)
      inClass = c !== ']' || pattern[i - 1] === '[' || (pattern[i - 1] === '^' && pattern[i - 2] === '[');
    else if (c === '[') inClass = true;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) alternatives = true;
  }
  return {
    start: pattern.startsWith('^') && !/^\^[*+?{]/.test(pattern),
    end: pattern.endsWith('$') && !escaped && !inClass,
    alternatives,
  };
}

/** `{name}` and `{name:pattern}` in literal text (github.com/gorilla/mux, regexp.go: newRouteRegexp), for the whole text. */
export function templatePattern(template: string, usual: string): string {
  let out = '';
  let depth = 0;
  let start = 0;
  for (let i = 0; i < template.length; i++) {
    if (template[i] === '{' && depth++ === 0) {
      out += quoteRegex(template.slice(start, i));
      start = i + 1;
    } else if (template[i] === '}') {
      if (--depth < 0) throw new RuleError(`the braces of ${template} do not match`);
      if (depth > 0) continue;
      const inner = template.slice(start, i);
      const colon = inner.indexOf(':');
      const name = colon < 0 ? inner : inner.slice(0, colon);
      const pattern = colon < 0 ? usual : inner.slice(colon + 1);
      if (name === '' || pattern === '') throw new RuleError(`a name or a pattern is missing in ${template}`);
      out += `(?:${pattern})`;
      start = i + 1;
    }
  }
  if (depth > 0) throw new RuleError(`the braces of ${template} do not match`);
  return out + quoteRegex(template.slice(start));
}
