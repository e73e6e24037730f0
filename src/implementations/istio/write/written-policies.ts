// Policies that no object of the files is (filters of an Envoy's configuration) as RequestAuthentications and AuthorizationPolicies. Istio's
// hold for the whole gateway: only what all of its filter chains ask is written. Each object is read back, and where Istio would make
// something else of it, it is not written: the rules behind it are closed.

import type { Report } from '../../../dialects/item-list.js';
import {
  type AuthorizationPolicy,
  type AuthorizationRule,
  chainPlaces,
  type EffectiveGateway,
  type FilterChain,
  type HttpChain,
  type JwtRule,
  type Origin,
  type Resource,
} from '../../../model/index.js';
import { compareText } from '../../../resources/fields.js';
import { jwtRules } from '../authentication.js';
import { authorizationPolicy } from '../authorization.js';
import { isPolicyObject, type NewPlace } from './moved-policies.js';
import { ruleFields } from './policy-fields.js';
import { slug } from './slug.js';

type Fields = Readonly<Record<string, unknown>>;
type Policy = JwtRule | AuthorizationPolicy;

/** A policy, and the `spec` that says it, without what it is bound to. */
interface Said {
  readonly kind: 'RequestAuthentication' | 'AuthorizationPolicy';
  readonly name: string;
  readonly spec: Fields;
  readonly origin: Origin;
}

interface Sayable {
  readonly said: readonly Said[];
  /** Policies of chains that are among them, by what they say. */
  readonly keys: ReadonlySet<string>;
}

const known = new WeakMap<EffectiveGateway, Sayable>();

/** The objects, for the gateway that takes its place. */
export const writtenPolicies = (gateway: EffectiveGateway, place: NewPlace): { object: Fields; origin: Origin }[] =>
  sayableOf(gateway).said.map(({ kind, name, spec, origin }) => ({
    object: {
      apiVersion: 'security.istio.io/v1',
      kind,
      metadata: { name: `${place.name}-${name}`, namespace: place.namespace },
      spec: { ...place.binding, ...spec },
    },
    origin,
  }));

/** Whether an object of Istio says it: one of the files, or one that is written. */
export const isSaid = (policy: Policy, gateway: EffectiveGateway): boolean =>
  isPolicyObject(policy.origin.resource) || sayableOf(gateway).keys.has(keyOf(policy));

/** One item for each policy that is not written. */
export function noteUnsaid(gateway: EffectiveGateway, report: Report): void {
  for (const policy of [...chainPlaces(gateway)].flatMap(({ chain }) => policiesOf(chain)))
    if (!isSaid(policy, gateway))
      report.add('policies', 'no policy of Istio says the same for the whole gateway', policy.origin);
}

const policiesOf = (chain: FilterChain): readonly Policy[] => [
  ...((chain.kind === 'http' && chain.policies?.authentication) || []),
  ...(chain.policies?.authorization ?? []),
];

function sayableOf(gateway: EffectiveGateway): Sayable {
  let sayable = known.get(gateway);
  if (!sayable) known.set(gateway, (sayable = compute(gateway)));
  return sayable;
}

function compute(gateway: EffectiveGateway): Sayable {
  const chains = [...chainPlaces(gateway)].map(({ chain }) => chain);
  const first = chains.find((chain): chain is HttpChain => chain.kind === 'http');
  const said: Said[] = [];
  const keys = new Set<string>();
  const names = new Set<string>();
  const name = (wanted: string): string => {
    let free = wanted;
    for (let n = 2; names.has(free); n++) free = `${wanted}-${n}`;
    names.add(free);
    return free;
  };
  const tokens = tokensOf(first, chains);
  if (tokens) {
    said.push({ ...tokens.said, name: name('tokens') });
    for (const rule of tokens.rules) keys.add(keyOf(rule));
  }
  for (const policy of first?.policies?.authorization ?? []) {
    if (isPolicyObject(policy.origin.resource)) continue;
    const spec = specOf(policy, chains);
    if (!spec) continue;
    said.push({ kind: 'AuthorizationPolicy', name: name(slugOf(policy.name)), spec, origin: policy.origin });
    for (const chain of chains)
      for (const same of chain.policies?.authorization ?? []) if (same.name === policy.name) keys.add(keyOf(same));
  }
  return { said, keys };
}

/** Of the name of a policy, which may be any text. */
const slugOf = (name: string): string =>
  name === '' ? 'rbac' : slug(name.toLowerCase()).slice(0, 40).replace(/-+$/, '');

/** Without places. */
const keyOf = (policy: Policy): string =>
  JSON.stringify(policy, (key, value: unknown) => (key === 'origin' || key === 'key' ? undefined : value));

