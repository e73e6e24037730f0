// Address checks of paths in any case (nginx's patterns): a policy compares paths with their case. The check is written for the path as it
// stands in the file, in capitals and in small letters, and the rules behind it take these spellings alone; whatever else the pattern takes is
// refused, so that no spelling gets past the check.

import type { Report } from '../../../dialects/item-list.js';
import type { Route, StringMatcher, VirtualHost } from '../../../model/index.js';
import { canSayWholeHost, denies } from './deny-rules.js';
import { isConditional, pathPatterns } from './operations.js';

export interface SpelledChecks {
  /** With the spellings in place of each rule behind such a check. */
  readonly host: VirtualHost;
  /** The spellings for which a check is written. */
  readonly spelled: ReadonlyMap<Route, readonly StringMatcher[]>;
}

/** The rules of one location behind its first check. */
interface Guarded {
  readonly check: Route;
  readonly last: Route;
  readonly spellings: readonly StringMatcher[];
}

export function withSpelledChecks(host: VirtualHost, report: Report): SpelledChecks {
  const spelled = new Map<Route, readonly StringMatcher[]>();
  if (!host.routes.some((r) => r.match.source?.length) || canSayWholeHost(host)) return { host, spelled };
  const locations = guardedLocations(host.routes);
  const passed = new Set<Guarded>();
  const routes = host.routes.flatMap((route): Route[] => {
    const location = locations.get(keyOf(route));
    if (!location) return [route];
    if (route === location.check) passed.add(location);
    if (!passed.has(location)) return [route];
    if (route.match.source?.length) {
      if (denies(route) && !isConditional(route)) spelled.set(route, location.spellings);
      return [route];
    }
    const copies = location.spellings.map((path): Route => ({ ...route, match: { ...route.match, path } }));
    if (route !== location.last) return copies;
    note(location, report);
    return isRefusedBehind(location, host.routes, locations) ? copies : [...copies, refusal(location)];
  });
  return { host: spelled.size === 0 ? host : { ...host, routes }, spelled };
}

/** Its pattern ignores case too, which the rewrites of a prefix do not. */
const rewritesByPattern = ({ action }: Route): boolean =>
  action.kind === 'forward' && action.rewrite?.path?.kind === 'regex';

const keyOf = ({ match: { path } }: Route): string => JSON.stringify(path ?? null);

/** By their paths: those whose check no policy can say, that forward requests and end with a rule for all that are left. */
function guardedLocations(routes: readonly Route[]): ReadonlyMap<string, Guarded> {
  const found = new Map<string, Guarded>();
  for (const check of routes) {
    const key = keyOf(check);
    const spellings = spellingsOf(check.match.path);
    if (found.has(key) || !check.match.source?.length || !denies(check) || isConditional(check) || !spellings) continue;
    const behind = routes.slice(routes.indexOf(check)).filter((r) => keyOf(r) === key);
    const last = behind.at(-1)!;
    const isEnd = !last.match.source?.length && !isConditional(last);
    // A check with conditions, or one that lets in (`satisfy any`), is no policy in any spelling.
    const isPlain = behind.every((r) => !r.match.source?.length || (denies(r) && !isConditional(r)));
    if (isEnd && isPlain && behind.some((r) => r.action.kind === 'forward') && !behind.some(rewritesByPattern))
      found.set(key, { check, last, spellings });
  }
  return found;
}

/** A path whose case counts nowhere, as a policy can compare it; undefined: no such path, or none that a policy has patterns for. */
function spellingsOf(path: StringMatcher | undefined): readonly StringMatcher[] | undefined {
  if (!path || path.kind === 'any' || path.kind === 'regex' || !path.ignoreCase) return undefined;
  const { kind, value } = path;
  const spellings = [...new Set([value, value.toUpperCase(), value.toLowerCase()])].map((text) => ({
    kind,
    value: text,
  }));
  return spellings.every((s) => pathPatterns(s)?.length) ? spellings : undefined;
}

/** What is left of `/foo/` comes to `/foo`, which refuses it (a Prefix is two locations of nginx): no letter behind it makes another spelling. */
function isRefusedBehind(
  { last }: Guarded,
  routes: readonly Route[],
  locations: ReadonlyMap<string, Guarded>,
): boolean {
  const text = literalOf(last);
  for (const route of routes.slice(routes.indexOf(last) + 1)) {
    const other = literalOf(route);
    if (text === undefined || other === undefined) return false;
    if (locations.get(keyOf(route))?.check === route && route.match.path?.kind === 'prefix' && text.startsWith(other))
      return !/\p{L}/u.test(text.slice(other.length));
    if (text.startsWith(other) || other.startsWith(text)) return false;
  }
  return false;
}

/** With what its paths begin, in small letters. */
const literalOf = ({ match: { path } }: Route): string | undefined =>
  path?.kind === 'prefix' || path?.kind === 'exact' || path?.kind === 'segment-prefix'
    ? path.value.toLowerCase()
    : undefined;

/** What the location takes besides. */
const refusal = ({ check, spellings }: Guarded): Route => {
  const { source: _, ...match } = check.match;
  return { ...check, match, remark: `Refused: the addresses are checked for ${namesOf(spellings)} alone.` };
};

const namesOf = (spellings: readonly StringMatcher[]): string => valuesOf(spellings).join(' and ');
const valuesOf = (spellings: readonly StringMatcher[]): string[] =>
  spellings.flatMap((s) => ('value' in s ? [s.value] : []));

function note({ check, spellings }: Guarded, report: Report): void {
  report.add(
    'source-address.spelling',
    `a policy compares paths with their case: the addresses are checked for ${namesOf(spellings)}, and requests that spell the path otherwise are refused`,
    check.matchOrigin ?? check.origin,
    { exactFor: valuesOf(spellings) },
  );
}
