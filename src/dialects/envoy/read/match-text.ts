// Envoy's matchers of text as predicates of the model: envoy.type.matcher.v3.StringMatcher, and header matchers of both ages
// (source/common/http/header_utility.cc; asked of Envoy 1.40 where the model says so).

import type { HeaderMatcher, QueryMatcher, StringMatcher } from '../../../model/index.js';
import { field, type Node, originAt } from './node.js';
import { flag, number, text, textOf } from './values.js';

const LITERAL = ['exact', 'prefix', 'suffix', 'contains'] as const;

/** Undefined: a matcher that the model does not have (`custom`). */
export function stringMatcher(node: Node | undefined): StringMatcher | undefined {
  const ignoreCase = flag(node, 'ignore_case') ? { ignoreCase: true } : {};
  for (const kind of LITERAL) {
    const value = text(node, kind);
    if (value !== undefined) return value === '' && kind !== 'exact' ? ANY : { kind, value, ...ignoreCase };
  }
  return regexIn(node, 'safe_regex') ?? regexIn(node, 'regex');
}

const ANY: StringMatcher = { kind: 'any' };

/** Takes every text. */
const EVERYTHING = '(?s).*';

/** A RegexMatcher, or the text of one. */
export function regexIn(node: Node | undefined, name: string): StringMatcher | undefined {
  const found = field(node, name);
  const pattern = found && (textOf(found) ?? text(found, 'regex'));
  if (pattern === EVERYTHING) return ANY;
  return pattern === undefined ? undefined : { kind: 'regex', pattern };
}

/** Undefined: a test that the model does not have. */
export function headerMatcher(node: Node): HeaderMatcher | undefined {
  const name = (text(node, 'name') ?? '').toLowerCase();
  const invert = flag(node, 'invert_match') ?? false;
  const base = { name, origin: originAt(node) };
  const present = flag(node, 'present_match');
  // Nothing said: the header has to be there (header_utility.cc, HeaderMatcher without a specifier).
  if (present !== undefined || !SPECIFIERS.some((name) => field(node, name))) {
    const absent = (present === false) !== invert;
    return { ...base, value: ANY, ...(absent ? { invert: true, missing: 'absent' as const } : {}) };
  }
  const value = valueMatcher(node);
  if (!value) return undefined;
  const empty = flag(node, 'treat_missing_header_as_empty') ?? false;
  return {
    ...base,
    value,
    ...(invert ? { invert } : {}),
    ...(empty ? { missing: 'empty' as const } : {}),
  };
}

const OLD = ['exact_match', 'prefix_match', 'suffix_match', 'contains_match'] as const;
const SPECIFIERS = ['string_match', ...OLD, 'safe_regex_match', 'regex_match', 'range_match'];

function valueMatcher(node: Node): StringMatcher | undefined {
  const modern = field(node, 'string_match');
  if (modern) return stringMatcher(modern);
  for (const old of OLD) {
    const value = text(node, old);
    const kind = old.slice(0, -'_match'.length) as (typeof LITERAL)[number];
    if (value !== undefined) return { kind, value };
  }
  return regexIn(node, 'safe_regex_match') ?? regexIn(node, 'regex_match') ?? rangeMatcher(field(node, 'range_match'));
}

/** Numbers from `start` on and before `end`, where they are few enough for a pattern. */
const MOST_NUMBERS = 1000;

function rangeMatcher(range: Node | undefined): StringMatcher | undefined {
  if (!range) return undefined;
  const [start, end] = [number(range, 'start') ?? 0, number(range, 'end') ?? 0];
  if (end - start > MOST_NUMBERS) return undefined;
  const numbers: string[] = [];
  for (let n = start; n < end; n++) numbers.push(n < 0 ? `-0*${-n}` : `\\+?0*${n}`);
  return { kind: 'regex', pattern: numbers.length === 0 ? NEVER : `\\s*(?:${numbers.join('|')})\\s*` };
}

/** Matches nothing. */
const NEVER = '[^\\x00-\\x{10FFFF}]';

export function queryMatcher(node: Node): QueryMatcher | undefined {
  const base = { name: text(node, 'name') ?? '', origin: originAt(node) };
  const modern = field(node, 'string_match');
  const value = modern ? stringMatcher(modern) : ANY;
  if (!value) return undefined;
  return { ...base, value, ...(flag(node, 'present_match') === false ? { invert: true } : {}) };
}
