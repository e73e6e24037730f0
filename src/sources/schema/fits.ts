// A quick look whether an object fits its schema, without compiling it: for commands that only want to say that something is wrong. In
// doubt (a format, a long text for a pattern) it says no, and `validateResource` decides.

import { isObject, type Json, type JsonObject, own, type Resource, table } from '../../model/index.js';
import { admitted, pruned } from './admit.js';
import { setsOf } from './crd-sets.js';
import { isDateTime } from './date-time.js';
import { type JsonSchema, kindSchemas, schemaOf } from './kind-schemas.js';

/** False: perhaps not. True for kinds that the project has no schema of. */
export function fits(resource: Resource): boolean {
  if (!kindSchemas(resource.group, resource.kind, resource.crds)) return setsOf(resource.group).length === 0;
  const schema = schemaOf(resource);
  return schema !== undefined && holds(admitted(resource.written ?? resource.object, schema), schema);
}

/**
 * Whether the API server stores the object, as far as its schema says: fields that it does not have are dropped, and refuse nothing. Words
 * that are booleans in YAML 1.1 only (`n`, `on`) count as texts where a text is wanted: not everybody's YAML reads them so.
 */
export function isStored(resource: Resource): boolean {
  const schema = schemaOf(resource);
  if (!schema) return !kindSchemas(resource.group, resource.kind, resource.crds);
  return holds(wordsAsTexts(admitted(pruned(resource.object, schema), schema), schema), schema);
}

function wordsAsTexts(value: Json, schema: JsonSchema | undefined): Json {
  if (typeof value === 'boolean' && schema?.type === 'string') return String(value);
  if (!schema || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => wordsAsTexts(item, schema.items));
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, v]) => [key, wordsAsTexts(v, own(schema.properties, key) ?? more)]));
}

type Test = (value: Json, wanted: never, schema: JsonSchema) => boolean;

const TYPES = table<(value: Json) => boolean>({
  string: (v) => typeof v === 'string',
  boolean: (v) => typeof v === 'boolean',
  number: (v) => typeof v === 'number',
  integer: (v) => Number.isInteger(v),
  array: Array.isArray,
  object: isObject,
});

/** Longer texts are not tried. */
const MOST_CHARACTERS = 1024;
const patterns = new Map<string, RegExp>();
function matches(text: string, pattern: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(pattern);
  patterns.set(pattern, known);
  return text.length <= MOST_CHARACTERS && known.test(text);
}

const lengthOf = (text: string): number => [...text].length;
const within = (value: Json, limit: number): boolean => typeof value !== 'number' || (value >= -limit && value < limit);
const numbers = table<number>({ int32: 2 ** 31, int64: 2 ** 63 });
const ANY_FORMAT = new Set(['double', 'float', 'byte', 'int-or-string']);

function formatHolds(value: Json, format: string): boolean {
  const limit = numbers.get(format);
  if (limit !== undefined) return within(value, limit);
  return ANY_FORMAT.has(format) || typeof value !== 'string' || (format === 'date-time' && isDateTime(value));
}

const noTest: Test = () => true;

/** Every keyword of the schemas; a value of another type than a keyword is about passes it. */
const KEYWORDS = table<Test>({
  type: (v, wanted: string, { nullable }) => (v === null && nullable === true) || (TYPES.get(wanted)?.(v) ?? false),
  enum: (v, wanted: readonly unknown[], { nullable }) => (v === null && nullable === true) || wanted.includes(v),
  properties: (v, wanted: Readonly<Record<string, JsonSchema>>) =>
    !isObject(v) ||
    Object.entries(v).every(([key, member]) => {
      const below = own(wanted, key);
      return below === undefined || holds(member, below);
    }),
  additionalProperties: (v, wanted: JsonSchema | boolean, { properties }) =>
    wanted === true ||
    !isObject(v) ||
    Object.entries(v).every(
      ([key, member]) => own(properties, key) !== undefined || (wanted !== false && holds(member, wanted)),
    ),
  items: (v, wanted: JsonSchema) => !Array.isArray(v) || v.every((item: Json) => holds(item, wanted)),
  required: (v, wanted: readonly string[]) => !isObject(v) || wanted.every((key) => Object.hasOwn(v, key)),
  oneOf: (v, wanted: readonly JsonSchema[]) => wanted.filter((s) => holds(v, s)).length === 1,
  anyOf: (v, wanted: readonly JsonSchema[]) => wanted.some((s) => holds(v, s)),
  allOf: (v, wanted: readonly JsonSchema[]) => wanted.every((s) => holds(v, s)),
  not: (v, wanted: JsonSchema) => !holds(v, wanted),
  minLength: (v, wanted: number) => typeof v !== 'string' || lengthOf(v) >= wanted,
  maxLength: (v, wanted: number) => typeof v !== 'string' || lengthOf(v) <= wanted,
  pattern: (v, wanted: string) => typeof v !== 'string' || matches(v, wanted),
  minimum: (v, wanted: number) => typeof v !== 'number' || v >= wanted,
  maximum: (v, wanted: number) => typeof v !== 'number' || v <= wanted,
  minItems: (v, wanted: number) => !Array.isArray(v) || v.length >= wanted,
  maxItems: (v, wanted: number) => !Array.isArray(v) || v.length <= wanted,
  minProperties: (v, wanted: number) => !isObject(v) || Object.keys(v).length >= wanted,
  maxProperties: (v, wanted: number) => !isObject(v) || Object.keys(v).length <= wanted,
  format: (v, wanted: string) => formatHolds(v, wanted),
  $id: noTest,
  nullable: noTest,
  default: noTest,
});

/** `schema` is one without `$ref` (schemaOf). */
function holds(value: Json, schema: JsonSchema): boolean {
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (keyword.startsWith('x-kubernetes-')) continue;
    const test = KEYWORDS.get(keyword);
    if (!test?.(value, wanted as never, schema)) return false;
  }
  return true;
}
