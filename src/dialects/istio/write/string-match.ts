// The model's string predicates in Istio's terms (networking/v1 StringMatch: exact, prefix, RE2 regex that has to match the whole value).

import type { StringMatcher } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';

export type StringMatch = { exact: string } | { prefix: string } | { regex: string } | Record<string, never>;

/** The predicate as one RE2 pattern for the whole value. */
export function asRegex(m: StringMatcher): string {
  if (m.kind === 'any') return '(?s).*';
  if (m.kind === 'regex') return m.pattern;
  const flags = m.ignoreCase ? '(?is)' : '(?s)';
  const value = quoteRegex(m.value);
  switch (m.kind) {
    case 'exact':
      return m.ignoreCase ? `(?i)${value}` : value;
    case 'prefix':
      return `${flags}${value}.*`;
    case 'suffix':
      return `${flags}.*${value}`;
    case 'contains':
      return `${flags}.*${value}.*`;
    case 'segment-prefix':
      return `${flags}${value}(/.*)?`;
  }
}

/** For headers, query parameters and pseudo-headers. `{}` is Istio's "is present". */
export function stringMatch(m: StringMatcher): StringMatch {
  if (m.kind === 'any') return {};
  if ((m.kind === 'exact' || m.kind === 'prefix') && !m.ignoreCase && m.value !== '')
    return m.kind === 'exact' ? { exact: m.value } : { prefix: m.value };
  return { regex: asRegex(m) || NOTHING };
}

/** The empty string: Istio takes no empty pattern (validateStringMatchRegexp, Istio 2026-08). */
const NOTHING = '^$';
