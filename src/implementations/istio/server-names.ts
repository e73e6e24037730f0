// Tests of the server name (connection.sni) and the port in DENY policies, as one chain meets them: which names come there is known from the
// chain, so that most tests hold for all of its connections or for none. What is left of the policies of bytes is what they do there.

import type {
  AuthorizationCondition,
  AuthorizationPolicy,
  AuthorizationRule,
  DomainPattern,
  FilterChain,
  StringMatcher,
} from '../../model/index.js';

/** How many of some names a test takes. */
type Share = 'all' | 'none' | 'some';

/** Those of DENY without the tests of names that hold for every connection of the chain, and without the rules that hold for none. */
export function atServerNames(
  policies: readonly AuthorizationPolicy[],
  chain: FilterChain,
): readonly AuthorizationPolicy[] {
  const names = namesOf(chain);
  const isTest = ({ test }: AuthorizationCondition) => test.on === 'sni';
  if (!names || !policies.some((p) => p.rules.some(({ when }) => when.some(isTest)))) return policies;
  return withRules(policies, (rule) => {
    const when = rule.when.filter((c) => holds(c, names) !== 'all');
    return when.some((c) => holds(c, names) === 'none') ? [] : [{ ...rule, when }];
  });
}

/** Those of DENY without the rules for other ports. */
export const atPort = (policies: readonly AuthorizationPolicy[], port: number): readonly AuthorizationPolicy[] =>
  withRules(policies, (rule) => {
    const isHere = ({ test }: AuthorizationCondition) =>
      test.on !== 'port' || ((test.values?.includes(port) ?? true) && !test.notValues?.includes(port));
    const to = rule.to.filter((operation) => operation.every(isHere));
    const isNever = (rule.to.length > 0 && to.length === 0) || !rule.when.every(isHere);
    return isNever ? [] : [{ ...rule, to }];
  });

/** A policy of DENY that is left without rules does nothing. */
const withRules = (
  policies: readonly AuthorizationPolicy[],
  change: (rule: AuthorizationRule) => readonly AuthorizationRule[],
): readonly AuthorizationPolicy[] =>
  policies.flatMap((policy) => {
    if (policy.action !== 'DENY') return [policy];
    const rules = policy.rules.flatMap(change);
    return rules.length === 0 && policy.rules.length > 0 ? [] : [{ ...policy, rules }];
  });

/** Undefined: any. No name is the empty one. */
function namesOf({ kind, match, tls }: FilterChain): readonly DomainPattern[] | undefined {
  if (match.sni) return match.sni;
  return kind === 'http' && !tls ? [{ kind: 'exact', value: '' }] : undefined;
}

function holds({ test }: AuthorizationCondition, names: readonly DomainPattern[]): Share {
  if (test.on !== 'sni') return 'some';
  const some = test.values ? share(names, test.values) : 'all';
  const none = test.notValues ? share(names, test.notValues) : 'none';
  if (some === 'none' || none === 'all') return 'none';
  return some === 'all' && none === 'none' ? 'all' : 'some';
}

function share(names: readonly DomainPattern[], matchers: readonly StringMatcher[]): Share {
  const shares = names.map((name): Share => {
    const each = matchers.map((matcher) => shareOf(name, matcher));
    if (each.includes('all')) return 'all';
    return each.every((s) => s === 'none') ? 'none' : 'some';
  });
  const [first = 'none'] = shares;
  return shares.every((s) => s === first) ? first : 'some';
}

function shareOf(name: DomainPattern, matcher: StringMatcher): Share {
  if (matcher.kind === 'exact' && matcher.ignoreCase) return 'some';
  if (matcher.kind === 'exact' && name.kind === 'exact') return name.value === matcher.value ? 'all' : 'none';
  if (matcher.kind === 'exact' && name.kind === 'suffix') return matcher.value.endsWith(name.value) ? 'some' : 'none';
  if (matcher.kind !== 'suffix' || matcher.ignoreCase) return 'some';
  if (name.kind === 'exact') return name.value.endsWith(matcher.value) ? 'all' : 'none';
  if (name.kind !== 'suffix') return 'some';
  if (name.value.endsWith(matcher.value)) return 'all';
  return matcher.value.endsWith(name.value) ? 'some' : 'none';
}
