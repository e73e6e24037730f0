import { type Json, table } from '../../../model/index.js';
import { authorizationPolicy } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { onKinds, refused } from '../field-rule.js';
import { given, object, text } from '../values.js';
import { KINDS } from './shared.js';

/** Kind → group: what a policy can be attached to. */
const TARGETS = table<string>({
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
});

function target(value: Json): Problem[] {
  const { kind, group, namespace } = object(value);
  const [name, written] = [text(kind), text(group) === 'core' ? '' : text(group)];
  const wanted = TARGETS.get(name);
  const problems: Problem[] = [];
  // Without any kind the CRD speaks.
  if (!given(kind)) return problems;
  if (wanted === undefined)
    problems.push({
      message: `a policy cannot be attached to the kind "${name}", only to a Gateway or GatewayClass (gateway.networking.k8s.io), a Service or a ServiceEntry (networking.istio.io)`,
      path: ['kind'],
    });
  else if (wanted !== written)
    problems.push({
      message: `the ${name} that a policy can be attached to is of the group "${wanted}", not "${written}"${name === 'Gateway' && written === 'networking.istio.io' ? '; for a Gateway of Istio write a selector with its labels' : ''}`,
      path: given(group) ? ['group'] : [],
    });
  if (text(namespace) !== '')
    problems.push({
      message: 'a target is in the namespace of the policy; remove `namespace`',
      path: ['namespace'],
    });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1402',
      name: 'policy-target',
      title: 'The target of a policy is of the wrong kind, group or namespace',
      docs: () => ({
        happens: "Istio's webhook refuses the policy: nothing of it applies.",
        instead:
          'A Gateway or GatewayClass of gateway.networking.k8s.io, a Service (group ""), or a ServiceEntry of networking.istio.io, in the same namespace.',
        bad: authorizationPolicy('targetRefs: [{kind: Gateway, name: shop}]\nrules: [{}]'),
        good: authorizationPolicy(
          'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: shop}]\nrules: [{}]',
        ),
      }),
    },
    onKinds(KINDS, ['spec.targetRef', 'spec.targetRefs[]'], target),
  ),
];
