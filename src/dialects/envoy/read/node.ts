// One field of Envoy's configuration under each of its spellings: `virtual_hosts` (protobuf's names, as Envoy prints them),
// `virtualHosts` (protojson, as istioctl and Envoy Gateway print them), and `{"PathSpecifier": {"Prefix": "/"}}` (Go's names of a oneof, as
// encoding/json prints them). Nothing is copied: a node is a value and where it stands, so that each keeps its place in the file.

import {
  type FieldPath,
  isObject,
  type Json,
  type JsonObject,
  type Origin,
  own,
  type Resource,
} from '../../../model/index.js';

export interface Node {
  readonly value: Json;
  readonly resource: Resource;
  /** Absent: the top of the object. */
  readonly above?: Node;
  readonly key?: string | number;
}

export const topOf = (resource: Resource): Node => ({ value: resource.object, resource });

/** Where it stands. */
export function originAt(node: Node): Origin {
  const path: (string | number)[] = [];
  for (let at: Node | undefined = node; at?.key !== undefined; at = at.above) path.push(at.key);
  return { resource: node.resource, path: path.reverse() satisfies FieldPath };
}

/** A value below another one. */
export const below = (above: Node, key: string | number, value: Json): Node => ({
  value,
  resource: above.resource,
  above,
  key,
});

/** `virtual_hosts` → `virtualHosts`, as protojson does it. */
const camel = memoized((name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
/** `path_separated_prefix` → `PathSeparatedPrefix`. */
const pascal = memoized((name) => camel(name).replace(/^[a-z]/, (letter) => letter.toUpperCase()));

/** The spellings of one kind that are kept, at most: keys come from files. Envoy has about 2,000 names of fields. */
const MOST_SPELLINGS = 10_000;

/** Another spelling of a name, made once for each of the first names. */
export function memoized(make: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const text = make(name);
    if (known.size < MOST_SPELLINGS) known.set(name, text);
    return text;
  };
}

const present = (value: Json | undefined): value is Json => value !== undefined && value !== null;

/** A field by its name in protobuf; undefined where it is absent or null. */
export function field(node: Node | undefined, name: string): Node | undefined {
  if (!node || !isObject(node.value)) return undefined;
  const object = node.value;
  const plain = own(object, name);
  if (present(plain)) return below(node, name, plain);
  const other = camel(name);
  const value = other === name ? undefined : own(object, other);
  return present(value) ? below(node, other, value) : inOneof(node, object, name);
}

/** A member of a oneof as Go prints it: one step deeper, below a name with a capital. */
function inOneof(node: Node, object: JsonObject, name: string): Node | undefined {
  const wanted = pascal(name);
  for (const key in object) {
    const first = key.charCodeAt(0);
    if (first < 65 || first > 90) continue;
    const group = own(object, key);
    if (!isObject(group)) continue;
    const value = own(group, wanted);
    if (present(value)) return below(below(node, key, group), wanted, value);
  }
  return undefined;
}

/** Field after field. */
export const at = (node: Node | undefined, ...names: readonly string[]): Node | undefined =>
  names.reduce<Node | undefined>(field, node);

/** The elements of a list. */
export function elements(node: Node | undefined): Node[] {
  if (!node || !Array.isArray(node.value)) return [];
  return (node.value as readonly Json[]).map((value, i) => below(node, i, value));
}

/** A repeated field. As in Envoy's own reading of JSON and YAML, one value stands for a list of one. */
export function list(node: Node | undefined, name: string): Node[] {
  const found = field(node, name);
  return found && !Array.isArray(found.value) ? [found] : elements(found);
}

/** The entries of a map: keys as they are. */
export function entries(node: Node | undefined): (readonly [key: string, value: Node])[] {
  if (!node || !isObject(node.value)) return [];
  return Object.entries(node.value).map(([key, value]) => [key, below(node, key, value)] as const);
}

/** An entry of a map. */
export function entry(node: Node | undefined, key: string): Node | undefined {
  if (!node || !isObject(node.value)) return undefined;
  const value = own(node.value, key);
  return present(value) ? below(node, key, value) : undefined;
}
