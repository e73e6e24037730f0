import { type Json, own } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { onKinds, refused } from '../field-rule.js';
import { given, object } from '../values.js';
import { KINDS } from './shared.js';

const FIELDS = ['selector', 'targetRef', 'targetRefs'];

function attachment(value: Json): Problem {
  const written = FIELDS.filter((field) => given(own(object(value), field)));
  return written.length > 1
    ? {
        message: `${written.map((f) => `\`${f}\``).join(' and ')} exclude each other: a policy applies to the workloads that labels select or to the objects that it names`,
        path: [written[1]!],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1401',
      name: 'policy-attached-twice',
      title: 'A policy has both a selector and targets',
      docs: () => ({
        happens: "The API server and Istio's webhook refuse the object.",
        instead: 'One of `selector` and `targetRefs`; a policy for both is two policies.',
        bad: authorizationPolicy(
          'selector: {matchLabels: {app: shop}}\ntargetRefs: [{kind: Service, name: shop}]\nrules: [{}]',
        ),
        good: authorizationPolicy('targetRefs: [{kind: Service, name: shop}]\nrules: [{}]'),
      }),
    },
    onKinds(KINDS, 'spec', attachment),
  ),
];
