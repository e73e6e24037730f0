// What a policy of Istio applies to: validateOneOfSelectorType and validatePolicyTargetReference of
// pkg/config/validation/validation.go (source of 2026-08-22). Labels of selectors: shared-values.ts.

import { type Json, own, table } from '../../model/index.js';
import { authorizationPolicy } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import {
  AUTHORIZATION_POLICY,
  onKinds,
  REQUEST_AUTHENTICATION,
  refused,
  TELEMETRY,
  TRAFFIC_EXTENSION,
  WASM_PLUGIN,
} from './field-rule.js';
import { given, object, text } from './values.js';

const KINDS = [AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION, TELEMETRY, WASM_PLUGIN, TRAFFIC_EXTENSION];
const FIELDS = ['selector', 'targetRef', 'targetRefs'];
/** Kind → group: what a policy can be attached to. */
const TARGETS = table<string>({
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
});

function attachment(value: Json): Problem {
  const written = FIELDS.filter((field) => given(own(object(value), field)));
  return written.length > 1
    ? {
        message: `${written.map((f) => `\`${f}\``).join(' and ')} exclude each other: a policy applies to the workloads that labels select or to the objects that it names`,
        path: [written[1]!],
      }
    : undefined;
}

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
      code: 'MGW1401',
      name: 'policy-attached-twice',
      title: 'A policy has both a selector and targets',
      docs: {
        happens: "The API server and Istio's webhook refuse the object.",
        instead: 'One of `selector` and `targetRefs`; a policy for both is two policies.',
        bad: authorizationPolicy(
          'selector: {matchLabels: {app: shop}}\ntargetRefs: [{kind: Service, name: shop}]\nrules: [{}]',
        ),
        good: authorizationPolicy('targetRefs: [{kind: Service, name: shop}]\nrules: [{}]'),
      },
    },
    onKinds(KINDS, 'spec', attachment),
  ),
  refused(
    {
      code: 'MGW1402',
      name: 'policy-target',
      title: 'The target of a policy is of the wrong kind, group or namespace',
      docs: {
        happens: "Istio's webhook refuses the policy: nothing of it applies.",
        instead:
          'A Gateway or GatewayClass of gateway.networking.k8s.io, a Service (group ""), or a ServiceEntry of networking.istio.io, in the same namespace.',
        bad: authorizationPolicy('targetRefs: [{kind: Gateway, name: shop}]\nrules: [{}]'),
        good: authorizationPolicy(
          'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: shop}]\nrules: [{}]',
        ),
      },
    },
    onKinds(KINDS, ['spec.targetRef', 'spec.targetRefs[]'], target),
  ),
];
