// Whether policies let a request or a connection in: a DENY rule that matches refuses; with ALLOW policies one of their
// rules has to match (istio.io, Authorization Policy, "action").

import type { AuthorizationCondition, AuthorizationPolicy, AuthorizationRule } from '../../model/index.js';
import { type CompiledAuthorization, type CompiledPolicy, claimTexts, type PolicySubject } from './compile.js';

export interface Refused {
  /** The policy that denies, or the first of those that do not allow. */
  readonly policy: AuthorizationPolicy;
  readonly rule?: AuthorizationRule;
  /** Of ALLOW policies: the rule with the fewest conditions that do not hold, and these. */
  readonly nearest?: {
    readonly policy: AuthorizationPolicy;
    readonly rule: AuthorizationRule;
    readonly failed: readonly string[];
  };
}

/** Undefined: it is accepted. */
export function authorize({ deny, allow }: CompiledAuthorization, subject: PolicySubject): Refused | undefined {
  const denied = firstMatch(deny, subject);
  if (denied) return denied;
  const [first] = allow;
  if (!first || firstMatch(allow, subject)) return undefined;
  const nearest = nearestRule(allow, subject);
  return { policy: first.policy, ...(nearest ? { nearest } : {}) };
}

function nearestRule(policies: readonly CompiledPolicy[], subject: PolicySubject): Refused['nearest'] {
  let nearest: Refused['nearest'];
  for (const { policy, rules } of policies)
    for (const { rule, failed } of rules) {
      const conditions = failed(subject);
      if (!nearest || conditions.length < nearest.failed.length)
        nearest = { policy, rule, failed: conditions.map((condition) => failureText(condition, subject)) };
    }
  return nearest;
}

/** Longer values are cut. */
const SHOWN = 60;
const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** `paths does not take "/admin"`. */
function failureText({ key, test }: AuthorizationCondition, subject: PolicySubject): string {
  const token = subject.claims ? '' : ' (the request has no valid token)';
  const but = (what: readonly string[]): string =>
    what.length === 0
      ? `${key} needs a value that the request does not have`
      : `${key} does not match ${what.map(shown).join(', ')}`;
  switch (test.on) {
    case 'path':
      return but(subject.path === undefined ? [] : [subject.path]);
    case 'header':
      return but(subject.headerValues(test.name));
    case 'sni':
      return but(subject.sni === '' ? [] : [subject.sni]);
    case 'claim':
      return `${but(claimTexts(subject.claims, test.claim))}${token}`;
    case 'request-principal': {
      const { iss, sub } = subject.claims ?? {};
      return `${but(typeof iss === 'string' && typeof sub === 'string' ? [`${iss}/${sub}`] : [])}${token}`;
    }
    case 'address':
      return but(test.address === 'gateway' ? [] : [subject.source]);
    case 'port':
      return but([String(subject.port)]);
    case 'peer-identity':
      return `${key} needs a client certificate of the mesh`;
    case 'unknown':
      return but([]);
  }
}

export function firstMatch(
  policies: readonly CompiledPolicy[],
  subject: PolicySubject,
): Required<Omit<Refused, 'nearest'>> | undefined {
  for (const { policy, rules } of policies)
    for (const { rule, test } of rules) if (test(subject)) return { policy, rule };
  return undefined;
}

/** For a person: `AuthorizationPolicy default/deny-admin (rule 1) denies it`. */
export function refusalText({ policy, rule, nearest }: Refused): string {
  if (rule) {
    const denies = `${nameOf(policy)} (rule ${ruleNumber(rule)}) denies it`;
    return policy.first ? `${denies}: ${policy.first.why}` : denies;
  }
  const why = nearest
    ? `${nameOf(nearest.policy)} rule ${ruleNumber(nearest.rule)}: ${listText(nearest.failed)}`
    : `${nameOf(policy)} has no rules`;
  return `no rule of an ALLOW policy matches it (${why})`;
}

/** More than these nobody reads. */
const MOST_CONDITIONS = 3;
const listText = (failed: readonly string[]): string =>
  `${failed.slice(0, MOST_CONDITIONS).join('; ')}${failed.length > MOST_CONDITIONS ? `; and ${failed.length - MOST_CONDITIONS} more` : ''}`;

const nameOf = ({ namespace, name }: AuthorizationPolicy): string => `AuthorizationPolicy ${namespace}/${name}`;

/** As they are written, from 1: a rule that is spoilt counts too. */
export const ruleNumber = (rule: AuthorizationRule): number => Number(rule.origin.path.at(-1)) + 1;
