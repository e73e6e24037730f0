// Headers that get the value of one that is removed at the same place.

import type { HeaderOps } from './action.js';

/** Names whose value reads a header of `remove`: a data plane that removes first sets them to nothing. */
export function renamedHeaders(ops: HeaderOps | undefined): readonly string[] {
  const removed = new Set(ops?.remove?.map((name) => name.toLowerCase()));
  if (removed.size === 0) return [];
  return [...(ops?.set ?? []), ...(ops?.add ?? [])].flatMap(([name, value]) => {
    const read = [...value.matchAll(/%REQ\(([^)]*)\)%/g)].map(([, header = '']) => header.toLowerCase());
    return read.some((header) => removed.has(header)) ? [name] : [];
  });
}
