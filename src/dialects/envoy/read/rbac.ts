// Rules of Envoy's RBAC filters as authorization policies: trees of `and`, `or`, `not` as alternatives of conditions, in the shape in which
// Istio writes them where they have it (pilot/pkg/security/authz/model; source/extensions/filters/common/rbac/matchers.cc).

import {
  type AuthorizationCondition,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type AuthorizationTest,
  append,
  type Origin,
  type StringMatcher,
  table,
} from '../../../model/index.js';
import { cidrOf } from './addresses.js';
import { templateOf } from './match.js';
import { headerMatcher, stringMatcher } from './match-text.js';
import { claimTest } from './metadata.js';
import type { NamedObject, NamedOrigins } from './named-objects.js';
import { entries, field, list, type Node, originAt } from './node.js';
import { uriTemplate } from './uri-template.js';
import { enumeration, number } from './values.js';

/** What one of Envoy's conditions tests: a single value of a property. */
type Leaf = { readonly key: string; readonly test: AuthorizationTest };
type Tree =
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly negated: boolean }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Tree[] };

const TRUE: Tree = { kind: 'and', of: [] };
const FALSE: Tree = { kind: 'or', of: [] };

export interface RbacRead {
  readonly policies: readonly AuthorizationPolicy[];
  readonly unread: readonly string[];
}

const ACTIONS = ['ALLOW', 'DENY', 'LOG'];
const NAME = /^ns\[(.*)\]-policy\[(.*)\]-rule\[\d+\]$/;

/** `node`: an RBAC filter, or the rules of one route. */
export function rbacOf(node: Node, origins: NamedOrigins): RbacRead {
  const unread: string[] = [];
  if (field(node, 'matcher')) unread.push('a tree of matchers that decides about access');
  const rules = field(node, 'rules');
  const action = enumeration(rules, 'action', ACTIONS) ?? 'ALLOW';
  if (!rules || action === 'LOG') return { policies: [], unread };
  const named = new Map<string, AuthorizationPolicy & { readonly rules: AuthorizationRule[] }>();
  for (const [name, policy] of entries(field(rules, 'policies'))) {
    const object = objectOf(name);
    const origin = origins.of(policy, object);
    const key = object ? `${object.namespace}/${object.name}` : name;
    const known = named.get(key);
    const rule = ruleOf(name, policy, origin, unread);
    if (known) append(known.rules, rule);
    else {
      const { namespace, name: own } = object ?? { namespace: '', name };
      named.set(key, { action: action === 'DENY' ? 'DENY' : 'ALLOW', name: own, namespace, rules: rule, origin });
    }
  }
  const policies: AuthorizationPolicy[] = [...named.values()];
  // Nobody is let in where the rules of an ALLOW filter are empty.
  if (policies.length === 0 && action === 'ALLOW')
    policies.push({ action: 'ALLOW', name: 'rbac', namespace: '', rules: [], origin: originAt(rules) });
  return { policies, unread };
}

function objectOf(policy: string): NamedObject | undefined {
  const [, namespace, name] = NAME.exec(policy) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  return { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace, name };
}

/** None where no request matches. */
function ruleOf(name: string, policy: Node, origin: Origin, unread: string[]): AuthorizationRule[] {
  if (field(policy, 'condition') || field(policy, 'checked_condition'))
    unread.push(`the CEL condition of policy ${name}`);
  const to = alternatives(list(policy, 'permissions'), unread);
  const from = alternatives(list(policy, 'principals'), unread);
  if (!to || !from) unread.push(`policy ${name}, which has too many alternatives`);
  else if (to.length > 0 && from.length > 0) return [{ from: trimmed(from), to: trimmed(to), when: [], origin }];
  return [];
}

/** No test where an alternative holds always. */
const trimmed = (entries: AuthorizationRule['from']): AuthorizationRule['from'] =>
  entries.some((conditions) => conditions.length === 0) ? [] : entries;

const MOST_ALTERNATIVES = 256;

