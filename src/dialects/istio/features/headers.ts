// Header operations of a rule or a destination: TranslateHeadersOperations in pilot/pkg/networking/core/route/route.go.
// Envoy overwrites before it appends, whatever the order written, so one level's operations may be joined.

import type { HeaderOps, JsonObject, Origin } from '../../../model/index.js';
import { at, type Field, objectOf, stringMapOf, stringsOf } from '../../../resources/fields.js';

export interface HeaderChanges {
  readonly request?: HeaderOps;
  readonly response?: HeaderOps;
  /** What `host` or `:authority` is set to. */
  readonly authority?: string;
}

const UNCHANGED: HeaderChanges = {};

const isInternal = (name: string): boolean => name.startsWith(':') || name.toLowerCase() === 'host';
const isAuthority = (name: string): boolean => name.toLowerCase() === ':authority' || name.toLowerCase() === 'host';

export function headerChanges(headers: Field<JsonObject> | undefined): HeaderChanges {
  if (!headers) return UNCHANGED;
  const request = objectOf(headers.value.request);
  const response = objectOf(headers.value.response);
  const authority = authorityOf(request?.set) || authorityOf(request?.add);
  const requestOps = operations(request, at(headers.origin, 'request'));
  const responseOps = operations(response, at(headers.origin, 'response'));
  return {
    ...(requestOps ? { request: requestOps } : {}),
    ...(responseOps ? { response: responseOps } : {}),
    ...(authority ? { authority } : {}),
  };
}

const authorityOf = (map: JsonObject[string] | undefined): string =>
  Object.entries(stringMapOf(map)).findLast(([name]) => isAuthority(name))?.[1] ?? '';

function operations(block: JsonObject | undefined, origin: Origin): HeaderOps | undefined {
  if (!block) return undefined;
  const pairs = (map: JsonObject[string] | undefined) =>
    Object.entries(stringMapOf(map))
      .filter(([name]) => !isInternal(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name.toLowerCase(), value] as const);
  const set = pairs(block.set);
  const add = pairs(block.add);
  const remove = stringsOf(block.remove)
    .filter((name) => !isInternal(name))
    .map((name) => name.toLowerCase());
  if (set.length + add.length + remove.length === 0) return undefined;
  return {
    ...(set.length > 0 ? { set } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove } : {}),
    origin,
  };
}

/** A single destination's operations go behind the rule's, on the same level: processDestination. */
export function joinOps(first: HeaderOps | undefined, second: HeaderOps | undefined): HeaderOps | undefined {
  if (!first || !second) return first ?? second;
  return {
    set: [...(first.set ?? []), ...(second.set ?? [])],
    add: [...(first.add ?? []), ...(second.add ?? [])],
    remove: [...(first.remove ?? []), ...(second.remove ?? [])],
    ...(first.origin ? { origin: first.origin } : {}),
  };
}
