// An object as the API server validates it: nulls of fields that are not nullable are removed, defaults are filled in
// (Kubernetes 1.36 apiextensions-apiserver pkg/apiserver/schema/defaulting/{prunenulls,algorithm}.go; Go's JSON does
// the first for built-in kinds).

import { type Json, type JsonObject, own, put } from '../../model/index.js';
import type { JsonSchema } from './kind-schemas.js';

/** A copy where something changes, else the value itself. `schema` is one without `$ref` (schemaOf). */
export function admitted(value: Json, schema: JsonSchema | undefined): Json {
  if (!schema || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return admittedList(value as readonly Json[], schema);
  const object = value as JsonObject;
  let out: Record<string, Json> | undefined;
  for (const [key, member] of Object.entries(object)) {
    const more = schema.additionalProperties;
    const below = own(schema.properties, key) ?? (typeof more === 'object' ? more : undefined);
    const kept = member === null && below && !below.nullable ? undefined : admitted(member, below);
    if (kept === member) continue;
    out ??= { ...object };
    if (kept === undefined) delete out[key];
    else put(out, key, kept);
  }
  for (const [key, fallback] of defaultsOf(schema)) {
    if (Object.hasOwn(out ?? object, key)) continue;
    out ??= { ...object };
    put(out, key, admitted(structuredClone(fallback), own(schema.properties, key)));
  }
  return out ?? value;
}

function admittedList(list: readonly Json[], schema: JsonSchema): Json {
  let changed = false;
  const items = list.map((item) => {
    const kept = admitted(item, schema.items);
    changed ||= kept !== item;
    return kept;
  });
  return changed ? items : list;
}

const defaults = new WeakMap<JsonSchema, readonly (readonly [string, Json])[]>();

function defaultsOf(schema: JsonSchema): readonly (readonly [string, Json])[] {
  let found = defaults.get(schema);
  if (!found) {
    found = Object.entries(schema.properties ?? {})
      .filter(([, property]) => property.default !== undefined)
      .map(([key, property]) => [key, property.default as Json] as const);
    defaults.set(schema, found);
  }
  return found;
}

/** Without the fields that the API server drops: those that the schema, one without `$ref`, does not have. A copy where something changes. */
export function pruned(value: Json, schema: JsonSchema | undefined): Json {
  if (!schema || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => pruned(item, schema.items));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  let out: Record<string, Json> | undefined;
  for (const [key, member] of Object.entries(value as JsonObject)) {
    const more = schema.additionalProperties;
    const below = own(schema.properties, key) ?? (typeof more === 'object' ? more : undefined);
    const isDropped = below === undefined && more === false;
    const kept = isDropped ? member : pruned(member, below);
    if (kept === member && !isDropped) continue;
    out ??= { ...(value as JsonObject) };
    if (isDropped) delete out[key];
    else put(out, key, kept);
  }
  return out ?? value;
}
