// Patterns of paths that match nothing, or less than people think: Envoy runs RE2 over the whole path
// (RegexMatcher, "the entire path (without the query string) must match", api/envoy/config/route/v3/route_components.proto
// of Envoy 1.40), where nginx and most languages look for the pattern anywhere in it.

import type { Json } from '../../model/index.js';
import {
  acceptsText,
  compileDfa,
  type Dfa,
  findWord,
  parseRegex,
  RegexSyntaxError,
  TooLargeError,
} from '../../regex/index.js';
import { objectOf, stringOf } from '../../resources/fields.js';
import { VISIBLE } from '../example-request.js';
import { httpRoute, httpRule } from '../examples.js';
import { at, VIRTUAL_SERVICE } from '../fields/field-rule.js';
import type { FieldCheck, FieldTest, Problem, Rule } from '../rule.js';

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

/** Begins as a path does, and nothing in it can exclude: the quick way for most patterns. */
const surelyTakesSomething = (pattern: string): boolean =>
  pattern.startsWith('/') && !/[\^$[\\]/.test(pattern.slice(1));
const isPlainText = (pattern: string): boolean => !/[\\^$.*+?()[\]{}|]/.test(pattern);
/** `^/api` without an end: written for an engine that looks for the pattern anywhere. */
const isOpenEnded = (pattern: string): boolean => pattern.startsWith('^') && !/(?:\$|\*|\+|\)|\?|\]|\})$/.test(pattern);

function neverMatches(pattern: string): Problem {
  if (surelyTakesSomething(pattern)) return undefined;
  const reading = readingOf(pattern);
  return reading && reading.takes === undefined
    ? `no path matches ${pattern}: the pattern has to match the whole path, which begins with / (.*${pattern} takes paths that end so)`
    : undefined;
}

function wholePath(pattern: string): Problem {
  if (!isPlainText(pattern) && !isOpenEnded(pattern)) return undefined;
  const reading = readingOf(pattern);
  if (!reading || reading.takes === undefined || reading.below) return undefined;
  return `the pattern has to match the whole path: it takes ${reading.takes}, and not ${reading.takes}/x or ${reading.takes}x; write ${pattern}(/.*)? for what is below, or exact for the path alone`;
}

/** Paths of a VirtualService and of an HTTPRoute, in one test. */
const patterns = (problem: (pattern: string) => Problem): FieldCheck[] => {
  const known = new Map<string, Problem>();
  const once = (pattern: string): Problem => {
    if (!known.has(pattern)) known.set(pattern, problem(pattern));
    return known.get(pattern);
  };
  const ofRoute: FieldTest = (value: Json) => {
    const path = objectOf(value);
    const pattern = path?.type === 'RegularExpression' ? stringOf(path.value) : undefined;
    const message = pattern === undefined ? undefined : once(pattern);
    return typeof message === 'string' ? { message, path: ['value'] } : undefined;
  };
  return [
    ...at(VIRTUAL_SERVICE, 'spec.http[].match[].uri.regex', (value) =>
      typeof value === 'string' ? once(value) : undefined,
    ),
    ...at('gateway.networking.k8s.io/HTTPRoute', 'spec.rules[].matches[].path', ofRoute),
  ];
};

export const rules: readonly Rule[] = [
  {
    code: 'MGW0159',
    name: 'regex-matches-nothing',
    severity: 'warning',
    category: 'reachability',
    title: 'No path can match a regular expression',
    docs: {
      happens: 'The rule never takes a request: RE2 has to match the whole path, and every path begins with a slash.',
      instead: 'A pattern for the whole path: `.*\\.png` instead of `\\.png`.',
      bad: uri('\\.png$'),
      good: uri('.*\\.png'),
    },
    fields: patterns(neverMatches),
  },
  {
    code: 'MGW0160',
    name: 'regex-whole-path',
    severity: 'info',
    category: 'reachability',
    title: 'A regular expression that looks like the beginning of a path matches only the whole path',
    docs: {
      happens: 'Envoy compares the pattern with the whole path. nginx would also take everything that begins so.',
      instead: '`prefix`, or a pattern that ends with `.*`; `exact` where only the path itself is meant.',
      bad: httpRoute(
        'parentRefs: [{name: shop}]\nrules:\n- matches: [{path: {type: RegularExpression, value: "^/api/v[12]/users"}}]\n  backendRefs: [{name: shop, port: 80}]',
      ),
      good: uri('/api/v[12]/users(/.*)?'),
    },
    fields: patterns(wholePath),
  },
];
