// Authorization policies as rules of Envoy's RBAC filters: AUDIT, DENY, ALLOW, each a filter of its own
// (pilot/pkg/security/authz/builder/builder.go, Istio source of 2026-08-22).

import type {
  AuthorizationCondition,
  AuthorizationPolicy,
  AuthorizationRule,
  StringMatcher,
} from '../../model/index.js';
import { stringMatcher } from './match.js';

type Fields = Record<string, unknown>;

const ACTIONS = [
  ['AUDIT', 'LOG'],
  ['DENY', 'DENY'],
  ['ALLOW', 'ALLOW'],
] as const;

/** One filter configuration per action that is used, in the order in which they run. */
export function rbacRules(policies: readonly AuthorizationPolicy[]): Fields[] {
  return ACTIONS.flatMap(([action, rbac]) => {
    const own = policies.filter((p) => p.action === action);
    if (own.length === 0) return [];
    const rules = (dryRun: boolean) => {
      const some = own.filter((p) => (p.dryRun ?? false) === dryRun);
      return some.length > 0 ? { action: rbac, policies: Object.fromEntries(some.flatMap(named)) } : undefined;
    };
    const [enforced, shadow] = [rules(false), rules(true)];
    return [{ ...(enforced ? { rules: enforced } : {}), ...(shadow ? { shadow_rules: shadow } : {}) }];
  });
}

const NEVER = { permissions: [{ not_rule: { any: true } }], principals: [{ not_id: { any: true } }] };

function named(policy: AuthorizationPolicy): [string, Fields][] {
  const name = (i: number) => `ns[${policy.namespace}]-policy[${policy.name}]-rule[${i}]`;
  if (policy.rules.length === 0) return [[name(0), NEVER]];
  return policy.rules.map((rule, i) => [name(i), rbacPolicy(rule)]);
}

function rbacPolicy({ from, to, when }: AuthorizationRule): Fields {
  const conditions = (entries: AuthorizationRule['from'], more: readonly AuthorizationCondition[]) =>
    (entries.length > 0 ? entries : [[]]).map((entry) => [...entry, ...more]);
  const isPermission = (c: AuthorizationCondition) => PERMISSIONS.has(c.test.on);
  const permissions = conditions(to, when.filter(isPermission));
  const principals = conditions(
    from,
    when.filter((c) => !isPermission(c)),
  );
  return {
    permissions: permissions.map((list) => ({ and_rules: { rules: all(list, PERMISSION) } })),
    principals: principals.map((list) => ({ and_ids: { ids: all(list, PRINCIPAL) } })),
  };
}

/** What is tested beside the client: a permission in Envoy's words. Fields of `operation` are permissions too. */
const PERMISSIONS = new Set(['path', 'port', 'sni', 'unknown']);

interface Words {
  or(list: readonly Fields[]): Fields;
  not(one: Fields): Fields;
}
const PERMISSION: Words = { or: (rules) => ({ or_rules: { rules } }), not: (rule) => ({ not_rule: rule }) };
const PRINCIPAL: Words = { or: (ids) => ({ or_ids: { ids } }), not: (id) => ({ not_id: id }) };

function all(conditions: readonly AuthorizationCondition[], words: Words): Fields[] {
  const list = conditions.flatMap((condition) => {
    const { values, notValues } = matchersOf(condition);
    return [
      ...(values.length > 0 ? [words.or(values)] : []),
      ...(notValues.length > 0 ? [words.not(words.or(notValues))] : []),
    ];
  });
  return list.length > 0 ? list : [{ any: true }];
}

function matchersOf({ test }: AuthorizationCondition): { values: Fields[]; notValues: Fields[] } {
  const both = <T>(
    lists: { readonly values?: readonly T[]; readonly notValues?: readonly T[] },
    of: (v: T) => Fields,
  ) => ({
    values: (lists.values ?? []).map(of),
    notValues: (lists.notValues ?? []).map(of),
  });
  switch (test.on) {
    case 'path':
      return both(test, (m) => ({ url_path: { path: stringMatcher(m) } }));
    case 'header': {
      const { name } = test;
      return both(test, (m) => ({
        header: { name, ...(m.kind === 'any' ? { present_match: true } : { string_match: stringMatcher(m) }) },
      }));
    }
    case 'sni':
      return both(test, (m) => ({ requested_server_name: stringMatcher(m) }));
    case 'claim': {
      const { claim } = test;
      return both(test, (m) => ({ metadata: claimMatcher(claim, m) }));
    }
    case 'request-principal':
      return both(test, ({ issuer, subject }) => ({
        and_ids: {
          ids: [
            { metadata: metadata(['iss'], { string_match: stringMatcher(issuer) }) },
            { metadata: metadata(['sub'], { string_match: stringMatcher(subject) }) },
          ],
        },
      }));
    case 'address': {
      const key = { peer: 'direct_remote_ip', client: 'remote_ip', gateway: 'destination_ip' }[test.address];
      return both(test, (cidr) => ({ [key]: cidrRange(cidr) }));
    }
    case 'port':
      return both(test, (port) => ({ destination_port: port }));
    case 'peer-identity':
      return both(test, (m) => ({ authenticated: { principal_name: stringMatcher(m) } }));
    case 'unknown':
      return both(test, () => ({ not_rule: { any: true } }));
  }
}

const metadata = (claim: readonly string[], value: Fields): Fields => ({
  filter: 'envoy.filters.http.jwt_authn',
  path: ['payload', ...claim].map((key) => ({ key })),
  value,
});

/** Text, or a list with such a text in it. */
function claimMatcher(claim: readonly string[], matcher: StringMatcher): Fields {
  const value = { string_match: stringMatcher(matcher) };
  return metadata(claim, { or_match: { value_matchers: [{ list_match: { one_of: value } }, value] } });
}

function cidrRange(cidr: string): Fields {
  const [address_prefix = '', length] = cidr.split('/');
  return { address_prefix, prefix_len: Number(length ?? (address_prefix.includes(':') ? 128 : 32)) };
}
