// Which matches of a VirtualService's rules are taken completely by one earlier match of the same VirtualService. What
// istioctl guesses at (analyzeUnreachableHTTPRules and coveredValidation in pkg/config/validation/validation.go, Istio of
// 2026-08-22; its mistakes: field notes, section 1), decided predicate by predicate. Covers by several rules together, or
// by other objects, are found by the algebra (rules/unreachable-route.ts).

import { RE2JS } from 're2js';
import { type FieldPath, type JsonObject, type Origin, originOf, own, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../resources/fields.js';
import { perCatalog, sameList } from '../resources/kept-answers.js';
import { impossible } from './fields/path-text/shared.js';
import { virtualServices } from './virtual-service-parts.js';

export interface CoveredRule {
  readonly resource: Resource;
  readonly rule: Origin;
  /** Its matches that are covered, each with the match or rule that covers it; one without own match: the rule itself. */
  readonly matches: readonly { readonly at: Origin; readonly by: Origin }[];
  /** Nothing of the rule is left. */
  readonly whole: boolean;
}

/** A coverer. An absent match takes everything. */
interface Earlier {
  readonly match: JsonObject | undefined;
  readonly at: Origin;
}

/** So many earlier matches with the same beginning of the path are looked at; a bound, not a limit of meaning. */
const MOST_CANDIDATES = 64;
const FIELDS_OF_STRING_MATCH = ['exact', 'prefix', 'regex'] as const;

type StringMatch =
  | { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string }
  | { readonly kind: 'present' };

function stringMatch(value: JsonObject | undefined): StringMatch | undefined {
  if (!value) return undefined;
  for (const kind of FIELDS_OF_STRING_MATCH) {
    const text = stringOf(value[kind]);
    if (text !== undefined) return { kind, value: text };
  }
  return { kind: 'present' };
}

const isAny = (m: StringMatch): boolean =>
  m.kind === 'present' || (m.kind === 'regex' && m.value === '.*') || (m.kind === 'prefix' && m.value === '');

function matchesRegex(pattern: string, value: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(value).matches();
  } catch {
    return false;
  }
}

/** Every value that `b` takes, `a` takes. Where in doubt, no. */
function implies(b: StringMatch, a: StringMatch): boolean {
  if (isAny(a)) return true;
  if (b.kind === 'present' || a.kind === 'present') return false;
  if (a.kind === b.kind && a.value === b.value) return true;
  if (a.kind === 'exact') return false;
  if (a.kind === 'prefix') return b.kind !== 'regex' && b.value.startsWith(a.value);
  return b.kind === 'exact' && matchesRegex(a.value, b.value);
}

const isAnyPath = (m: StringMatch): boolean =>
  isAny(m) || (m.kind === 'prefix' && m.value === '/') || (m.kind === 'regex' && m.value === '/.*');

/** Paths: case may not matter to one of the two. */
function pathImplies(b: JsonObject, a: JsonObject): boolean {
  const pathA = stringMatch(objectOf(a.uri));
  if (!pathA || isAnyPath(pathA)) return true;
  const pathB = stringMatch(objectOf(b.uri));
  if (!pathB) return false;
  const [looseA, looseB] = [a.ignoreUriCase === true, b.ignoreUriCase === true];
  if (!looseA && !looseB) return implies(pathB, pathA);
  if (pathA.kind === 'regex' || pathB.kind === 'regex' || pathA.kind === 'present' || pathB.kind === 'present')
    return false;
  if (looseA)
    return implies({ ...pathB, value: pathB.value.toLowerCase() }, { ...pathA, value: pathA.value.toLowerCase() });
  // b also takes other spellings of its letters; a does not, unless it asks for no letter.
  return !/\p{L}/u.test(pathA.value) && implies(pathB, pathA);
}

function mapImplies(b: JsonObject | undefined, a: JsonObject | undefined, negated: boolean): boolean {
  const own = new Map(
    Object.entries(b ?? {}).map(([name, m]) => [name.toLowerCase(), stringMatch(objectOf(m) ?? {})!]),
  );
  return Object.entries(a ?? {}).every(([name, value]) => {
    const wanted = stringMatch(objectOf(value) ?? {})!;
    const given = own.get(name.toLowerCase());
    return given !== undefined && (negated ? withoutImplies(given, wanted) : implies(given, wanted));
  });
}
/** "not given" implies "not wanted" where every value that is wanted is given. `*` is Istio's "present". */
const withoutImplies = (given: StringMatch, wanted: StringMatch): boolean => implies(present(wanted), present(given));
const present = (m: StringMatch): StringMatch => (m.kind === 'regex' && m.value === '*' ? { kind: 'present' } : m);

