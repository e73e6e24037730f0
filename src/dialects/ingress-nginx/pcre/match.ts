// Patterns of nginx locations as matchers of the model. `~* "^path"` is caseless, anchored at the beginning by the `^`
// that the controller puts there (buildLocation in template.go, kubernetes/ingress-nginx controller-v1.15.1) and open at the
// end. The `^` binds only to the first alternative: in `/a|/b` the second one matches anywhere.

import type { PathRewrite, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { type Translated, translatePcre } from '../../pcre.js';

const ANYTHING = '(?s:.*)';

/** @throws PcreError */
export function locationMatcher(path: string): StringMatcher {
  const simple = simpleMatcher(path);
  if (simple) return simple;
  const pattern = translatePcre(path);
  if (pattern.literal !== undefined) return { kind: 'prefix', value: pattern.literal, ignoreCase: true };
  const parts = pattern.alternatives.map((alternative, i) => (i === 0 ? '' : ANYTHING) + openEnd(alternative));
  if (parts.length > 1) return { kind: 'regex', pattern: `(?i)(?:${parts.join('|')})` };
  const [only = ''] = parts;
  const literal = path.endsWith('$') ? translatePcre(path.slice(0, -1)).literal : undefined;
  if (literal !== undefined && !path.endsWith('\\$')) return { kind: 'exact', value: literal, ignoreCase: true };
  return { kind: 'regex', pattern: `(?i)${only}` };
}

const LITERAL = '(/[^\\\\^$.|?*+()[\\]{}]*?)';
const REST = '(?:\\(\\.\\*\\)|\\.\\*)';

/** The forms that nearly every rewrite uses, said without a pattern: the captures in them play no part here. */
const FORMS: readonly (readonly [RegExp, 'prefix' | 'segment-prefix'])[] = [
  // /foo/(.*) and /foo.*
  [new RegExp(`^${LITERAL}${REST}\\$?$`), 'prefix'],
  // /foo/?(.*) and /foo/?
  [new RegExp(`^${LITERAL}/\\?(?:${REST}\\$?)?$`), 'prefix'],
  // /foo(/|$)(.*) and /foo(/|$)
  [new RegExp(`^${LITERAL}\\(/\\|\\$\\)(?:${REST}\\$?)?$`), 'segment-prefix'],
  // /foo(/.*)?$
  [new RegExp(`^${LITERAL}\\(/\\.\\*\\)\\?\\$$`), 'segment-prefix'],
];

function simpleMatcher(path: string): StringMatcher | undefined {
  for (const [form, kind] of FORMS) {
    const value = form.exec(path)?.[1];
    if (value === undefined || (kind === 'segment-prefix' && value.endsWith('/'))) continue;
    return { kind, value, ignoreCase: true };
  }
  return undefined;
}

/** Anything may follow, unless the pattern says that it ends or takes the rest itself. */
function openEnd(pattern: string): string {
  if (/(^|[^\\])(\\\\)*\$$/.test(pattern)) return pattern.slice(0, -1);
  if (/(^|[^\\])(\\\\)*(\(\.\*\)|\.\*)$/.test(pattern)) return pattern;
  return pattern + ANYTHING;
}

/** A test anywhere in a value, with case (ngx.re.match without options). @throws PcreError */
export function searchMatcher(pattern: string): StringMatcher {
  const { alternatives, literal } = translatePcre(pattern);
  if (literal !== undefined) return { kind: 'contains', value: literal };
  const parts = alternatives.map((text) => (text.startsWith('^') ? openEnd(text.slice(1)) : ANYTHING + openEnd(text)));
  return { kind: 'regex', pattern: parts.length > 1 ? `(?:${parts.join('|')})` : (parts[0] ?? '') };
}

/**
 * `rewrite "(?i)path" target break`: the first match decides the captures, and the whole path becomes the target.
 * `\1` to `\9` in `target`; a group that the pattern does not have is empty. @throws PcreError
 */
export function rewriteOf(path: string, target: string): PathRewrite {
  const pattern = translatePcre(path);
  const used = target.replace(/\\([1-9])/g, (text, n: string) => (Number(n) <= pattern.captures ? text : ''));
  if (!/\\[1-9]/.test(used)) return { kind: 'full', to: plainTemplate(used) };
  return { kind: 'regex', pattern: wholePath(pattern), substitution: used, all: false };
}

function wholePath(pattern: Translated): string {
  const [only = ''] = pattern.alternatives;
  if (pattern.alternatives.length === 1) {
    // The location has matched the same pattern at the first character.
    const end = /(^|[^\\])(\\\\)*(\$|\(\.\*\)|\.\*)$/.test(only) ? '' : ANYTHING;
    return `^(?i)${only}${end}`;
  }
  return `^(?s:.*?)(?i:${pattern.alternatives.join('|')})${ANYTHING}`;
}
