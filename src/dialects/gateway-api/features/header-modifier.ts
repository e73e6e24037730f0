// RequestHeaderModifier and ResponseHeaderModifier. Of several entries for one name the first counts; names are lower
// case and sorted, as Istio hands them to Envoy; `host` becomes the host rewrite
// (createHeadersFilter and headerListToMap in pilot/pkg/config/kube/gateway/conversion.go, translateAppendHeaders in
// pilot/pkg/networking/core/route/route.go, 2026-08-22).

import type { HeaderOps, Json, Origin } from '../../../model/index.js';
import { compareText, listAt, stringAt, stringsAt } from '../fields.js';
import type { ConfigError } from './config-error.js';

export interface HeaderChange {
  readonly ops?: HeaderOps;
  /** What the destination gets as host, where the filter sets or adds `Host`. */
  readonly host?: string;
}

export function headerChange(filter: Json, origin: Origin): HeaderChange | ConfigError {
  const set = entries(filter, 'set');
  const add = entries(filter, 'add');
  const bad = [...set, ...add].find(([, value]) => !isPlainText(value));
  if (bad !== undefined) {
    return { reason: 'InvalidFilter', message: `the value of header "${bad[0]}" holds control characters`, origin };
  }
  const host = hostAmong(set) ?? hostAmong(add);
  const remove = stringsAt(filter, 'remove').filter((name) => !isInternal(name.toLowerCase()));
  const ops: HeaderOps = {
    ...nonEmpty(
      'set',
      set.filter(([name]) => !isInternal(name)),
    ),
    ...nonEmpty(
      'add',
      add.filter(([name]) => !isInternal(name)),
    ),
    ...nonEmpty(
      'remove',
      remove.map((name) => name.toLowerCase()),
    ),
    origin,
  };
  const changes = ops.set !== undefined || ops.add !== undefined || ops.remove !== undefined;
  return { ...(changes && { ops }), ...(host !== undefined && { host }) };
}

function entries(filter: Json, key: 'set' | 'add'): (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const entry of listAt(filter, key)) {
    const name = (stringAt(entry, 'name') ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, stringAt(entry, 'value') ?? '');
  }
  return [...found].sort(([a], [b]) => compareText(a, b));
}

const isInternal = (name: string) => name.startsWith(':') || name === 'host';
const hostAmong = (list: readonly (readonly [string, string])[]) => list.find(([name]) => name === 'host')?.[1];

function isPlainText(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code !== 9 && (code < 0x20 || code === 0x7f)) return false;
  }
  return true;
}

const nonEmpty = <K extends string, T>(key: K, list: readonly T[]): { readonly [P in K]?: readonly T[] } =>
  list.length === 0 ? {} : ({ [key]: list } as { readonly [P in K]: readonly T[] });
