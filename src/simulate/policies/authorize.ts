// Whether policies let a request or a connection in: a DENY rule that matches refuses; with ALLOW policies one of their
// rules has to match (istio.io, Authorization Policy, "action").

import type { AuthorizationPolicy, AuthorizationRule } from '../../model/index.js';
import type { CompiledAuthorization, CompiledPolicy, PolicySubject } from './compile.js';

export interface Refused {
  /** The policy that denies, or the first of those that do not allow. */
  readonly policy: AuthorizationPolicy;
  readonly rule?: AuthorizationRule;
}

/** Undefined: it is let in. */
export function authorize({ deny, allow }: CompiledAuthorization, subject: PolicySubject): Refused | undefined {
  const denied = firstMatch(deny, subject);
  if (denied) return denied;
  const [first] = allow;
  return !first || firstMatch(allow, subject) ? undefined : { policy: first.policy };
}

export function firstMatch(policies: readonly CompiledPolicy[], subject: PolicySubject): Required<Refused> | undefined {
  for (const { policy, rules } of policies)
    for (const { rule, test } of rules) if (test(subject)) return { policy, rule };
  return undefined;
}

/** For a person: `AuthorizationPolicy default/deny-admin (rule 1) denies it`. */
export function refusalText({ policy, rule }: Refused): string {
  const name = `AuthorizationPolicy ${policy.namespace}/${policy.name}`;
  if (!rule)
    return `no rule of an ALLOW policy matches it (${name}${policy.rules.length === 0 ? ' has no rules' : ''})`;
  return `${name} (rule ${ruleNumber(rule)}) denies it`;
}

/** As they are written, from 1: a rule that is spoilt counts too. */
export const ruleNumber = (rule: AuthorizationRule): number => Number(rule.origin.path.at(-1)) + 1;
