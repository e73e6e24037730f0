// Whether some request may be taken by two routes, as far as hosts, methods and literal paths say: wider than the truth.

import type { StringMatcher } from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import type { KongPath, KongRoute } from '../entities.js';
import { pathMatcher } from '../patterns.js';
import { isWildcard } from './entry.js';

export function overlap(
  a: KongRoute,
  pathsOfA: readonly KongPath[],
  b: KongRoute,
  pathsOfB: readonly KongPath[],
): boolean {
  const method = a.methods.length === 0 || b.methods.length === 0 || a.methods.some((m) => b.methods.includes(m));
  const host =
    a.hosts.length === 0 || b.hosts.length === 0 || a.hosts.some((x) => b.hosts.some((y) => hostsMeet(x, y)));
  if (!method || !host) return false;
  return pathsOfA.length === 0 || pathsOfB.length === 0 || pathsOfA.some((x) => pathsOfB.some((y) => pathsMeet(x, y)));
}

function hostsMeet(x: string, y: string): boolean {
  if (x === y) return true;
  const [a, b] = [x.startsWith('*') ? x.slice(1) : x, y.startsWith('*') ? y.slice(1) : y];
  if (x.endsWith('*') || y.endsWith('*')) return true;
  if (isWildcard(x)) return b.endsWith(a) || (isWildcard(y) && a.endsWith(b));
  return isWildcard(y) && a.endsWith(b);
}

/** Patterns that are no texts may meet anything. */
export function pathsMeet(x: KongPath, y: KongPath): boolean {
  const [a, b] = [matcherOrNone(x), matcherOrNone(y)];
  if (!a || !b) return true;
  if (a.kind === 'exact') return takes(b, a.value);
  if (b.kind === 'exact') return takes(a, b.value);
  if (a.kind === 'prefix' && b.kind === 'prefix') return a.value.startsWith(b.value) || b.value.startsWith(a.value);
  return true;
}

function takes(matcher: StringMatcher, value: string): boolean {
  if (matcher.kind === 'prefix') return value.startsWith(matcher.value);
  if (matcher.kind === 'regex') return compileRegex(matcher.pattern).fullMatch(value);
  return matcher.kind === 'exact' && matcher.value === value;
}

/** Undefined: a pattern that is not read. */
export function matcherOrNone(path: KongPath): StringMatcher | undefined {
  if (path.kind === 'prefix') return { kind: 'prefix', value: path.value };
  if (path.kind === 'equal') return { kind: 'exact', value: path.value };
  try {
    return pathMatcher(path.value, false);
  } catch {
    return undefined;
  }
}
