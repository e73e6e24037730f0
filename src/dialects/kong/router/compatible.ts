// The order of the flavours `traditional_compatible` and `expressions`: by priority, then by id, greatest first (atc-router). The priority
// is what kong/router/transform.lua really computes, in 32 bits where its comment says 64 (Kong 3.2 to 3.10).

import type { KongPath, KongRoute } from '../entities.js';
import { splitRouteId } from '../uuid.js';
import { byteLength, type Entry, isWildcard } from './entry.js';

interface Placed extends Entry {
  readonly priority: bigint;
  readonly id: string;
}

export const compatibleOrder = (routes: readonly KongRoute[]): readonly Entry[] =>
  routes
    .flatMap(placed)
    .sort((a, b) => (a.priority === b.priority ? (a.id < b.id ? 1 : -1) : a.priority < b.priority ? 1 : -1));

/** Of a route with an expression: above all others. */
const EXPRESSION = 0xffn << 56n;

function placed(route: KongRoute): readonly Placed[] {
  const { priority, id, paths } = route;
  if (priority !== undefined) return [{ route, paths, priority: EXPRESSION | priority, id }];
  const groups = groupsOf(paths);
  return groups.map((group, i) => ({
    route,
    paths: group,
    ...priorityOf(route, group),
    id: groups.length === 1 ? id : splitRouteId(id, i + 1),
  }));
}

/** All patterns together, prefixes by their length; numbered as they first occur. */
function groupsOf(paths: readonly KongPath[]): readonly (readonly KongPath[])[] {
  if (paths.length < 2) return [paths];
  const groups = new Map<number, KongPath[]>();
  for (const path of paths) {
    const key = path.kind === 'regex' ? 0 : byteLength(path.value);
    const known = groups.get(key);
    if (known) known.push(path);
    else groups.set(key, [path]);
  }
  return [...groups.values()];
}

const PLAIN_HOSTS = 1n << 60n;
const PATTERN = 1n << 51n;

/** `lshift_uint64` shifts plain numbers: by the offset modulo 32, in 32 bits with a sign. */
const shifted = (value: number, offset: number): number => value << (offset & 31);

function priorityOf(route: KongRoute, paths: readonly KongPath[]): Pick<Placed, 'priority' | 'unreliable'> {
  const { hosts, headers, methods, snis, regexPriority } = route;
  const fields = [hosts, headers, methods, snis, paths].filter((field) => field.length > 0).length;
  const [first] = paths;
  const pattern = first?.kind === 'regex';
  const parts = [
    shifted(fields, 61),
    shifted(Math.min(headers.length, 255), 52),
    pattern ? shifted(regexPriority, 19) : 0,
    first && !pattern ? byteLength(first.value) & 0x7ffff : 0,
  ];
  const plain = hosts.length > 0 && !hosts.some(isWildcard);
  const unreliable = fields >= 4 || (pattern && (regexPriority < 0 || regexPriority >= 4096));
  return {
    priority: parts.reduce(
      (sum, part) => sum | BigInt.asUintN(64, BigInt(part)),
      (plain ? PLAIN_HOSTS : 0n) | (pattern ? PATTERN : 0n),
    ),
    ...(unreliable ? { unreliable } : {}),
  };
}
