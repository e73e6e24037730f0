// What the matchers of a rule test, as literals: one thing of the request, negated or not. pkg/muxer/http/matcher.go (v3) and
// matcher_v2.go with github.com/containous/mux (v2) of Traefik 3.7.9.

import { type DomainPattern, type StringMatcher, table } from '../../../model/index.js';
import { BadPatternError, compileRegex } from '../../../regex/match.js';
import { RuleError, type RuleTree } from './parse.js';
import { anywhere, templatePattern } from './patterns.js';

/** One test of a request. `not`: it has to fail. */
export type Literal = { readonly not: boolean } & Test;

export type Test =
  /** Any of the patterns takes the host. Lower case, without a dot at the end. */
  | { readonly on: 'host'; readonly hosts: readonly DomainPattern[] }
  /** Patterns for the whole host, in lower case and without a port; any. */
  | { readonly on: 'host-regex'; readonly patterns: readonly string[] }
  | { readonly on: 'path'; readonly value: StringMatcher }
  | { readonly on: 'method'; readonly value: StringMatcher }
  | { readonly on: 'header'; readonly name: string; readonly value: StringMatcher }
  | { readonly on: 'query'; readonly name: string; readonly value: StringMatcher }
  | { readonly on: 'client'; readonly cidrs: readonly string[] }
  | { readonly on: 'always' }
  | { readonly on: 'never' };

export type Syntax = 'v2' | 'v3';

type Matcher = (args: readonly string[]) => readonly Test[];

/** Any other word than `v2` means v3 (parser.go: the parser of v3 is taken where there is none of that name). */
export const syntaxOf = (word: string | undefined): Syntax => (word === 'v2' ? 'v2' : 'v3');

export const matcherNames = (syntax: Syntax): readonly string[] => [...(syntax === 'v2' ? V2 : V3).keys()];

/** The tests of a call, of which one has to hold. @throws RuleError */
export function testsOf({ matcher, args }: Extract<RuleTree, { kind: 'call' }>, syntax: Syntax): readonly Test[] {
  if (args.length === 0) throw new RuleError(`${matcher} has no argument`);
  if (args.includes('')) throw new RuleError(`${matcher} has an empty argument`);
  return (syntax === 'v2' ? V2 : V3).get(matcher)!(args);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);

const withArguments =
  (counts: readonly number[], make: (first: string, second: string | undefined) => Test): Matcher =>
  (args) => {
    if (!counts.includes(args.length))
      throw new RuleError(`it takes ${counts.join(' or ')} arguments and has ${args.length}`);
    return [make(args[0]!, args[1])];
  };

function checked(pattern: string): string {
  try {
    compileRegex(pattern);
  } catch (error) {
    if (error instanceof BadPatternError) throw new RuleError(error.message);
    throw error;
  }
  return pattern;
}

/** Go's patterns are found anywhere. */
const regex = (pattern: string): StringMatcher => ({ kind: 'regex', pattern: anywhere(checked(pattern)) });

function absolute(path: string): string {
  if (!path.startsWith('/')) throw new RuleError(`the path ${path} does not begin with /`);
  return path;
}

/** DomainMatchHostExpression in pkg/muxer: a star is one whole label at the beginning, also an empty one. */
function hostTest(host: string): Test {
  if (host === '*') return { on: 'always' };
  if (!isAscii(host)) throw new RuleError(`the host ${host} is not ASCII`);
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!name.startsWith('*')) return { on: 'host', hosts: [{ kind: 'exact', value: name }] };
  return name.startsWith('*.') && name.length > 2
    ? {
        on: 'host',
        hosts: [
          { kind: 'one-label', value: name.slice(1) },
          { kind: 'exact', value: name.slice(1) },
        ],
      }
    : { on: 'never' };
}

function hostRegex(pattern: string): Test {
  if (!isAscii(pattern)) throw new RuleError(`the pattern ${pattern} is not ASCII`);
  return { on: 'host-regex', patterns: [anywhere(checked(pattern))] };
}

/** ip.NewChecker in pkg/ip/checker.go. */
function cidrsOf(texts: readonly string[]): readonly string[] {
  for (const text of texts) if (!isAddress(text)) throw new RuleError(`${text} is no address and no range`);
  return texts;
}

/** An address, or a range with the number of its bits (net.ParseIP, net.ParseCIDR). */
export function isAddress(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isAddress4(address) ? Number(bits) <= 32 : isAddress6(address) && Number(bits) <= 128;
}