/** The token rules, where all chains have the same. */
function tokensOf(
  first: HttpChain | undefined,
  chains: readonly FilterChain[],
): { readonly said: Omit<Said, 'name'>; readonly rules: readonly JwtRule[] } | undefined {
  const rules = (first?.policies?.authentication ?? []).filter(({ origin }) => !isPolicyObject(origin.resource));
  const [rule] = rules;
  if (!rule) return undefined;
  const sorted = (list: readonly JwtRule[]) => list.map(keyOf).sort().join('\n');
  const same = chains.every((c) => c.kind === 'l4' || sorted(c.policies?.authentication ?? []) === sorted(rules));
  const spec = { jwtRules: [...rules].sort((a, b) => compareText(a.issuer, b.issuer)).map(jwtFields) };
  if (!same || sorted(jwtRules([objectOf('RequestAuthentication', spec)])) !== sorted(rules)) return undefined;
  return { said: { kind: 'RequestAuthentication', spec, origin: rule.origin }, rules };
}

function jwtFields(rule: JwtRule): Fields {
  const listed = (name: string, list: readonly unknown[]) => (list.length > 0 ? { [name]: list } : {});
  return {
    issuer: rule.issuer,
    ...listed('audiences', rule.audiences),
    ...(rule.jwks === undefined ? {} : { jwks: rule.jwks }),
    ...(rule.jwksUri === undefined ? {} : { jwksUri: rule.jwksUri }),
    ...listed(
      'fromHeaders',
      rule.fromHeaders.map(({ name, prefix }) => (prefix ? { name, prefix } : { name })),
    ),
    ...listed('fromParams', rule.fromParams),
    ...listed('fromCookies', rule.fromCookies),
    ...(rule.forwardOriginalToken ? { forwardOriginalToken: true } : {}),
    ...(rule.outputPayloadToHeader ? { outputPayloadToHeader: rule.outputPayloadToHeader } : {}),
    ...listed('outputClaimToHeaders', rule.outputClaimToHeaders),
    ...listed(
      'spaceDelimitedClaims',
      rule.spaceDelimitedClaims.filter((c) => c !== 'permission' && c !== 'scope'),
    ),
  };
}

/** Undefined: Istio has no words for it, or it is not the same in all chains. */
function specOf(policy: AuthorizationPolicy, chains: readonly FilterChain[]): Fields | undefined {
  const { action, rules, dryRun, first } = policy;
  if (action === 'AUDIT' || dryRun || first) return undefined;
  const fields = rules.map(ruleFields);
  if (!fields.every((rule) => rule !== undefined)) return undefined;
  const spec = { action, ...(fields.length > 0 ? { rules: fields.flat() } : {}) };
  const object = objectOf('AuthorizationPolicy', spec);
  const readBack = { http: authorizationPolicy(object, action, false), l4: authorizationPolicy(object, action, true) };
  const isSame = (chain: FilterChain): boolean => {
    const here = chain.policies?.authorization.filter(({ name, action: a }) => name === policy.name && a === action);
    return here?.length === 1 && alternativesOf(here[0]!.rules) === alternativesOf(readBack[chain.kind].rules);
  };
  return chains.every(isSame) ? spec : undefined;
}

/** What rules ask, whatever list of a rule each condition stands in. */
function alternativesOf(rules: readonly AuthorizationRule[]): string {
  const orOne = <T>(list: readonly (readonly T[])[]) => (list.length === 0 ? [[]] : list);
  return rules
    .flatMap(({ from, to, when }) => orOne(from).flatMap((f) => orOne(to).map((t) => [...f, ...t, ...when])))
    .map((conditions) =>
      conditions
        .flatMap(({ test }) => halves(test))
        .sort()
        .join(' '),
    )
    .sort()
    .join('\n');
}

/** Values and excluded values are two conditions. */
function halves({ values, notValues, ...test }: AuthorizationRule['when'][number]['test']): string[] {
  const half = (name: string, list: readonly unknown[] | undefined): string[] =>
    list ? [JSON.stringify([test, name, list.map((v) => JSON.stringify(v)).sort()])] : [];
  return [...half('is', values), ...half('is not', notValues)];
}

/** As if a file held it. */
const objectOf = (kind: Said['kind'], spec: Fields): Resource => {
  const text = JSON.stringify({ apiVersion: 'security.istio.io/v1', kind, metadata: { name: 'policy' }, spec });
  return {
    ...{ apiVersion: 'security.istio.io/v1', group: 'security.istio.io', version: 'v1', kind },
    ...{ name: 'policy', namespace: 'default', labels: {}, annotations: {}, order: 0, base: [] },
    object: JSON.parse(text) as Resource['object'],
    document: { file: '', startLine: 1, text },
  };
};
