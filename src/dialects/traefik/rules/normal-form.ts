// A rule as alternatives, each a list of tests that all have to hold.

import type { Literal, Syntax } from './literals.js';
import { matcherNames, testsOf } from './literals.js';
import { parseRule, RuleError, type RuleTree } from './parse.js';

export type Alternative = readonly Literal[];

/** More alternatives than this are not laid out. */
const MAX_ALTERNATIVES = 512;

export interface CompiledRule {
  readonly alternatives: readonly Alternative[];
  /** The names in its `Host` matchers, in lower case. */
  readonly domains: readonly string[];
}

/** @throws RuleError */
export function compileRule(rule: string, syntax: Syntax): CompiledRule {
  if (rule === '') throw new RuleError('the rule is empty');
  const tree = parseRule(rule, matcherNames(syntax));
  return { alternatives: alternativesOf(tree, syntax), domains: domainsOf(tree) };
}

/**
 * The names in its `Host` matchers, lower case, as TLS reads them (httpmuxer.ParseDomains): negated ones too. It knows the matchers of both
 * syntaxes, and does not look at what they are given. @throws RuleError
 */
export const domainsOfRule = (rule: string): readonly string[] =>
  domainsOf(parseRule(rule, [...matcherNames('v3'), ...matcherNames('v2')]));

function alternativesOf(tree: RuleTree, syntax: Syntax): readonly Alternative[] {
  if (tree.kind === 'call') {
    const tests = testsOf(tree, syntax);
    const literals = tests.map((test): Literal => ({ ...test, not: tree.not }));
    return tree.not ? [literals] : literals.map((literal) => [literal]);
  }
  const left = alternativesOf(tree.left, syntax);
  const right = alternativesOf(tree.right, syntax);
  const all = tree.kind === 'or' ? [...left, ...right] : left.flatMap((l) => right.map((r) => [...l, ...r]));
  if (all.length > MAX_ALTERNATIVES) throw new RuleError(`the rule has more than ${MAX_ALTERNATIVES} alternatives`);
  return all;
}

function domainsOf(tree: RuleTree): readonly string[] {
  if (tree.kind !== 'call') return [...domainsOf(tree.left), ...domainsOf(tree.right)];
  return tree.matcher === 'Host' ? tree.args.map((host) => host.toLowerCase()) : [];
}
