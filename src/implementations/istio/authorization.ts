// AuthorizationPolicy objects as the model's policies: pilot/pkg/security/authz/builder/builder.go, Istio source of 2026-08-22.

import type { AuthorizationCondition, AuthorizationPolicy, AuthorizationRule, Resource } from '../../model/index.js';
import { originOf } from '../../model/index.js';
import { objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import {
  operationConditions,
  type PolicyScope,
  SpoiltRule,
  sourceConditions,
  whenConditions,
} from './policy-conditions.js';

/** Absent: ALLOW. Undefined: not an action. */
export function actionOf(resource: Resource): 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM' | undefined {
  const action = stringOf(specOf(resource).action) ?? 'ALLOW';
  return action === 'ALLOW' || action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : undefined;
}

/** Go's strconv.ParseBool. */
const isTrue = (text: string | undefined): boolean => text !== undefined && /^(1|t|T|TRUE|true|True)$/.test(text);

/** `forTcp`: for a connection whose bytes are forwarded. */
export function authorizationPolicy(
  resource: Resource,
  action: AuthorizationPolicy['action'],
  forTcp: boolean,
): AuthorizationPolicy {
  const scope: PolicyScope = { action, namespace: resource.namespace, forTcp };
  return {
    action,
    name: resource.name,
    namespace: resource.namespace,
    rules: objectsOf(specOf(resource).rules).flatMap((_, i) => authorizationRule(resource, i, scope)),
    ...(isTrue(resource.annotations['istio.io/dry-run']) ? { dryRun: true } : {}),
    origin: originOf(resource),
  };
}

/** None where the rule is spoilt. */
function authorizationRule(resource: Resource, index: number, scope: PolicyScope): AuthorizationRule[] {
  const rule = objectsOf(specOf(resource).rules)[index] ?? {};
  const origin = (...path: (string | number)[]) => originOf(resource, 'spec', 'rules', index, ...path);
  const group = (list: 'from' | 'to', item: 'source' | 'operation', read: typeof sourceConditions) =>
    objectsOf(rule[list]).map((entry, i): readonly AuthorizationCondition[] =>
      read(objectOf(entry[item]) ?? {}, scope, origin(list, i, item)),
    );
  try {
    return [
      {
        from: group('from', 'source', sourceConditions),
        to: group('to', 'operation', operationConditions),
        when: objectsOf(rule.when).flatMap((when, i) => whenConditions(when, scope, origin('when', i))),
        origin: origin(),
      },
    ];
  } catch (error) {
    if (error instanceof SpoiltRule) return [];
    throw error;
  }
}