/** Undefined: too many. */
function alternatives(nodes: readonly Node[], unread: string[]): AuthorizationCondition[][] | undefined {
  const found: AuthorizationCondition[][] = [];
  for (const node of nodes) {
    const products = productsOf(treeOf(node, unread));
    if (!products || found.length + products.length > MOST_ALTERNATIVES) return undefined;
    append(found, products);
  }
  return found;
}

/** A tree as alternatives of conditions that all hold. */
function productsOf(tree: Tree): AuthorizationCondition[][] | undefined {
  const one = conditionOf(tree);
  if (one) return [[one]];
  if (tree.kind === 'leaf') return [[literal(tree)]];
  if (tree.kind === 'or') {
    const all: AuthorizationCondition[][] = [];
    for (const part of tree.of) {
      const products = productsOf(part);
      if (!products || all.length + products.length > MOST_ALTERNATIVES) return undefined;
      append(all, products);
    }
    return all;
  }
  let all: AuthorizationCondition[][] = [[]];
  for (const part of tree.of) {
    const products = productsOf(part);
    if (!products || all.length * products.length > MOST_ALTERNATIVES) return undefined;
    all = all.flatMap((left) => products.map((right) => [...left, ...right]));
  }
  return all;
}

/** One condition: values of one property, any of which (or none of which) it has. */
function conditionOf(tree: Tree): AuthorizationCondition | undefined {
  const leaves = tree.kind === 'leaf' ? [tree] : tree.of;
  if (tree.kind === 'and' && leaves.length !== 1 && !leaves.every((t) => t.kind === 'leaf' && t.negated))
    return undefined;
  const [first] = leaves;
  if (first?.kind !== 'leaf') return undefined;
  const same = (t: Tree): t is Extract<Tree, { kind: 'leaf' }> =>
    t.kind === 'leaf' &&
    t.negated === first.negated &&
    t.leaf.key === first.leaf.key &&
    t.leaf.test.on === first.leaf.test.on;
  if (!leaves.every(same)) return undefined;
  // Of `or` only what is not negated, of `and` only what is.
  if (leaves.length > 1 && first.negated !== (tree.kind === 'and')) return undefined;
  const values = leaves.flatMap((t): readonly unknown[] =>
    same(t) ? ((t.leaf.test.values as readonly unknown[] | undefined) ?? []) : [],
  );
  return withValues(first.leaf, values, first.negated);
}

const literal = ({ leaf, negated }: Extract<Tree, { kind: 'leaf' }>): AuthorizationCondition =>
  withValues(leaf, leaf.test.values ?? [], negated);

function withValues({ key, test }: Leaf, values: readonly unknown[], negated: boolean): AuthorizationCondition {
  const { values: _, ...rest } = test;
  return { key, test: { ...rest, [negated ? 'notValues' : 'values']: values } as AuthorizationTest };
}

/** `negated` is pushed down to the leaves. */
function treeOf(node: Node, unread: string[], negated = false): Tree {
  for (const name of ['and_rules', 'and_ids']) {
    const found = field(node, name);
    if (found) return joined(found, 'and', negated, unread);
  }
  for (const name of ['or_rules', 'or_ids']) {
    const found = field(node, name);
    if (found) return joined(found, 'or', negated, unread);
  }
  const not = field(node, 'not_rule') ?? field(node, 'not_id');
  if (not) return treeOf(not, unread, !negated);
  if (field(node, 'any')) return negated ? FALSE : TRUE;
  const leaf = leafOf(node, negated);
  if (leaf === 'never') return negated ? TRUE : FALSE;
  if (leaf) return leaf;
  unread.push(`a condition on ${Object.keys(node.value as object)[0] ?? 'nothing'}`);
  return { kind: 'leaf', leaf: { key: 'unknown', test: { on: 'unknown', values: ['unread'] } }, negated };
}

function joined(node: Node, kind: 'and' | 'or', negated: boolean, unread: string[]): Tree {
  const parts = [...list(node, 'rules'), ...list(node, 'ids')];
  const principal = kind === 'and' ? requestPrincipal(parts) : undefined;
  if (principal) return { kind: 'leaf', leaf: principal, negated };
  const of = parts.map((part) => treeOf(part, unread, negated));
  return { kind: negated ? (kind === 'and' ? 'or' : 'and') : kind, of };
}

