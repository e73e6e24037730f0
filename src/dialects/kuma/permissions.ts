// Which callers destinations accept: MeshTrafficPermission and TrafficPermission (docs of Kuma 2.13). They tell the gateway from other
// callers, and no client of the gateway from another: where the gateway may call, answers do not depend on them.

import { type JsonObject, own, type Resource } from '../../model/index.js';
import { objectOf, objectsOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { SERVICE_TAG } from './destination.js';
import { bodyOf } from './fields.js';
import { selectorsOf } from './tags.js';

/** The policy lets the gateway in, as far as it is known by the service tag of its selectors. */
export function permits(policy: Resource, gateway: Resource): boolean {
  const services = selectorsOf(bodyOf(gateway).value).flatMap((tags) => own(tags, SERVICE_TAG) ?? []);
  const isGateway = (tags: Readonly<Record<string, string>>): boolean => {
    const service = own(tags, SERVICE_TAG);
    const alone = Object.keys(tags).every((key) => key === SERVICE_TAG);
    return alone && service !== undefined && (service === '*' || services.includes(service));
  };
  const { value } = bodyOf(policy);
  if (policy.kind === 'TrafficPermission')
    return objectsOf(value.sources).some((source) => isGateway(stringMapOf(source.match)));
  // The entries of `from` are joined, the closer one counts: one that refuses may take back what another allows.
  const entries = objectsOf(value.from);
  return (
    entries.every((entry) => isAllow(entry)) &&
    entries.some((entry) => {
      const ref = objectOf(entry.targetRef);
      return stringOf(ref?.kind) === 'Mesh' || (ref?.tags !== undefined && isGateway(stringMapOf(ref.tags)));
    })
  );
}

const isAllow = (entry: JsonObject): boolean =>
  ['allow', 'allow_with_shadow_deny'].includes((stringOf(objectOf(entry.default)?.action) ?? '').toLowerCase());

/** No pod of these Services is one of the policy's: a label that it asks for has another value in each selector. `services`: of the files. */
export function isForOthers(
  policy: Resource,
  services: readonly (Readonly<Record<string, string>> | undefined)[],
): boolean {
  const ref = objectOf(bodyOf(policy).value.targetRef);
  if (stringOf(ref?.kind) !== 'Dataplane') return false;
  const labels = Object.entries(stringMapOf(ref?.labels));
  return services.every(
    (selector) =>
      selector !== undefined &&
      labels.some(([key, value]) => {
        const selected = own(selector, key);
        return selected !== undefined && selected !== value;
      }),
  );
}
