// What a table of a message's fields says, and the words that several tables share. Names as protobuf has them (envoy/config and
// envoy/extensions, v3). A field that no table has is not read.

import { isObject, type Json, type JsonObject, own, type Part } from '../../../model/index.js';
import type { Feed } from '../../accounts.js';
import { below, elements, entries, memoized, type Node } from '../read/node.js';
import { text } from '../read/values.js';

export type FieldOf =
  /** What a value becomes. Of a message only its reason holds for what is below: its fields need a table. */
  | Feed
  /** The message that stands there; `Any`: the one that its type says. */
  | string
  | { readonly message: Message }
  | { readonly mapOf: FieldOf }
  /** Not read: no answer depends on it, or the reader tells that it is there. */
  | { readonly unread: 'delivery' | 'told' }
  /** Where it depends on the value, or on what stands beside it. */
  | ((node: Node) => FieldOf | undefined);

export type Message = Readonly<Record<string, FieldOf>>;

type Parts = readonly Part[];

export const NAME = { without: 'a name without an effect on requests' };
export const BYTES = { without: 'how bytes travel; no answer of one request depends on it' };
export const TELEMETRY = { without: 'statistics, traces and logs' };
export const DELIVERED = { without: 'where the configuration comes from' };
const IS_DEFAULT = { without: 'is the default value' };
export const DEFAULT = { otherwise: 'says nothing that Envoy does not do without it' };
export const SWITCHED = { otherwise: 'the filter does nothing where it is switched off' };
export const UNREAD_DELIVERY = { unread: 'delivery' } as const;
export const TOLD = { unread: 'told' } as const;
export const OWN_FILES = { without: 'has an item of its own: tls.certificate-files' };
export const INTAKE = {
  without: 'holds for the gateway as a whole: what is lost is in the items about paths and names of headers',
};

/** `values`: what holds without the field; enumerations stand by number, too. */
export const usual = (parts: Parts, ...values: readonly (string | number | boolean)[]): Feed => ({
  parts,
  usual: (value) => values.some((one) => one === value),
});

/** Read by nobody: nothing has to be, where it has the value that holds without it. */
export const onlyUsual =
  (...values: readonly (string | number | boolean)[]) =>
  ({ value }: Node): FieldOf | undefined =>
    values.some((one) => one === value) ? IS_DEFAULT : undefined;

/** Which protocols a connection may change to. Others are not read; requests that ask for none are answered as without them. */
export const WEB_SOCKETS = (node: Node): FieldOf =>
  elements(node).every((one) => text(one, 'upgrade_type')?.toLowerCase() === 'websocket')
    ? { without: 'WebSockets, which the target takes by itself' }
    : UNREAD_DELIVERY;

/** A switch that is off without the field. */
export const off = (parts: Parts): Feed => usual(parts, false);

/** A time limit: `without` where it is none. */
export const limitOfTime =
  (field: FieldOf) =>
  ({ value }: Node): FieldOf =>
    typeof value === 'string' && /^0(?:\.0+)?s$/.test(value) ? { without: 'no limit of time' } : field;

/** The fields of a message, with their places. */
export function membersOf(node: Node): (readonly [name: string, value: Node])[] {
  const members: (readonly [string, Node])[] = [];
  if (isObject(node.value))
    eachMember(node.value, (name, value, keys) => members.push([name, memberOf(node, keys, value)]));
  return members;
}

/** The keys to a field: one, or two in a oneof as Go prints it. */
export type MemberKeys = readonly [string] | readonly [group: string, member: string];

/** What eachMember found, with its place. */
export function memberOf(node: Node, [key, inner]: MemberKeys, value: Json): Node {
  if (inner === undefined) return below(node, key, value);
  return below(below(node, key, (isObject(node.value) ? own(node.value, key) : undefined) ?? null), inner, value);
}

/** The same before a place is made for each; members of a oneof as Go prints it stand one step deeper, below a name with a capital. */
export function eachMember(object: JsonObject, found: (name: string, value: Json, keys: MemberKeys) => void): void {
  for (const key of Object.keys(object)) {
    const value = own(object, key);
    if (value === undefined || value === null || isAddition(key)) continue;
    if (!hasCapital(key) || !isObject(value)) {
      found(snake(key), value, [key]);
      continue;
    }
    for (const inner of Object.keys(value)) {
      const member = own(value, inner);
      if (member !== undefined && member !== null) found(snake(inner), member, [key, inner]);
    }
  }
}

const hasCapital = (key: string): boolean => {
  const first = key.charCodeAt(0);
  return first >= 65 && first <= 90;
};

const ADDITIONS = new Set(['@type', 'apiVersion', 'kind']);

/** What JSON and Kubernetes add to a message. */
export const isAddition = (key: string): boolean => ADDITIONS.has(key);

/** `virtualHosts`, `VirtualHosts` → `virtual_hosts`. */
const snake = memoized((key) =>
  key.replace(/^[A-Z]/, (c) => c.toLowerCase()).replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
);

/** Wrappers and durations, which are messages in protobuf and values to everybody else. */
const VALUES = new Set(['value', 'seconds', 'nanos']);
export const isValue = (node: Node): boolean => entries(node).every(([key]) => VALUES.has(key));
