// What neither side models can make two gateways differ: an unknown that only one side has, or that changed, leaves the comparison open.
// The same unknown for the same requests on both sides changes both alike.

import {
  type EffectiveGateway,
  formatResource,
  type Json,
  type Locate,
  locatedOrigin,
  type Origin,
  own,
  type Reach,
  reaches,
  type UndecidedPart,
  type Unsupported,
  unknownsOf,
} from '../model/index.js';
import { canonicalText, routeText } from './canonical.js';

/** One undecided part for each unknown without its like on the other side, in the order of the gateways' lists. */
export function unknownParts(
  before: EffectiveGateway,
  after: EffectiveGateway,
  locate: Locate | undefined,
): UndecidedPart[] {
  const [left, right] = [before, after].map(keyed) as [Keyed[], Keyed[]];
  if (left.length === 0 && right.length === 0) return [];
  const gateway = after.id === before.id ? after.id : `${before.id} → ${after.id}`;
  const part = ({ unknown }: Keyed, side: 'before' | 'after', why: string): UndecidedPart => ({
    gateway,
    reason: `${formatResource(unknown.origin.resource)} ${why}; what it does is not predicted: ${unknown.detail.replace(/\.$/, '')}`,
    because: { before: null, after: null, [side]: locatedOrigin(unknown.origin, locate) },
    unknown: { feature: unknown.feature, resource: formatResource(unknown.origin.resource) },
  });
  const parts = [
    ...without(left, right).map((k) => part(k, 'before', 'is on the first side only, or differs on the second')),
    ...without(right, left).map((k) => part(k, 'after', 'is on the second side only, or differs on the first')),
  ];
  if (parts.length > 0) return parts;
  const moved = left.find((k, i) => k.key !== right[i]!.key);
  return moved ? [part(moved, 'before', 'is applied in another order')] : [];
}

interface Keyed {
  readonly unknown: Unsupported;
  readonly key: string;
}

/** `key`: equal for unknowns that do the same to the same requests, whatever their objects are called. */
const keyed = (gateway: EffectiveGateway): Keyed[] =>
  unknownsOf(gateway).map((unknown) => ({
    unknown,
    key: canonicalText([
      unknown.feature,
      unknown.content ?? contentOf(unknown.origin),
      reachText(unknown.reach, gateway),
    ]),
  }));

/** What is in `list` more often than in `other`. */
function without(list: readonly Keyed[], other: readonly Keyed[]): Keyed[] {
  const counts = new Map<string, number>();
  for (const { key } of other) counts.set(key, (counts.get(key) ?? 0) + 1);
  return list.filter(({ key }) => {
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

/** The value of the field; of a whole object everything but its metadata, its status, and what it is bound to. */
function contentOf({ resource, path }: Origin): Json {
  if (path.length > 0) {
    let value: Json | undefined = resource.object;
    for (const key of path) value = own((value ?? {}) as Readonly<Record<string, Json>>, String(key));
    return value ?? null;
  }
  const { metadata: _m, status: _s, spec, ...rest } = resource.object;
  if (spec === null || typeof spec !== 'object' || Array.isArray(spec)) return { ...rest, spec: spec ?? null };
  const { targetRef: _r, targetRefs: _l, selector: _o, ...settings } = spec as Record<string, Json>;
  return { ...rest, spec: settings };
}

/** Ports, hosts, and the rules that are reached: two objects of other names with the same rules are reached alike. */
function reachText(reach: Reach | undefined, gateway: EffectiveGateway): unknown {
  if (!reach?.objects && !reach?.places && !reach?.except) return reach ?? null;
  const rules = new Set<string>();
  for (const { port, filterChains } of gateway.listeners)
    for (const chain of filterChains)
      for (const virtualHost of chain.kind === 'http' ? chain.virtualHosts : [])
        for (const route of virtualHost.routes)
          if (reaches(reach, { port, virtualHost, route }))
            rules.add(`${port} ${canonicalText(virtualHost.domains)} ${routeText(route)}`);
  const { objects: _, places: _p, except: _e, ...rest } = reach;
  return [rest, [...rules].sort()];
}
