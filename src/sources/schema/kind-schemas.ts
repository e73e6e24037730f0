// The schemas of schemas/, read when a kind is met for the first time.

import { packageFolder } from '../../files/index.js';
import { own, type Resource } from '../../model/index.js';
import { fileInSet } from './crd-sets.js';
import { readSchema } from './read-schema.js';

/** A JSON Schema in the dialect of CRDs (`nullable`, `x-kubernetes-*`), closed by `additionalProperties: false`. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

export interface KindSchemas {
  readonly group: string;
  readonly kind: string;
  readonly clusterScoped?: boolean;
  /** Unknown fields are left out by who reads the object; the API server has no say. */
  readonly ignoresUnknown?: boolean;
  readonly served: readonly { readonly versions: readonly string[]; readonly schema: JsonSchema }[];
}

const kinds = new Map<string, KindSchemas | undefined>();
let names: ReadonlySet<string> | undefined;

/** All schemas of a kind; undefined where the project has none. `set`: in this set of CRDs. */
export function kindSchemas(group: string, kind: string, set?: string): KindSchemas | undefined {
  const name = `${group === '' ? 'core' : group}.${kind}.json`;
  const path = set === undefined ? name : (fileInSet(set, name) ?? '');
  if (kinds.has(path)) return kinds.get(path);
  // A word of the input never becomes the name of a file: it has to be one of those that are there.
  names ??= new Set(packageFolder('schemas'));
  const isThere = set === undefined ? names.has(path) : path !== '';
  const found = isThere ? (readSchema(path) as KindSchemas) : undefined;
  kinds.set(path, found);
  return found;
}

const resolved = new WeakMap<JsonSchema, JsonSchema>();

/** The schema of an object with every `$ref` replaced (parts are shared, not copied); undefined where there is none. */
export function schemaOf(
  resource: Pick<Resource, 'group' | 'kind' | 'version' | 'crds'>,
  set = resource.crds,
): JsonSchema | undefined {
  const schema = kindSchemas(resource.group, resource.kind, set)?.served.find((s) =>
    s.versions.includes(resource.version),
  )?.schema;
  if (!schema) return undefined;
  const known = resolved.get(schema);
  if (known) return known;
  const { $defs, ...root } = schema;
  const definitions = new Map<string, unknown>();
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve);
    if (typeof node !== 'object' || node === null) return node;
    const { $ref } = node as JsonSchema;
    if ($ref === undefined) return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, resolve(v)]));
    if ($ref === 'metadata.json') return resolve(readSchema($ref));
    const name = $ref.slice('#/$defs/'.length);
    if (!definitions.has(name)) definitions.set(name, resolve(own($defs, name)));
    return definitions.get(name);
  };
  const out = resolve(root) as JsonSchema;
  resolved.set(schema, out);
  return out;
}
