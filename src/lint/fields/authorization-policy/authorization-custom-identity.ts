import { authorizationPolicy } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { object, text } from '../values.js';
import { action, BY_IDENTITY, filled, REFUSED, RULE } from './shared.js';

const IDENTITY_KEYS = new Set(['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal']);

const unsupported = (what: string): string =>
  `a CUSTOM policy cannot depend on ${what}; select the requests that the provider checks by ipBlocks, operations and headers`;

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1414',
      name: 'authorization-custom-identity',
      title: 'A CUSTOM policy depends on the identity of the caller',
      docs: () => ({
        happens: REFUSED,
        instead:
          'Addresses, operations and headers in the CUSTOM policy; identities in an ALLOW or DENY policy beside it.',
        bad: authorizationPolicy(
          'action: CUSTOM\nprovider: {name: login}\nrules:\n- from: [{source: {requestPrincipals: ["*"]}}]',
        ),
        good: authorizationPolicy(
          'action: CUSTOM\nprovider: {name: login}\nrules:\n- to: [{operation: {paths: [/admin*]}}]',
        ),
      }),
    },
    at(AUTHORIZATION_POLICY, `${RULE}.from[].source`, (value, { spec }) =>
      action(spec) === 'CUSTOM'
        ? filled(object(value), BY_IDENTITY).map((field) => ({ message: unsupported(field), path: [field] }))
        : undefined,
    ),
    at(AUTHORIZATION_POLICY, `${RULE}.when[].key`, (value, { spec }) =>
      action(spec) === 'CUSTOM' && (IDENTITY_KEYS.has(text(value)) || text(value).startsWith('request.auth.'))
        ? unsupported(text(value))
        : undefined,
    ),
  ),
];