/** Every request that `b` takes, `a` takes. */
function covers(a: JsonObject | undefined, b: JsonObject | undefined): boolean {
  if (!a) return true;
  const match = b ?? {};
  for (const field of ['scheme', 'method', 'authority']) {
    const wanted = stringMatch(objectOf(own(a, field)));
    const given = stringMatch(objectOf(own(match, field)));
    if (wanted && !(given ? implies(given, wanted) : isAny(wanted))) return false;
  }
  if (numberOf(a.port) !== undefined && numberOf(a.port) !== 0 && numberOf(a.port) !== numberOf(match.port))
    return false;
  if (stringOf(a.sourceNamespace) && a.sourceNamespace !== match.sourceNamespace) return false;
  const gateways = stringsOf(a.gateways);
  if (
    gateways.length &&
    !(stringsOf(match.gateways).length && stringsOf(match.gateways).every((g) => gateways.includes(g)))
  )
    return false;
  const labels = stringMapOf(match.sourceLabels);
  if (!Object.entries(stringMapOf(a.sourceLabels)).every(([key, value]) => own(labels, key) === value)) return false;
  return (
    pathImplies(match, a) &&
    mapImplies(objectOf(match.headers), objectOf(a.headers), false) &&
    mapImplies(objectOf(match.queryParams), objectOf(a.queryParams), false) &&
    mapImplies(objectOf(match.withoutHeaders), objectOf(a.withoutHeaders), true)
  );
}

/** Earlier matches, found by the beginning of the path that they ask for. */
class EarlierMatches {
  readonly #byPrefix = new Map<string, Earlier[]>();
  readonly #byExact = new Map<string, Earlier[]>();
  readonly #others: Earlier[] = [];
  readonly #lengths = new Set<number>();

  add(earlier: Earlier): void {
    const path = stringMatch(objectOf(earlier.match?.uri));
    if (!path || path.kind === 'present' || path.kind === 'regex' || isAnyPath(path)) {
      this.#others.push(earlier);
      return;
    }
    const key = path.value.toLowerCase();
    const table = path.kind === 'prefix' ? this.#byPrefix : this.#byExact;
    if (path.kind === 'prefix') this.#lengths.add(key.length);
    const list = table.get(key);
    if (list) list.push(earlier);
    else table.set(key, [earlier]);
  }

  coverer(match: JsonObject | undefined): Earlier | undefined {
    const path = stringMatch(objectOf(match?.uri));
    const candidates = [this.#others];
    if (path && path.kind !== 'present') {
      const value = path.value.toLowerCase();
      if (path.kind === 'exact') candidates.push(this.#byExact.get(value) ?? []);
      if (path.kind !== 'regex')
        for (const length of this.#lengths)
          if (length <= value.length) candidates.push(this.#byPrefix.get(value.slice(0, length)) ?? []);
    }
    for (const list of candidates)
      for (const earlier of list.slice(0, MOST_CANDIDATES)) if (covers(earlier.match, match)) return earlier;
    return undefined;
  }
}

/** JSON with sorted keys, for matches of TCP and TLS routes: equal or not is all that is asked of them. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );

function l4Coverers() {
  const seen = new Map<string, Earlier>();
  let everything: Earlier | undefined;
  return {
    add: (earlier: Earlier) => {
      if (!earlier.match) everything ??= earlier;
      else seen.set(canonical(earlier.match), earlier);
    },
    coverer: (match: JsonObject | undefined) => everything ?? (match && seen.get(canonical(match))),
  };
}

function isImpossible(match: JsonObject | undefined): boolean {
  const path = stringMatch(objectOf(match?.uri));
  return (
    path !== undefined && (path.kind === 'exact' || path.kind === 'prefix') && impossible(path.value) !== undefined
  );
}

function coveredIn(resource: Resource, protocol: 'http' | 'tls' | 'tcp'): CoveredRule[] {
  const routes = objectsOf(specOf(resource)[protocol]);
  if (routes.length === 0) return [];
  const earlier = protocol === 'http' ? new EarlierMatches() : l4Coverers();
  const found: CoveredRule[] = [];
  for (const [i, route] of routes.entries()) {
    const rulePath: FieldPath = ['spec', protocol, i];
    const rule = originOf(resource, ...rulePath);
    const listed = objectsOf(route.match);
    const own: Earlier[] = listed.length
      ? listed.map((match, j) => ({ match, at: originOf(resource, ...rulePath, 'match', j) }))
      : [{ match: undefined, at: rule }];
    const covered: { at: Origin; by: Origin }[] = [];
    for (const entry of own) {
      // What no path can match (MGW0165) is dead by itself, and takes nothing.
      if (protocol === 'http' && isImpossible(entry.match)) continue;
      const by = earlier.coverer(entry.match);
      if (by) covered.push({ at: entry.at, by: by.at });
      // A delegate's own routes may leave requests over.
      else if (!objectOf(route.delegate)) earlier.add(entry);
    }
    if (covered.length) found.push({ resource, rule, matches: covered, whole: covered.length === own.length });
  }
  return found;
}

const covered = new WeakMap<Resource, readonly CoveredRule[]>();

/** Rules of one object, whatever else there is: looked for once. */
function coveredOf(resource: Resource): readonly CoveredRule[] {
  let known = covered.get(resource);
  if (!known) covered.set(resource, (known = PROTOCOLS.flatMap((protocol) => coveredIn(resource, protocol))));
  return known;
}

const PROTOCOLS = ['http', 'tls', 'tcp'] as const;

export const coveredRules = perCatalog(
  (catalog): readonly CoveredRule[] => virtualServices(catalog).flatMap(coveredOf),
  sameList,
);
