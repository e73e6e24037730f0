// A condition on the value of a header or a query parameter as an HTTPHeaderMatch or HTTPQueryParamMatch has it; undefined where neither
// can express it.

import type { HeaderMatcher, QueryMatcher, StringMatcher } from '../../../model/index.js';
import { compileRegex } from '../../../regex/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { ValueMatch } from './target-match.js';

/** The condition that must not hold, where a header that is absent counts as not holding it. */
export function excluded({
  invert: _,
  missing,
  ...bare
}: HeaderMatcher): Pick<ValueMatch, 'type' | 'value'> | undefined {
  if (missing !== 'empty' && missing !== 'absent') return undefined;
  if (missing === 'empty' && takesEmpty(bare.value)) return undefined;
  return conditionOn(bare);
}

/** Does the test hold for an empty text? */
function takesEmpty(test: StringMatcher): boolean {
  if (test.kind === 'any') return true;
  if (test.kind !== 'regex') return test.value === '';
  try {
    return compileRegex(test.pattern).fullMatch('');
  } catch {
    return false;
  }
}

export function conditionOn(matcher: HeaderMatcher | QueryMatcher): Pick<ValueMatch, 'type' | 'value'> | undefined {
  if (matcher.invert || ('missing' in matcher && matcher.missing === 'empty')) return undefined;
  const { value: test } = matcher;
  const regex = (value: string) => ({ type: 'RegularExpression' as const, value });
  if (test.kind === 'any') return regex('.*');
  if (test.kind === 'regex') return regex(test.pattern === '' ? '^$' : test.pattern);
  const fold = test.ignoreCase ? '(?i)' : '';
  const text = quoteRegex(test.value);
  switch (test.kind) {
    case 'exact':
      if (test.ignoreCase || test.value === '') return regex(test.value === '' ? '^$' : fold + text);
      return { type: 'Exact', value: test.value };
    case 'prefix':
      return regex(`${fold}${text}.*`);
    case 'suffix':
      return regex(`${fold}.*${text}`);
    case 'contains':
      return regex(`${fold}.*${text}.*`);
    case 'segment-prefix':
      return regex(`${fold}${text}(/.*)?`);
  }
}
