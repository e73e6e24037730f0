// Authorization policies as products of predicates, so that they can be explored beside the routes: a list of what is
// denied and, where there are ALLOW policies, a list of what is allowed (simulate/policies/authorize.ts).

import type {
  AuthorizationCondition,
  AuthorizationPolicy,
  AuthorizationRule,
  Engine,
  StringMatcher,
} from '../model/index.js';
import { type Atom, dimensionOfHeader, type Product } from './atoms.js';

export interface GuardRule extends Product {
  readonly policy: AuthorizationPolicy;
  readonly rule: AuthorizationRule;
}

export interface Guards {
  readonly deny: readonly GuardRule[];
  readonly allow: readonly GuardRule[];
  /** The first ALLOW policy: with it, what is not allowed is refused. */
  readonly allowing: AuthorizationPolicy | undefined;
}

const MAX_PRODUCTS = 2_000;

/** undefined: more alternatives than can be multiplied out. AUDIT and dry runs decide nothing. */
export function guardsOf(policies: readonly AuthorizationPolicy[], port: number, engine: Engine): Guards | undefined {
  const deciding = policies.filter((p) => !p.dryRun);
  const of = (action: AuthorizationPolicy['action']) =>
    deciding.filter((p) => p.action === action).flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })));
  const expand = (
    list: readonly { policy: AuthorizationPolicy; rule: AuthorizationRule }[],
  ): GuardRule[] | undefined => {
    const out: GuardRule[] = [];
    for (const entry of list) {
      const products = productsOf(entry.rule, port, engine);
      if (!products || out.length + products.length > MAX_PRODUCTS) return undefined;
      for (const atoms of products) out.push({ ...entry, atoms });
    }
    return out;
  };
  const [deny, allow] = [expand(of('DENY')), expand(of('ALLOW'))];
  return deny && allow ? { deny, allow, allowing: deciding.find((p) => p.action === 'ALLOW') } : undefined;
}

/** Alternatives of which each is a list of atoms. */
type Alternatives = readonly (readonly Atom[])[];

const ALWAYS: Alternatives = [[]];
const NEVER: Alternatives = [];

function productsOf(rule: AuthorizationRule, port: number, engine: Engine): Alternatives | undefined {
  const all = (conditions: readonly AuthorizationCondition[]) =>
    multiply(conditions.map((c) => conditionOf(c, port, engine)));
  const any = (entries: readonly (readonly AuthorizationCondition[])[]): Alternatives | undefined => {
    if (entries.length === 0) return ALWAYS;
    const parts = entries.map(all);
    return parts.includes(undefined) ? undefined : parts.flatMap((p) => p!);
  };
  const parts = [any(rule.from), any(rule.to), all(rule.when)];
  return parts.includes(undefined) ? undefined : multiply(parts as Alternatives[]);
}

function multiply(parts: readonly Alternatives[]): Alternatives | undefined {
  let product: Alternatives = ALWAYS;
  for (const part of parts) {
    if (product.length * part.length > MAX_PRODUCTS) return undefined;
    product = product.flatMap((left) => part.map((right) => [...left, ...right]));
  }
  return product;
}

function conditionOf({ test }: AuthorizationCondition, port: number, engine: Engine): Alternatives {
  const constant = (holds: (list: readonly unknown[]) => boolean): Alternatives =>
    (test.values === undefined || holds(test.values)) && !(test.notValues !== undefined && holds(test.notValues))
      ? ALWAYS
      : NEVER;
  switch (test.on) {
    case 'path':
      return [texts('path', test)];
    case 'header':
      return [texts(dimensionOfHeader(test.name, engine), test)];
    case 'claim':
      return [texts(`claim:${JSON.stringify(test.claim)}`, test)];
    case 'sni':
      return [texts('sni', test)];
    case 'request-principal': {
      const of = (issuer: StringMatcher, subject: StringMatcher, invert: boolean): Atom[] => [
        { dimension: 'claim:["iss"]', test: issuer, invert, absent: invert },
        { dimension: 'claim:["sub"]', test: subject, invert, absent: invert },
      ];
      const some: Alternatives = test.values?.map(({ issuer, subject }) => of(issuer, subject, false)) ?? ALWAYS;
      const none =
        test.notValues?.map(({ issuer, subject }): Alternatives => of(issuer, subject, true).map((a) => [a])) ?? [];
      return multiply([some, ...none]) ?? some;
    }
    case 'address': {
      if (test.address === 'gateway') return constant(() => false);
      const of = (cidrs: readonly string[] | undefined, invert: boolean): Atom[] =>
        cidrs ? [{ dimension: 'source', test: { kind: 'cidrs', cidrs }, invert, absent: false }] : [];
      return [[...of(test.values, false), ...of(test.notValues, true)]];
    }
    case 'port':
      return constant((list) => list.includes(port));
    case 'peer-identity':
    case 'unknown':
      return constant(() => false);
  }
}

/** One of `values`, none of `notValues`; an absent text is none of them. */
function texts(
  dimension: string,
  { values, notValues }: { readonly values?: readonly StringMatcher[]; readonly notValues?: readonly StringMatcher[] },
): Atom[] {
  const of = (list: readonly StringMatcher[] | undefined, invert: boolean): Atom[] =>
    list
      ? [{ dimension, test: list.length === 1 ? list[0]! : { kind: 'any-of', of: list }, invert, absent: invert }]
      : [];
  return [...of(values, false), ...of(notValues, true)];
}
