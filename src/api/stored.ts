// Objects as the API server stores them, where it is said which CRDs it has: fields that these do not have are dropped.

import { rankedProfiles } from '../dialects/registry.js';
import type { JsonObject, Resource } from '../model/index.js';
import { pruned } from '../sources/schema/admit.js';
import { setsOf } from '../sources/schema/crd-sets.js';
import { schemaOf } from '../sources/schema/kind-schemas.js';

/** The same resources where nothing is said. `flags`: those of the dialects. */
export function asStored(
  resources: readonly Resource[],
  flags: Readonly<Record<string, string>> = {},
): readonly Resource[] {
  const sets = new Map<string, string>();
  for (const { kinds = [], crds } of rankedProfiles) {
    const set = crds?.(flags);
    if (set === undefined) continue;
    for (const { group } of kinds) if (setsOf(group).includes(set)) sets.set(group, set);
  }
  if (sets.size === 0) return resources;
  return resources.map((resource) => {
    const crds = sets.get(resource.group);
    if (crds === undefined) return resource;
    const object = pruned(resource.object, schemaOf(resource, crds)) as JsonObject;
    return { ...resource, crds, ...(object === resource.object ? {} : { object, written: resource.object }) };
  });
}
