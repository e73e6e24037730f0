// An object as the API server validates it: nulls of fields that are not nullable are removed, defaults are filled in
// (Kubernetes 1.36 apiextensions-apiserver pkg/apiserver/schema/defaulting/{prunenulls,algorithm}.go; Go's JSON does
// the first for built-in kinds).

import { type Json, type JsonObject, own, put } from '../../model/index.js';
import type { JsonSchema } from './kind-schemas.js';

/** A copy where something changes, else the value itself. `schema` is one without `$ref` (schemaOf). */
export const admitted = (value: Json, schema: JsonSchema | undefined): Json =>
  schema ? byPlan(value, planOf(schema)) : value;

/** What of a schema counts here, by the names of fields. */
interface Plan {
  readonly members: ReadonlyMap<string, JsonSchema>;
  readonly more: JsonSchema | undefined;
  readonly items: JsonSchema | undefined;
  readonly defaults: readonly (readonly [name: string, value: Json])[];
}

const plans = new WeakMap<JsonSchema, Plan>();

function planOf(schema: JsonSchema): Plan {
  let plan = plans.get(schema);
  if (!plan) {
    const { additionalProperties: more, items } = schema;
    const properties = Object.entries(schema.properties ?? {});
    const defaults = properties.flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[key, value as Json] as const],
    );
    plan = {
      members: new Map(properties),
      more: typeof more === 'object' ? more : undefined,
      items,
      defaults,
    };
    plans.set(schema, plan);
  }
  return plan;
}

function byPlan(value: Json, plan: Plan): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return admittedList(value as readonly Json[], plan.items);
  const object = value as JsonObject;
  const kept = withoutNulls(object, plan);
  let out: Record<string, Json> | undefined;
  for (const [key, fallback] of plan.defaults) {
    if (Object.hasOwn(kept, key)) continue;
    out ??= kept === object ? { ...object } : (kept as Record<string, Json>);
    put(out, key, admitted(copied(fallback), plan.members.get(key)));
  }
  return out ?? kept;
}

/** The members as they are admitted. */
function withoutNulls(object: JsonObject, plan: Plan): JsonObject {
  let out: Record<string, Json> | undefined;
  for (const key in object) {
    const member = own(object, key);
    const below = plan.members.get(key) ?? plan.more;
    if (!below || typeof member !== 'object') continue;
    const kept = member === null ? (below.nullable ? null : undefined) : byPlan(member, planOf(below));
    if (kept === member) continue;
    out ??= { ...object };
    if (kept === undefined) delete out[key];
    else put(out, key, kept);
  }
  return out ?? object;
}

const copied = (value: Json): Json => (typeof value === 'object' ? structuredClone(value) : value);

function admittedList(list: readonly Json[], schema: JsonSchema | undefined): Json {
  if (!schema) return list;
  const plan = planOf(schema);
  let items: Json[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i]!;
    const kept = byPlan(item, plan);
    if (kept !== item) items ??= list.slice(0, i);
    items?.push(kept);
  }
  return items ?? list;
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
