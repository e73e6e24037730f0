// Patterns of paths that match nothing, or less than people think: Envoy runs RE2 over the whole path
// (RegexMatcher, "the entire path (without the query string) must match", api/envoy/config/route/v3/route_components.proto
// of Envoy 1.40), where nginx and most languages look for the pattern anywhere in it.

import { type JsonObject, type Origin, originOf, own, type Resource } from '../../model/index.js';
import {
  acceptsText,
  compileDfa,
  type Dfa,
  exampleOf,
  findWord,
  parseRegex,
  RegexSyntaxError,
  TooLargeError,
} from '../../regex/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { perCatalog } from '../../resources/kept-answers.js';
import type { LintContext } from '../context.js';
import { eachRoute, exampleRequest, type RoutePlace, VISIBLE } from '../example-request.js';
import { httpRoute, httpRule } from '../examples.js';
import type { Rule } from '../rule.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';
const uri = (pattern: string) => httpRule(`match:\n- uri: {regex: '${pattern}'}\n${TO_SHOP}`);
const MOST_STATES = 2000;
/** Longer ones are for machines. */
const LONGEST = 1024;

/** What a path looks like. */
let paths: Dfa | undefined;
const pathLanguage = (): Dfa => (paths ??= compileDfa(parseRegex('/.*'), VISIBLE));

interface Reading {
  /** A shortest path that it takes; undefined: none. */
  readonly takes: string | undefined;
  /** Something below that path is taken too. */
  readonly below: boolean;
}

/** Undefined where it is no RE2, or too large to tell. */
function readingOf(pattern: string): Reading | undefined {
  if (pattern.length > LONGEST) return undefined;
  try {
    const dfa = compileDfa(parseRegex(pattern), VISIBLE, MOST_STATES);
    const takes = findWord([dfa, pathLanguage()], ([own, path]) => own! && path!, MOST_STATES);
    return { takes, below: takes !== undefined && acceptsText(dfa, `${takes}/x`) };
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof TooLargeError) return undefined;
    throw error;
  }
}

/** A path that it takes can be read off: the quick way for most patterns. */
const surelyTakesSomething = (pattern: string): boolean => /^[!-~]+$/.test(exampleOf(pattern, '/') ?? '');
const isPlainText = (pattern: string): boolean => !/[\\^$.*+?()[\]{}|]/.test(pattern);
/** `^/api` without an end: written for an engine that looks for the pattern anywhere. */
const isOpenEnded = (pattern: string): boolean => pattern.startsWith('^') && !/(?:\$|\*|\+|\)|\?|\]|\})$/.test(pattern);

const neverMatches = (pattern: string): boolean => {
  if (surelyTakesSomething(pattern)) return false;
  const reading = readingOf(pattern);
  return reading !== undefined && reading.takes === undefined;
};

/** `/api/*`: written for a shell, where it is everything below. */
const globOf = (pattern: string): string | undefined => {
  const stem = /^\^?(\/.*[^/])\/\*\$?$/.exec(pattern)?.[1];
  return stem !== undefined && isPlainText(stem) ? stem : undefined;
};

/** The path that a pattern takes where it looks like the beginning of many; undefined for other patterns. */
function onlyPath(pattern: string): string | undefined {
  const glob = globOf(pattern);
  if (glob !== undefined) return glob;
  if (!isPlainText(pattern) && !isOpenEnded(pattern)) return undefined;
  const reading = readingOf(pattern);
  return reading?.below ? undefined : reading?.takes;
}

/** A pattern of a path: where it stands, and the match around it. */
interface PathPattern {
  readonly pattern: string;
  readonly at: Origin;
  readonly match: Origin;
}

/** Found once for all rules. */
const pathPatterns = perCatalog((catalog): readonly PathPattern[] =>
  ['networking.istio.io/VirtualService', 'gateway.networking.k8s.io/HTTPRoute'].flatMap((kind) =>
    catalog.ofKind(kind).flatMap(patternsIn),
  ),
);

const found = new WeakMap<Resource, readonly PathPattern[]>();

/** Of one object, whatever else there is: looked for once. */
function patternsIn(resource: Resource): readonly PathPattern[] {
  let known = found.get(resource);
  if (!known) {
    const patterns =
      resource.kind === 'VirtualService'
        ? patternsOf(resource, 'http', 'match', 'uri', ({ regex }) => ['regex', stringOf(regex)])
        : patternsOf(resource, 'rules', 'matches', 'path', ({ type, value }) => [
            'value',
            type === 'RegularExpression' ? stringOf(value) : undefined,
          ]);
    found.set(resource, (known = [...patterns]));
  }
  return known;
}

