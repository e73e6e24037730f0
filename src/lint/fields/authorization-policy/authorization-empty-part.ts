import { type Json, own } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { given, object } from '../values.js';
import { BY_IDENTITY, filled, REFUSED, RULE, withNot } from './shared.js';

const SOURCE = [...BY_IDENTITY, ...withNot(['ipBlocks', 'remoteIpBlocks'])];

const OPERATION = withNot(['ports', 'methods', 'paths', 'hosts']);

/** `from` without `source`, `to` without `operation`, and such without anything. */
const emptyPart = (inner: string, fields: readonly string[]) => (value: Json) => {
  const part = own(object(value), inner);
  if (!given(part)) return `the item has no \`${inner}\``;
  return filled(object(part), fields).length
    ? undefined
    : {
        message: `\`${inner}\` is empty: write what it is to match, or leave the whole item out to match everything`,
        path: [inner],
      };
};

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1415',
      name: 'authorization-empty-part',
      title: 'Empty from or to of an AuthorizationPolicy',
      docs: () => ({
        happens: REFUSED,
        instead: 'At least one list with a value in `source` or `operation`; to match everything, no `from` or `to`.',
        bad: authorizationPolicy('rules:\n- from: [{source: {}}]\n  to: [{operation: {methods: [GET]}}]'),
        good: authorizationPolicy('rules:\n- to: [{operation: {methods: [GET]}}]'),
      }),
    },
    at(AUTHORIZATION_POLICY, `${RULE}.from[]`, emptyPart('source', SOURCE)),
    at(AUTHORIZATION_POLICY, `${RULE}.to[]`, emptyPart('operation', OPERATION)),
  ),
];