const isAddress4 = (text: string): boolean =>
  /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((n) => Number(n) < 256 && String(Number(n)) === n);

function isAddress6(text: string): boolean {
  const [, front, tail = ''] = /^(.*:)([^:]*\.[^:]*)$/.exec(text) ?? [];
  if (front !== undefined && !isAddress4(tail)) return false;
  const halves = (front === undefined ? text : `${front}0:0`).split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (halves.length > 2 || groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

/** A name that a client can send (RFC 9110, token). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** net/http takes `Host` out of the headers. */
const header = (name: string, value: StringMatcher): Test =>
  name.toLowerCase() === 'host' || !TOKEN.test(name)
    ? { on: 'never' }
    : { on: 'header', name: name.toLowerCase(), value };

const exact = (value: string): StringMatcher => ({ kind: 'exact', value });

const V3 = table<Matcher>({
  ClientIP: withArguments([1], (ip) => ({ on: 'client', cidrs: cidrsOf([ip]) })),
  Method: withArguments([1], (method) => ({ on: 'method', value: exact(method.toUpperCase()) })),
  Host: withArguments([1], hostTest),
  HostRegexp: withArguments([1], hostRegex),
  Path: withArguments([1], (path) => ({ on: 'path', value: exact(absolute(path)) })),
  PathRegexp: withArguments([1], (pattern) => ({ on: 'path', value: regex(pattern) })),
  PathPrefix: withArguments([1], (path) => ({ on: 'path', value: { kind: 'prefix', value: absolute(path) } })),
  Header: withArguments([2], (name, value) => header(name, exact(value!))),
  HeaderRegexp: withArguments([2], (name, value) => header(name, regex(value!))),
  Query: withArguments([1, 2], (name, value) => ({ on: 'query', name, value: exact(value ?? '') })),
  QueryRegexp: withArguments([1, 2], (name, value) => ({
    on: 'query',
    name,
    value: value === undefined ? exact('') : regex(value),
  })),
});

const each =
  (make: (arg: string) => Test): Matcher =>
  (args) =>
    args.map(make);

/** Names and values by turns; all have to hold, so that only one pair is a test of its own. */
const pairs =
  (make: (name: string, value: string) => Test): Matcher =>
  (args) => {
    if (args.length !== 2) throw new RuleError('it takes one name and one value');
    return [make(args[0]!, args[1]!)];
  };

function hostV2(host: string): Test {
  if (!isAscii(host)) throw new RuleError(`the host ${host} is not ASCII`);
  return { on: 'host', hosts: [{ kind: 'exact', value: host.toLowerCase().replace(/\.$/, '') }] };
}

const V2 = table<Matcher>({
  Host: each(hostV2),
  HostHeader: each(hostV2),
  HostRegexp: each((template) => {
    if (!isAscii(template)) throw new RuleError(`the template ${template} is not ASCII`);
    return { on: 'host-regex', patterns: [checked(`(?i:${templatePattern(template, '[^.]+')})`)] };
  }),
  ClientIP: each((ip) => ({ on: 'client', cidrs: cidrsOf([ip]) })),
  Path: each((path) => ({ on: 'path', value: pathTemplate(path, false) })),
  PathPrefix: each((path) => ({ on: 'path', value: pathTemplate(path, true) })),
  Method: each((method) => ({ on: 'method', value: exact(method.toUpperCase()) })),
  Headers: pairs((name, value) => header(name, value === '' ? { kind: 'any' } : exact(value))),
  HeadersRegexp: pairs((name, value) => header(name, regex(value))),
  Query: (args) => {
    if (args.length !== 1) throw new RuleError('it takes one name and value');
    const [, name = args[0]!, value] = /^([^=]*)=(.*)$/s.exec(args[0]!) ?? [];
    if (value === undefined) throw new RuleError('the value of the query parameter is missing');
    return [{ on: 'query', name, value: { kind: 'regex', pattern: checked(templatePattern(value, '.*')) } }];
  },
});

function pathTemplate(path: string, prefix: boolean): StringMatcher {
  absolute(path);
  if (!path.includes('{')) return { kind: prefix ? 'prefix' : 'exact', value: path };
  return { kind: 'regex', pattern: checked(`${templatePattern(path, '[^/]+')}${prefix ? '(?s:.*)' : ''}`) };
}
