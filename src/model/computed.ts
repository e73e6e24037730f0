// Values that are computed from the request, and those that no target computes.

import type { HeaderOps } from './action.js';

/** What a pattern caught of the path (Kong): nobody else has an operator for it. */
const PATH_GROUP = /%PATH_GROUP\(/;

/**
 * Names whose value reads a header of `remove`, which a data plane that removes first sets to nothing, or a part of the path.
 */
export function uncomputedHeaders(ops: HeaderOps | undefined): readonly string[] {
  const removed = new Set(ops?.remove?.map((name) => name.toLowerCase()));
  return [...(ops?.set ?? []), ...(ops?.add ?? [])].flatMap(([name, value]) => {
    const read = [...value.matchAll(/%REQ\(([^)]*)\)%/g)].map(([, header = '']) => header.toLowerCase());
    return PATH_GROUP.test(value) || read.some((header) => removed.has(header)) ? [name] : [];
  });
}

/** The changes that targets can write. */
export function withoutUncomputed(ops: HeaderOps | undefined): HeaderOps | undefined {
  const names = uncomputedHeaders(ops);
  if (!ops || names.length === 0) return ops;
  const { set, add, ...rest } = ops;
  const kept = (list: HeaderOps['set']) => list?.filter(([name]) => !names.includes(name)) ?? [];
  const [sets, adds] = [kept(set), kept(add)];
  return { ...rest, ...(sets.length > 0 ? { set: sets } : {}), ...(adds.length > 0 ? { add: adds } : {}) };
}
