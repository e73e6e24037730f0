// Conditions on headers that take less than people think: Envoy compares the whole value of a header (HeaderMatcher.string_match,
// api/envoy/config/route/v3/route_components.proto of Envoy 1.40), and a browser sends all cookies in one.

import { type Json, type JsonObject, type Origin, originOf, own, type Resource } from '../../model/index.js';
import {
  acceptsText,
  compileDfa,
  type Dfa,
  findWord,
  parseRegex,
  RegexSyntaxError,
  TooLargeError,
} from '../../regex/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { httpRule } from '../examples.js';
import type { Finding, Rule } from '../rule.js';

const MOST_STATES = 2000;
/** Characters of values of headers. */
const PRINTABLE = [0x20, 0x7e];
/** Longer ones are for machines. */
const LONGEST = 1024;
const TO_SHOP = 'route:\n- destination: {host: shop}';
const header = (name: string, match: string) => httpRule(`match:\n- headers: {${name}: {${match}}}\n${TO_SHOP}`);

/** Their values hold much more than what one looks for. */
const LONG_VALUES = new Set([
  'user-agent',
  'referer',
  'accept',
  'accept-language',
  'accept-encoding',
  'content-type',
  'forwarded',
  'x-forwarded-for',
  'authorization',
  'via',
]);

interface HeaderTest {
  readonly name: string;
  readonly kind: 'exact' | 'regex';
  readonly value: string;
  readonly at: Origin;
}

/** As they are written. */
function* headerTests(catalog: Catalog): Generator<HeaderTest> {
  for (const resource of catalog.ofKind('networking.istio.io/VirtualService'))
    for (const [match, at] of matchesOf(resource, 'http', 'match')) yield* testsByName(resource, match, at);
  for (const group of ['HTTPRoute', 'GRPCRoute'])
    for (const resource of catalog.ofKind(`gateway.networking.k8s.io/${group}`))
      for (const [match, at] of matchesOf(resource, 'rules', 'matches')) yield* testsOfList(resource, match, at);
}

/** A VirtualService has a map. */
function* testsByName(resource: Resource, match: JsonObject, at: Origin): Generator<HeaderTest> {
  for (const field of ['headers', 'withoutHeaders'])
    for (const [name, test] of Object.entries(objectOf(own(match, field)) ?? {}))
      for (const kind of ['exact', 'regex'] as const) {
        const value = stringOf(own(objectOf(test), kind));
        if (value !== undefined)
          yield { name: name.toLowerCase(), kind, value, at: originOf(resource, ...at.path, field, name, kind) };
      }
}

/** A route of the Gateway API has a list. */
function* testsOfList(resource: Resource, match: JsonObject, at: Origin): Generator<HeaderTest> {
  for (const [k, { name, type, value }] of objectsOf(match.headers).entries())
    if (typeof name === 'string' && typeof value === 'string')
      yield {
        name: name.toLowerCase(),
        kind: type === 'RegularExpression' ? 'regex' : 'exact',
        value,
        at: originOf(resource, ...at.path, 'headers', k, 'value'),
      };
}

function* matchesOf(resource: Resource, rulesField: string, matchesField: string) {
  for (const [i, rule] of objectsOf(own(specOf(resource), rulesField)).entries())
    for (const [j, match] of objectsOf(own(rule, matchesField) as Json | undefined).entries())
      yield [match, originOf(resource, 'spec', rulesField, i, matchesField, j)] as const;
}

/** Undefined where it is no RE2, or too large to tell. */
function automatonOf({ kind, value }: HeaderTest): Dfa | undefined {
  if (value.length > LONGEST) return undefined;
  try {
    return compileDfa(
      parseRegex(kind === 'regex' ? value : value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')),
      PRINTABLE,
      MOST_STATES,
    );
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof TooLargeError) return undefined;
    throw error;
  }
}

const isPlainText = (pattern: string): boolean => !/[\\^$.*+?()[\]{}|]/.test(pattern);

function finding(test: HeaderTest): Finding | undefined {
  const { name, kind, value, at } = test;
  if (name.startsWith('@') || name.startsWith(':')) return undefined;
  if (name !== 'cookie' && !LONG_VALUES.has(name))
    return kind === 'regex' && isPlainText(value) && value !== ''
      ? {
          severity: 'info',
          message: `the pattern has to match the whole value: only "${value}" itself matches; write .*${value}.* for values that contain it, or exact`,
          at,
        }
      : undefined;
  // One value that somebody wrote out for `exact` is meant (an Accept or Content-Type of one's own clients).
  if (name !== 'cookie' && kind === 'exact') return undefined;
  const automaton = automatonOf(test);
  const example = automaton && findWord([automaton], ([taken]) => taken!, MOST_STATES);
  if (!automaton || !example) return undefined;
  if (name === 'cookie') {
    const missed = [`a=b; ${example}`, `${example}; a=b`].find((cookies) => !acceptsText(automaton, cookies));
    return missed === undefined
      ? undefined
      : {
          message: `the cookie header holds all cookies of a request and is compared as a whole: this matches "${example}", not "${missed}"; write regex: '(.*;\\s*)?${kind === 'exact' || isPlainText(value) ? example.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : 'name=value'}(;.*)?'`,
          at,
        };
  }
  const isClosed = !acceptsText(automaton, `a ${example}`) && !acceptsText(automaton, `${example} a`);
  return isClosed && isPlainText(value)
    ? {
        message: `the pattern has to match the whole ${name} header: only "${value}" itself matches; write .*${value}.* for values that contain it`,
        at,
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0168',
    name: 'header-whole-value',
    severity: 'warning',
    category: 'reachability',
    title: 'A header condition matches only the whole value',
    docs: () => ({
      happens:
        'Envoy compares the whole value of the header. Browsers send all cookies in one header and long values in User-Agent: almost no request meets the condition.',
      instead: "A pattern with `.*` on both sides; for a cookie `regex: '(.*;\\s*)?user=jason(;.*)?'`.",
      bad: header('cookie', 'regex: user=jason'),
      good: header('cookie', "regex: '(.*;\\s*)?user=jason(;.*)?'"),
    }),
    check: ({ catalog }, report) => {
      for (const test of headerTests(catalog)) {
        const found = finding(test);
        if (found) report(found);
      }
    },
  },
];
