// Which client addresses a load balancer lets through: spec.loadBalancerSourceRanges, else the annotation of old, else
// everybody (k8s.io/cloud-provider/service/helpers/helper.go, GetLoadBalancerSourceRanges).

import { specOf, stringsOf } from '../../resources/fields.js';
import type { ServiceView } from '../../resources/services.js';

const ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const EVERYBODY = new Set(['0.0.0.0/0', '::/0']);

/** Undefined: everybody. */
export function sourceRanges({ resource }: ServiceView): readonly string[] | undefined {
  const written = stringsOf(specOf(resource).loadBalancerSourceRanges);
  const ranges = written.length > 0 ? written : (resource.annotations[ANNOTATION] ?? '').split(',');
  const clean = ranges.map((range) => range.trim()).filter((range) => range !== '');
  return clean.length === 0 || clean.some((range) => EVERYBODY.has(range)) ? undefined : clean;
}
