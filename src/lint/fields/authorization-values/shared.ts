// The values in the lists of an AuthorizationPolicy and of its conditions: ValidateIPs, ValidatePorts, CheckEmptyValues,
// CheckServiceAccount, CheckTrustDomainValues and CheckValidPathTemplate of pkg/config/security/security.go (Istio source
// of 2026-08-22). Which keys conditions have: authorization-conditions.ts.

import { own } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { FieldCheck, Problem } from '../../rule.js';
import { AUTHORIZATION_POLICY, at } from '../field-rule.js';
import { list, object, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the policy: nothing of it applies.";

export const SOURCE = 'spec.rules[].from[].source';

export const OPERATION = 'spec.rules[].to[].operation';

export const CONDITION = 'spec.rules[].when[]';

export const from = (source: string): string => authorizationPolicy(`rules:\n- from: [{source: {${source}}}]`);

export const to = (operation: string): string => authorizationPolicy(`rules:\n- to: [{operation: {${operation}}}]`);

/** Each value of lists below `base`; an empty one is said by its own rule. */
export const each = (
  base: string,
  fields: readonly string[],
  test: (value: string) => string | undefined,
): FieldCheck[] =>
  at(
    AUTHORIZATION_POLICY,
    fields.map((f) => `${base}.${f}[]`),
    (value) => (typeof value === 'string' && value !== '' ? test(value) : undefined),
  );

/** The values of conditions with one of these keys, list by list. */
export const whereKey = (keys: readonly string[], test: (values: readonly string[]) => Problem[]): FieldCheck[] =>
  at(AUTHORIZATION_POLICY, CONDITION, (value) => {
    const condition = object(value);
    if (!keys.includes(text(condition.key))) return undefined;
    return ['values', 'notValues'].flatMap((field) =>
      test(list(own(condition, field)).map(text)).map((p) =>
        typeof p === 'object' ? { ...p, path: [field, ...(p.path ?? [])] } : p && { message: p, path: [field] },
      ),
    );
  });

/** `test` for each value, reported at its place. */
export const everyValue =
  (test: (value: string) => string | undefined) =>
  (values: readonly string[]): Problem[] =>
    values.map((value, index) => {
      const message = value === '' ? undefined : test(value);
      return message === undefined ? undefined : { message, path: [index] };
    });

export const BLOCKS = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