/** Issuer and subject of the token together: what Istio makes of `requestPrincipals`. */
function requestPrincipal(parts: readonly Node[]): Leaf | undefined {
  if (parts.length !== 2) return undefined;
  const claims = parts.map((part) => claimTest(field(part, 'metadata')));
  const named = (name: string): StringMatcher | undefined => {
    const values = claims.find((c) => c?.claim.length === 1 && c.claim[0] === name)?.values;
    return values?.length === 1 ? values[0] : undefined;
  };
  const [issuer, subject] = [named('iss'), named('sub')];
  if (!issuer || !subject) return undefined;
  return { key: 'requestPrincipals', test: { on: 'request-principal', values: [{ issuer, subject }] } };
}

const ADDRESSES = {
  direct_remote_ip: 'peer',
  source_ip: 'peer',
  remote_ip: 'client',
  destination_ip: 'gateway',
} as const;

function leafOf(node: Node, negated: boolean): Tree | 'never' | undefined {
  const leaf = (key: string, test: AuthorizationTest): Tree => ({ kind: 'leaf', leaf: { key, test }, negated });
  const path = field(node, 'url_path');
  if (path) {
    const matcher = stringMatcher(field(path, 'path'));
    return matcher && leaf('paths', { on: 'path', values: [matcher] });
  }
  const template = templateOf(field(node, 'uri_template'));
  if (template !== undefined)
    return leaf('paths', { on: 'path', values: [{ kind: 'regex', pattern: uriTemplate(template).pattern }] });
  const header = field(node, 'header');
  if (header) return headerLeaf(header, negated);
  for (const [name, address] of Object.entries(ADDRESSES)) {
    const range = field(node, name);
    if (range)
      return leaf(address === 'client' ? 'remoteIpBlocks' : 'ipBlocks', {
        on: 'address',
        address,
        values: [cidrOf(range)],
      });
  }
  const port = number(node, 'destination_port');
  if (port !== undefined) return leaf('ports', { on: 'port', values: [port] });
  const sni = field(node, 'requested_server_name');
  if (sni) {
    const matcher = stringMatcher(sni);
    return matcher && leaf('connection.sni', { on: 'sni', values: [matcher] });
  }
  const claim = claimTest(field(node, 'metadata'));
  if (claim)
    return leaf(`request.auth.claims[${claim.claim.join('][')}]`, {
      on: 'claim',
      claim: claim.claim,
      values: claim.values,
    });
  const authenticated = field(node, 'authenticated');
  if (authenticated) {
    const name = field(authenticated, 'principal_name');
    const matcher = name ? stringMatcher(name) : ({ kind: 'any' } as const);
    return matcher && leaf('principals', { on: 'peer-identity', values: [matcher] });
  }
  return undefined;
}

const HEADER_KEYS = table<string>({ ':method': 'methods', ':authority': 'hosts' });

function headerLeaf(node: Node, negated: boolean): Tree | undefined {
  const header = headerMatcher(node);
  if (!header) return undefined;
  const { name, value, invert = false, missing = 'no-match' } = header;
  const key = HEADER_KEYS.get(name) ?? `request.headers[${name}]`;
  const test: AuthorizationTest = { on: 'header', name, values: [value] };
  const leaf = (not: boolean): Tree => ({ kind: 'leaf', leaf: { key, test }, negated: not });
  if (!invert && missing === 'no-match') return leaf(negated);
  // "Not there" is the negation of "there".
  if (invert && missing === 'absent') return leaf(!negated);
  const there: AuthorizationTest = { on: 'header', name, values: [{ kind: 'any' }] };
  const present = (not: boolean): Tree => ({ kind: 'leaf', leaf: { key, test: there }, negated: not });
  const both = (kind: 'and' | 'or', ...of: Tree[]): Tree => ({ kind, of });
  // An absent header never matches, negated or not.
  if (invert && missing === 'no-match')
    return negated ? both('or', leaf(false), present(true)) : both('and', leaf(true), present(false));
  return undefined;
}