function* patternsOf(
  resource: Resource,
  rulesField: string,
  matchesField: string,
  pathField: string,
  read: (path: JsonObject) => readonly [field: string, pattern: string | undefined],
): Generator<PathPattern> {
  for (const [i, rule] of objectsOf(own(specOf(resource), rulesField)).entries()) {
    // A rule without anything to do is written to match nothing: it keeps a host from falling to a route for a broader one.
    if (rulesField === 'rules' && !rule.backendRefs && !rule.filters) continue;
    for (const [j, match] of objectsOf(own(rule, matchesField)).entries()) {
      const [field, pattern] = read(objectOf(own(match, pathField)) ?? {});
      if (pattern === undefined) continue;
      const place = originOf(resource, 'spec', rulesField, i, matchesField, j);
      yield { pattern, at: originOf(resource, ...place.path, pathField, field), match: place };
    }
  }
}

/** What is worked out of a pattern, once for each. */
function once<T>(read: (pattern: string) => T): (pattern: string) => T {
  const known = new Map<string, T>();
  return (pattern) => {
    let found = known.get(pattern);
    if (found === undefined && !known.has(pattern)) known.set(pattern, (found = read(pattern)));
    return found as T;
  };
}

const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${path.join('/')}`;

/** The routes of a run by the match that they were made of: worked out when somebody asks. */
function placesByMatch({ gateways }: LintContext): (match: Origin) => RoutePlace | undefined {
  let places: Map<string, RoutePlace> | undefined;
  return (match) => {
    if (!places) {
      const found = new Map<string, RoutePlace>();
      eachRoute(gateways, (place) => {
        const { matchOrigin } = place.route;
        if (matchOrigin && !found.has(keyOf(matchOrigin))) found.set(keyOf(matchOrigin), place);
      });
      places = found;
    }
    return places.get(keyOf(match));
  };
}

/** A request below the path that the pattern takes, and that something else answers. */
function missedRequest(place: RoutePlace | undefined, path: string, { answer }: LintContext) {
  const request = place && exampleRequest(place, `${path}/x`);
  const answered = request && answer?.(place.gateway, request);
  return answered && answered.route !== place.route ? { witness: request } : {};
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0159',
    name: 'regex-matches-nothing',
    severity: 'error',
    category: 'reachability',
    title: 'No path can match a regular expression',
    docs: () => ({
      happens: 'The rule never matches: RE2 has to match the whole path, and every path begins with a slash.',
      instead: 'A pattern for the whole path: `.*\\.png` instead of `\\.png`.',
      bad: uri('\\.png$'),
      good: uri('.*\\.png'),
    }),
    // No request can show this: that there is none is the finding.
    check: ({ catalog }, report) => {
      const isDead = once(neverMatches);
      for (const { pattern, at } of pathPatterns(catalog))
        if (isDead(pattern))
          report({
            message: `no path matches ${pattern}: the pattern has to match the whole path, which begins with / (.*${pattern} matches paths with that ending)`,
            at,
          });
    },
  },
  {
    code: 'MGW0160',
    name: 'regex-whole-path',
    severity: 'info',
    category: 'reachability',
    title: 'A regular expression that looks like the beginning of a path matches only the whole path',
    docs: () => ({
      happens: 'Envoy compares the pattern with the whole path. nginx would also match every path with that beginning.',
      instead: '`prefix`, or a pattern that ends with `.*`; `exact` where only the path itself is meant.',
      bad: httpRoute(
        'parentRefs: [{name: shop}]\nrules:\n- matches: [{path: {type: RegularExpression, value: "^/api/v[12]/users"}}]\n  backendRefs: [{name: shop, port: 80}]',
      ),
      good: uri('/api/v[12]/users(/.*)?'),
    }),
    check: (context, report) => {
      const only = once(onlyPath);
      const placeOf = placesByMatch(context);
      for (const { pattern, at, match } of pathPatterns(context.catalog)) {
        const path = only(pattern);
        if (path !== undefined)
          report({
            message: globOf(pattern)
              ? `/* is any number of slashes: the pattern matches ${path} and ${path}/, but not ${path}/x; write ${path}(/.*)? for what is below`
              : `the pattern has to match the whole path: it matches ${path}, but not ${path}/x or ${path}x; write ${pattern}(/.*)? for what is below, or exact for the path alone`,
            at,
            ...missedRequest(placeOf(match), path, context),
          });
      }
    },
  },
];
