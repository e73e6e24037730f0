// The order of a move: for each object whether it can go as it is, needs a decision, or cannot go.

import { formatResource } from '../model/index.js';
import type { Translation } from './convert.js';

export interface PlannedObject {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly verdict: 'ready' | 'needs a decision' | 'cannot be moved';
  /** What has to be decided, or what cannot be said. */
  readonly reasons: readonly string[];
}

/** Ready objects first; inside, those that share a host stand together, since they have to move together. */
export function plan(translation: Translation): PlannedObject[] {
  const objects = new Map<string, { hosts: string[]; approximate: Set<string>; refused: Set<string> }>();
  for (const { origin, severity, feature, message } of translation.items) {
    const key = formatResource(origin.resource);
    let entry = objects.get(key);
    if (!entry)
      objects.set(
        key,
        (entry = { hosts: hostsOf(origin.resource.object), approximate: new Set(), refused: new Set() }),
      );
    if (severity !== 'exact') entry[severity].add(`${feature}: ${message}`);
  }
  const rank = { ready: 0, 'needs a decision': 1, 'cannot be moved': 2 };
  return [...objects]
    .map(
      ([resource, o]): PlannedObject => ({
        resource,
        hosts: o.hosts,
        verdict: o.refused.size > 0 ? 'cannot be moved' : o.approximate.size > 0 ? 'needs a decision' : 'ready',
        reasons: [...o.refused, ...o.approximate],
      }),
    )
    .sort(
      (a, b) =>
        rank[a.verdict] - rank[b.verdict] ||
        (a.hosts[0] ?? '').localeCompare(b.hosts[0] ?? '', 'en') ||
        (a.resource < b.resource ? -1 : 1),
    );
}

function hostsOf(object: Readonly<Record<string, unknown>>): string[] {
  const spec = (object.spec ?? {}) as { rules?: { host?: string }[]; hosts?: string[]; hostnames?: string[] };
  const list = spec.hosts ?? spec.hostnames ?? (Array.isArray(spec.rules) ? spec.rules.map((r) => r?.host ?? '*') : []);
  return Array.isArray(list) ? [...new Set(list.map(String))] : [];
}
