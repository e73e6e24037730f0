// Whether something that is bound to workloads (a policy, an EnvoyFilter) is bound to a gateway: by reference, else by labels, else
// because it is bound to nothing in particular (ShouldAttachPolicy in pilot/pkg/model/policyattachment.go, Istio source of 2026-08-22).

import type { Json, Resource } from '../../model/index.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { type GatewayWorkload, labelsInclude } from './destination-rules.js';

/** Says that a workload is that of a Gateway API Gateway. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** `selected`: the labels that the object selects by; absent: any. The namespace of what has no reference is the caller's to look at. */
export function attaches(
  policy: Resource,
  selected: Json | undefined,
  { namespace, labels }: GatewayWorkload,
): boolean {
  const spec = specOf(policy);
  const listed = objectsOf(spec.targetRefs);
  const single = objectOf(spec.targetRef);
  const targets = listed.length === 0 && single ? [single] : listed;
  if (targets.length === 0) return labelsInclude(labels, stringMapOf(selected));
  const gateway = labels[GATEWAY_NAME_LABEL];
  return (
    gateway !== undefined &&
    policy.namespace === namespace &&
    targets.some((target) => {
      const of = stringOf(target.namespace) ?? '';
      return (
        (of === '' || of === namespace) &&
        stringOf(target.group) === 'gateway.networking.k8s.io' &&
        stringOf(target.kind) === 'Gateway' &&
        stringOf(target.name) === gateway
      );
    })
  );
}
