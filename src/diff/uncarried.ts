// Routes that no gateway of the files carries: those of the mesh, and those of a gateway that is elsewhere. No request is computed for
// them; where only one side has them, or they changed, the comparison is open.

import {
  formatResource,
  type Json,
  type Locate,
  locatedOrigin,
  type Origin,
  type Resource,
  type UndecidedPart,
} from '../model/index.js';
import { canonicalText } from './canonical.js';

/** Routes and what they are attached to. `gateway`: `namespace/name`; absent: the sidecars of the mesh. */
export interface Uncarried {
  readonly resource: Resource;
  readonly gateway?: string;
  readonly origin: Origin;
}

/** One part for each that the other side does not have with the same content. */
export function uncarriedParts(
  before: readonly Uncarried[],
  after: readonly Uncarried[],
  locate: Locate | undefined,
): UndecidedPart[] {
  const [left, right] = [before, after].map((list) => new Set(list.map(keyOf))) as [Set<string>, Set<string>];
  return [
    ...before.filter((u) => !right.has(keyOf(u))).map((u) => part(u, 'before', locate)),
    ...after.filter((u) => !left.has(keyOf(u))).map((u) => part(u, 'after', locate)),
  ];
}

/** One part for each: a translation of them is compared with nothing. */
export const notCompared = (list: readonly Uncarried[], locate: Locate | undefined): UndecidedPart[] =>
  list.map((u) => ({
    gateway: u.gateway ?? 'mesh',
    reason: `${formatResource(u.resource)} ${whereOf(u)}: nothing of it was compared`,
    because: { before: locatedOrigin(u.origin, locate), after: null },
  }));

const keys = new WeakMap<Uncarried, string>();

/** What is attached where, whatever the object is called. */
function keyOf(uncarried: Uncarried): string {
  let key = keys.get(uncarried);
  if (key === undefined) {
    const { kind, object } = uncarried.resource;
    const { gateways: _g, parentRefs: _p, ...spec } = (object.spec ?? {}) as Record<string, Json>;
    keys.set(uncarried, (key = canonicalText([kind, uncarried.gateway ?? null, spec])));
  }
  return key;
}

const whereOf = ({ gateway }: Uncarried): string =>
  gateway === undefined
    ? 'applies to the sidecars of the mesh, and only gateways are compared'
    : `is attached to Gateway ${gateway}, which is not in the files (--assume-gateway ${gateway})`;

const part = (uncarried: Uncarried, side: 'before' | 'after', locate: Locate | undefined): UndecidedPart => ({
  gateway: uncarried.gateway ?? 'mesh',
  reason: `${formatResource(uncarried.resource)} ${whereOf(uncarried)}; the other side has no equal object`,
  because: { before: null, after: null, [side]: locatedOrigin(uncarried.origin, locate) },
});
