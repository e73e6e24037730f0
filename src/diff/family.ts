// The family of requests that a pair of rules answers differently, in words: what both rules ask for, and the rules
// beside them that take some of it away.

import { counted, type Route } from '../model/index.js';
import { literalPrefix } from '../regex/index.js';
import { matchWords } from './words.js';

export interface Family {
  /** All of these hold: `path begins /status`. */
  readonly when: readonly string[];
  /** And none of these, as far as they overlap: conditions of the rules that come first. */
  readonly unless: readonly string[];
}

const MAX_UNLESS = 5;

/** `lists`: all routes of both sides, in order. */
export function familyOf(
  routes: readonly [Route | undefined, Route | undefined],
  lists: readonly [readonly Route[], readonly Route[]],
): Family {
  const when = [...new Set(routes.flatMap((r) => (r ? matchWords(r.match) : [])))];
  const beginnings = routes.map((r) => (r ? beginningOf(r) : ''));
  const texts = routes.flatMap((r) => (r ? [matchWords(r.match).join(', ')] : []));
  const unless = new Set<string>();
  lists.forEach((list, side) => {
    const own = routes[side];
    const at = own ? list.indexOf(own) : -1;
    for (const earlier of at < 0 ? list : list.slice(0, at)) {
      if (!beginnings.every((b) => compatible(b, beginningOf(earlier)))) continue;
      const text = matchWords(earlier.match).join(', ');
      if (text !== '' && !texts.includes(text)) unless.add(text);
    }
  });
  const shown = [...unless].slice(0, MAX_UNLESS);
  return {
    when,
    unless: unless.size > shown.length ? [...shown, counted(unless.size - shown.length, 'more rule')] : shown,
  };
}

const compatible = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

function beginningOf({ match: { path } }: Route): string {
  if (!path || path.kind === 'any' || path.kind === 'suffix' || path.kind === 'contains') return '';
  if (path.kind === 'regex') return literalPrefix(path.pattern).prefix;
  return path.ignoreCase ? '' : path.value;
}
