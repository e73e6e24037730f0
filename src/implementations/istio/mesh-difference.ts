// Whether two mesh configurations give gateways the same: revisions of one control plane usually do.

import type { Resource } from '../../model/index.js';
import { own } from '../../model/index.js';
import { jsonName, matters } from './mesh-unknowns.js';

/** Fields that differ and matter to a gateway, by name. */
export function differingFields(one: Resource, other: Resource): string[] {
  const keys = [...new Set([...Object.keys(one.object), ...Object.keys(other.object)])];
  const text = (resource: Resource, key: string) => JSON.stringify(own(resource.object, key) ?? null);
  return keys
    .filter((key) => matters(jsonName(key)))
    .filter((key) => (key === 'defaultConfig' ? proxies(one) !== proxies(other) : text(one, key) !== text(other, key)))
    .sort();
}

/** Settings of proxies, without those that no answer depends on: each revision has an address of its own. */
function proxies({ object }: Resource): string {
  const settings = own(object, 'defaultConfig');
  const entries = settings !== null && typeof settings === 'object' ? Object.entries(settings) : [];
  return JSON.stringify(entries.filter(([key]) => matters(jsonName(key))).sort(([a], [b]) => (a < b ? -1 : 1)));
}
