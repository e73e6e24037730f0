// The rules of TCP routers as tests on connections: matchers in pkg/muxer/tcp.

import { type DomainPattern, table } from '../../model/index.js';
import { Disabled } from './names.js';
import { goRegex } from './rules/go-regex.js';
import { isAddress } from './rules/literals.js';
import { parseRule, RuleError, type RuleTree } from './rules/parse.js';
import { anywhere, templatePattern } from './rules/patterns.js';

export type TcpLiteral = { readonly not: boolean } & (
  | { readonly on: 'sni'; readonly hosts: readonly DomainPattern[] }
  | { readonly on: 'sni-regex'; readonly pattern: string }
  | { readonly on: 'client'; readonly cidrs: readonly string[] }
  | { readonly on: 'alpn'; readonly protocol: string }
  | { readonly on: 'always' }
);

type Matcher = (args: readonly string[]) => readonly TcpLiteral[];

const NAME = /^(\*\.)?[\w.\-:]+$/;

const one =
  (make: (arg: string) => TcpLiteral): Matcher =>
  (args) => {
    if (args.length !== 1) throw new RuleError(`it takes 1 argument and has ${args.length}`);
    return [make(args[0]!)];
  };

function sni(name: string): TcpLiteral {
  if (name === '*') return { on: 'always', not: false };
  if (!NAME.test(name)) throw new RuleError(`${name} is no host name`);
  const host = name.replace(/\.$/, '').toLowerCase();
  return host.startsWith('*.')
    ? { on: 'sni', not: false, hosts: [{ kind: 'one-label', value: host.slice(1) }] }
    : { on: 'sni', not: false, hosts: [{ kind: 'exact', value: host }] };
}

function alpn(protocol: string): TcpLiteral {
  if (protocol === 'acme-tls/1') throw new RuleError('acme-tls/1 is not allowed in ALPN');
  return { on: 'alpn', not: false, protocol };
}

function address(ip: string): string {
  if (!isAddress(ip)) throw new RuleError(`${ip} is no address and no range`);
  return ip;
}

const client = (ip: string): TcpLiteral => ({ on: 'client', not: false, cidrs: [address(ip)] });

const V3 = table<Matcher>({
  ALPN: one(alpn),
  ClientIP: one(client),
  HostSNI: one(sni),
  HostSNIRegexp: one((pattern) => ({ on: 'sni-regex', not: false, pattern: anywhere(goPattern(pattern)) })),
});

const V2 = table<Matcher>({
  ALPN: (args) => args.map(alpn),
  ClientIP: (args) => [{ on: 'client', not: false, cidrs: args.map(address) }],
  // Without wildcards.
  HostSNI: (args) => {
    const wildcard = args.find((name) => name.startsWith('*.'));
    if (wildcard !== undefined) throw new RuleError(`${wildcard} is no host name`);
    return args.map(sni);
  },
  HostSNIRegexp: (args) =>
    args.map((template) => ({ on: 'sni-regex', not: false, pattern: goPattern(templatePattern(template, '[^.]+')) })),
});

function goPattern(pattern: string): string {
  try {
    return goRegex(pattern);
  } catch (error) {
    if (error instanceof Disabled) throw new RuleError(error.message);
    throw error;
  }
}

/** As tests, in the syntax of version 3 or 2. @throws RuleError */
export function compiled(
  match: string,
  v2: boolean,
): { readonly tree: RuleTree; readonly alternatives: readonly (readonly TcpLiteral[])[] } {
  const matchers = v2 ? V2 : V3;
  const tree = parseRule(match, [...matchers.keys()]);
  return { tree, alternatives: alternativesOf(tree, matchers) };
}

const MAX_ALTERNATIVES = 256;

function alternativesOf(tree: RuleTree, matchers: ReadonlyMap<string, Matcher>): readonly (readonly TcpLiteral[])[] {
  if (tree.kind === 'call') {
    if (tree.args.length === 0 || tree.args.includes('')) throw new RuleError(`${tree.matcher} has an empty argument`);
    const literals = matchers.get(tree.matcher)!(tree.args).map((l) => ({ ...l, not: tree.not }));
    return tree.not ? [literals] : literals.map((l) => [l]);
  }
  const [left, right] = [alternativesOf(tree.left, matchers), alternativesOf(tree.right, matchers)];
  const all = tree.kind === 'or' ? [...left, ...right] : left.flatMap((l) => right.map((r) => [...l, ...r]));
  if (all.length > MAX_ALTERNATIVES) throw new RuleError(`the rule has more than ${MAX_ALTERNATIVES} alternatives`);
  return all;
}

/** What HostSNI names in it, negated or not. */
export function snisOf(tree: RuleTree): readonly string[] {
  if (tree.kind !== 'call') return [...snisOf(tree.left), ...snisOf(tree.right)];
  return tree.matcher === 'HostSNI' ? tree.args : [];
}
