import { type JsonObject, own } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, SIDECAR } from '../field-rule.js';
import { given, list } from '../values.js';
import { OWN, REFUSED } from './shared.js';

const PARTS = ['egress', 'ingress'];

const isEmpty = (spec: JsonObject): boolean =>
  PARTS.every((part) => list(own(spec, part)).length === 0) &&
  !given(spec.outboundTrafficPolicy) &&
  !given(spec.inboundConnectionPool);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1461',
      name: 'sidecar-empty',
      title: 'A Sidecar without any settings',
      docs: () => ({
        happens: REFUSED,
        instead: 'At least one of `egress`, `ingress`, `outboundTrafficPolicy` and `inboundConnectionPool`.',
        bad: sidecar('workloadSelector: {labels: {app: shop}}'),
        good: sidecar(OWN),
      }),
    },
    at(SIDECAR, '', (_, { spec }) =>
      isEmpty(spec)
        ? {
            message: 'the Sidecar has neither egress nor ingress nor outboundTrafficPolicy nor inboundConnectionPool',
            path: ['spec'],
          }
        : undefined,
    ),
  ),
];
