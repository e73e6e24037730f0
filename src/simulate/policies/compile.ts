// Authorization policies, compiled once: every condition a predicate on the request. Envoy's RBAC filter
// (source/extensions/filters/common/rbac/{engine_impl,matchers}.cc, Envoy 1.40).

import {
  type AuthorizationCondition,
  type AuthorizationPolicy,
  type AuthorizationRule,
  own,
  type RequestPrincipal,
  type StringMatcher,
} from '../../model/index.js';
import { compileCidrs } from '../cidr.js';
import { compileStringMatcher } from '../match-string.js';

/** What conditions read; a connection without HTTP has no path, headers and claims. */
export interface PolicySubject {
  readonly path?: string;
  /** Lines that are tested one by one; empty: the header is absent. */
  headerValues(name: string): readonly string[];
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly source: string;
  readonly port: number;
  /** Empty: none was sent. */
  readonly sni: string;
}

type Test = (subject: PolicySubject) => boolean;

export interface CompiledRule {
  readonly rule: AuthorizationRule;
  readonly test: Test;
  /** The conditions that do not hold, of the entries of `from` and `to` those that come nearest: for a person who was refused. */
  readonly failed: (subject: PolicySubject) => readonly AuthorizationCondition[];
}

export interface CompiledPolicy {
  readonly policy: AuthorizationPolicy;
  readonly rules: readonly CompiledRule[];
}

export interface CompiledAuthorization {
  readonly deny: readonly CompiledPolicy[];
  readonly allow: readonly CompiledPolicy[];
}

/** AUDIT and dry runs decide nothing. */
export function compileAuthorization(policies: readonly AuthorizationPolicy[]): CompiledAuthorization {
  const of = (action: AuthorizationPolicy['action']) =>
    policies.filter((p) => p.action === action && !p.dryRun).map(compilePolicy);
  return { deny: of('DENY'), allow: of('ALLOW') };
}

const compilePolicy = (policy: AuthorizationPolicy): CompiledPolicy => ({
  policy,
  rules: policy.rules.map((rule) => {
    const groups = [...anyOf(rule.from), ...anyOf(rule.to), ...rule.when.map(compileCondition)];
    return {
      rule,
      test: (subject) => groups.every((test) => test(subject)),
      failed: (subject) => [
        ...nearestFailures(rule.from, subject),
        ...nearestFailures(rule.to, subject),
        ...rule.when.filter((condition) => !compileCondition(condition)(subject)),
      ],
    };
  }),
});

/** No entries: no test. */
function anyOf(entries: readonly (readonly AuthorizationCondition[])[]): Test[] {
  if (entries.length === 0) return [];
  const tests = entries.map((conditions) => conditions.map(compileCondition));
  return [(subject) => tests.some((entry) => entry.every((test) => test(subject)))];
}

/** None where an entry holds, or where there is none. */
function nearestFailures(
  entries: readonly (readonly AuthorizationCondition[])[],
  subject: PolicySubject,
): readonly AuthorizationCondition[] {
  const failures = entries.map((conditions) => conditions.filter((c) => !compileCondition(c)(subject)));
  return failures.reduce((least, list) => (list.length < least.length ? list : least), failures[0] ?? []);
}

/** One of `values` and none of `notValues`, whatever a property is: nothing there is none of them. */
function compileCondition({ test }: AuthorizationCondition): Test {
  switch (test.on) {
    case 'path':
      return overTexts(test, (s) => (s.path === undefined ? NONE : [s.path]));
    case 'header': {
      const { name } = test;
      return overTexts(test, (s) => s.headerValues(name));
    }
    case 'sni':
      return overTexts(test, (s) => [s.sni]);
    case 'claim': {
      const { claim } = test;
      return overTexts(test, (s) => claimTexts(s.claims, claim));
    }
    case 'request-principal':
      return oneOf(test, (list: readonly RequestPrincipal[]) => {
        const principals = list.map(({ issuer, subject }) => [compileStringMatcher(issuer), compileStringMatcher(subject)] as const); // biome-ignore format: one line
        return ({ claims }) => {
          const [issuer, subject] = [claims?.iss, claims?.sub];
          return (
            typeof issuer === 'string' &&
            typeof subject === 'string' &&
            principals.some(([iss, sub]) => iss(issuer) && sub(subject))
          );
        };
      });
    case 'address': {
      // The address that a client connected to is not in a request.
      if (test.address === 'gateway') return oneOf(test, () => NEVER);
      return oneOf(test, (cidrs: readonly string[]) => {
        const contains = compileCidrs(cidrs);
        return (s) => contains(s.source);
      });
    }
    case 'port':
      return oneOf(test, (ports: readonly number[]) => (s) => ports.includes(s.port));
    case 'peer-identity':
    case 'unknown':
      return oneOf<StringMatcher | string>(test, () => NEVER);
  }
}

const NONE: readonly string[] = [];
const NEVER: Test = () => false;

function oneOf<T>(
  { values, notValues }: { readonly values?: readonly T[]; readonly notValues?: readonly T[] },
  compile: (list: readonly T[]) => Test,
): Test {
  const some = values && compile(values);
  const none = notValues && compile(notValues);
  return (subject) => (!some || some(subject)) && !none?.(subject);
}

const overTexts = (
  test: { readonly values?: readonly StringMatcher[]; readonly notValues?: readonly StringMatcher[] },
  texts: (subject: PolicySubject) => readonly string[],
): Test =>
  oneOf(test, (matchers: readonly StringMatcher[]) => {
    const tests = matchers.map(compileStringMatcher);
    return (subject) => texts(subject).some((text) => tests.some((t) => t(text)));
  });

/** A claim that is text, or a list's texts. */
export function claimTexts(
  claims: Readonly<Record<string, unknown>> | undefined,
  path: readonly string[],
): readonly string[] {
  let value: unknown = claims;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return NONE;
    value = own(value as Record<string, unknown>, key);
  }
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : NONE;
}
