// Makes schemas/ from the upstream CRDs and OpenAPI documents: what the API server checks, without a word of prose.
//
// One file per kind: {group, kind, clusterScoped?, served: [{versions, schema}]}; parts that stand in a schema more
// than once are in $defs. CEL rules go to schemas/cel/, each with the paths of the values it judges.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { HAND_WRITTEN } from './hand-written.js';

export type Schema = { [key: string]: Schema | Schema[] | unknown };

export interface Crd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
}

export interface KindSchemas {
  readonly group: string;
  readonly kind: string;
  readonly clusterScoped?: true;
  readonly served: readonly { readonly versions: readonly string[]; readonly schema: Schema }[];
}

/** Keywords that say something about values; everything else is dropped. */
const KEPT = new Set([
  'type',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'enum',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'nullable',
  'default',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
]);

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (value: unknown, change: (schema: Schema) => Schema): Schema =>
  Object.fromEntries(
    Object.entries(value as Record<string, Schema>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, change(schema)]),
  );

/** The same constraints in the order of KEPT, closed where the API server knows every field. */
function cleaned(schema: Schema, inLogic = false): Schema {
  const out: Schema = {};
  for (const key of KEPT) {
    const value = schema[key];
    if (value === undefined) continue;
    out[key] =
      key === 'required' ? withoutDefaults(value as string[], schema.properties) : cleanedField(key, value, inLogic);
  }
  if (Array.isArray(out.required) && out.required.length === 0) delete out.required;
  if (schema['x-kubernetes-int-or-string'] && !out.anyOf && !out.oneOf)
    out.anyOf = [{ type: 'integer' }, { type: 'string' }];
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties !== undefined;
  if (!inLogic && out.properties && !open) out.additionalProperties = false;
  return out;
}

/** Schemas in the value of a keyword are cleaned; below `not` and the alternatives the conditions of a schema stand, not its fields. */
function cleanedField(key: string, value: unknown, inLogic: boolean): unknown {
  switch (key) {
    case 'properties':
      return mapValues(value, (s) => cleaned(s, inLogic));
    case 'items':
      return cleaned(value as Schema, inLogic);
    case 'not':
      return cleaned(value as Schema, true);
    case 'additionalProperties':
      return isSchema(value) ? cleaned(value, inLogic) : value;
    case 'oneOf':
    case 'anyOf':
    case 'allOf':
      return (value as Schema[]).map((s) => cleaned(s, true));
    default:
      return value;
  }
}

/** Defaults are filled in before the API server validates: such a field is never missing. */
function withoutDefaults(required: readonly string[], properties: unknown): string[] {
  const known = (properties ?? {}) as Record<string, Schema | undefined>;
  return [...required].filter((name) => known[name]?.default === undefined).sort();
}

/** Repeated parts of more than a line become definitions. */
function shared(root: Schema): Schema {
  const seen = new Map<string, number>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isSchema(node)) {
      const text = JSON.stringify(node);
      if (text.length > 250 && (node.type === 'object' || node.type === 'array')) {
        const count = (seen.get(text) ?? 0) + 1;
        seen.set(text, count);
        if (count > 1) return;
      }
      Object.values(node).forEach(visit);
    }
  };
  visit(root);
  const names = new Map<string, string>();
  const definitions: Record<string, Schema> = {};
  const replace = (node: unknown, isRoot = false): unknown => {
    if (Array.isArray(node)) return node.map((n) => replace(n));
    if (!isSchema(node)) return node;
    const copy = () => Object.fromEntries(Object.entries(node).map(([k, v]) => [k, replace(v)]));
    const text = JSON.stringify(node);
    if (isRoot || (seen.get(text) ?? 0) < 2) return copy();
    let name = names.get(text);
    if (name === undefined) {
      name = `d${names.size + 1}`;
      names.set(text, name);
      definitions[name] = copy();
    }
    return { $ref: `#/$defs/${name}` };
  };
  const out = replace(root, true) as Schema;
  return names.size > 0 ? { ...out, $defs: definitions } : out;
}

/** A path is from the top of the object: names, `[]` for each item of a list, `{}` for each value of a map. */
type PlacedRule = readonly [path: readonly string[], rule: CelRule];

/** CEL rules below `schema`, each with the path of the value it judges. */
function placedRules(schema: Schema, path: readonly string[] = []): PlacedRule[] {
  const rules = ((schema['x-kubernetes-validations'] ?? []) as CelRule[]).map(
    (r): CelRule => ({
      rule: r.rule.trim(),
      ...(r.message === undefined ? {} : { message: r.message.trim() }),
      ...(r.messageExpression === undefined ? {} : { messageExpression: r.messageExpression.trim() }),
      ...(r.reason === undefined ? {} : { reason: r.reason }),
      ...(r.fieldPath === undefined ? {} : { fieldPath: r.fieldPath }),
    }),
  );
  const placed = rules.map((rule): PlacedRule => [path, rule]);
  for (const [name, below] of Object.entries((schema.properties ?? {}) as Record<string, Schema>))
    placed.push(...placedRules(below, [...path, name]));
  if (isSchema(schema.items)) placed.push(...placedRules(schema.items, [...path, '[]']));
  if (isSchema(schema.additionalProperties)) placed.push(...placedRules(schema.additionalProperties, [...path, '{}']));
  return placed;
}

/** Each rule once, with its paths: the same type stands in many places of some kinds. */
function celRules(schema: Schema): readonly object[] {
  const rules = new Map<string, { paths: (readonly string[])[] }>();
  for (const [path, rule] of placedRules(schema)) {
    const key = JSON.stringify(rule);
    const known = rules.get(key);
    if (known) known.paths.push(path);
    else rules.set(key, { paths: [path], ...rule });
  }
  return [...rules.values()];
}

/** The API server ignores `status` on writes, and metadata is the same for every kind: neither is repeated here. */
function topLevel(schema: Schema): Schema {
  const { status: _, ...properties } = (schema.properties ?? {}) as Record<string, Schema>;
  return {
    ...schema,
    properties: { ...properties, metadata: {} },
    required: (schema.required as string[] | undefined)?.filter((r) => r !== 'status') ?? [],
  };
}

/** Groups versions whose schemas are equal. */
function served<T>(versions: readonly (readonly [version: string, value: T])[]): { versions: string[]; value: T }[] {
  const groups = new Map<string, { versions: string[]; value: T }>();
  for (const [version, value] of versions) {
    const key = JSON.stringify(value);
    const group = groups.get(key);
    if (group) group.versions.push(version);
    else groups.set(key, { versions: [version], value });
  }
  return [...groups.values()];
}

const fileName = (group: string, kind: string) => `${group === '' ? 'core' : group}.${kind}.json`;
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

function closed(schema: Schema): Schema {
  const out = shared(cleaned(schema));
  const properties = out.properties as Record<string, unknown>;
  properties.apiVersion = { type: 'string' };
  properties.kind = { type: 'string' };
  properties.metadata = { $ref: 'metadata.json' };
  properties.status = {};
  return out;
}

/** Adds the files of a kind. */
export function addCrd(files: Map<string, string>, crd: Crd): void {
  const { group, scope, names, versions } = crd.spec;
  const schemas = served(versions.map((v) => [v.name, closed(topLevel(v.schema.openAPIV3Schema))] as const));
  const kind: KindSchemas = {
    group,
    kind: names.kind,
    ...(scope === 'Cluster' ? { clusterScoped: true } : {}),
    served: schemas.map(({ versions: v, value }) => ({ versions: v, schema: value })),
  };
  files.set(fileName(group, names.kind), line(kind));
  const cel = served(versions.map((v) => [v.name, celRules(topLevel(v.schema.openAPIV3Schema))] as const));
  const rules = cel.filter((c) => c.value.length > 0).map(({ versions: v, value }) => ({ versions: v, rules: value }));
  if (rules.length > 0) files.set(`cel/${fileName(group, names.kind)}`, line(rules));
}

/** Replaces references to other definitions by what they refer to. */
function inlined(definitions: Record<string, Schema>, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((s) => inlined(definitions, s));
  if (!isSchema(schema)) return schema;
  const { $ref, allOf, ...rest } = schema;
  const target = typeof $ref === 'string' ? $ref : ((allOf as Schema[] | undefined)?.[0]?.$ref as string | undefined);
  const out = Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, inlined(definitions, v)]));
  if (target === undefined) return allOf === undefined ? out : { ...out, allOf: inlined(definitions, allOf) };
  const name = target.slice(target.lastIndexOf('/') + 1);
  const { default: fallback, ...kept } = out;
  // `default: {}` of a nested struct says nothing: Go has no absent structs.
  return {
    ...(inlined(definitions, definitions[name]) as Schema),
    ...kept,
    ...(isSchema(fallback) ? {} : fallback === undefined ? {} : { default: fallback }),
  };
}

const BUILT_IN: readonly (readonly [definition: string, group: string, version: string, clusterScoped?: true])[] = [
  ['io.k8s.api.core.v1.Service', '', 'v1'],
  ['io.k8s.api.core.v1.Secret', '', 'v1'],
  ['io.k8s.api.core.v1.ConfigMap', '', 'v1'],
  ['io.k8s.api.core.v1.Namespace', '', 'v1', true],
  ['io.k8s.api.discovery.v1.EndpointSlice', 'discovery.k8s.io', 'v1'],
];

/**
 * Fields of today's API that the OpenAPI document does not have (it was made from an older list of types): Service
 * trafficDistribution of KEP 4444 (1.33) and its values of KEP 3015 (1.35), hints for nodes of the same.
 */
const LATER_FIELDS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  'io.k8s.api.core.v1.ServiceSpec': {
    trafficDistribution: { type: 'string', enum: ['PreferClose', 'PreferSameNode', 'PreferSameZone'] },
  },
  'io.k8s.api.discovery.v1.EndpointHints': {
    forNodes: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    },
  },
};

function addLaterFields(definitions: Record<string, Schema>): void {
  for (const [name, fields] of Object.entries(LATER_FIELDS)) {
    const definition = definitions[name]!;
    definition.properties = { ...(definition.properties as Schema), ...fields };
  }
}

const LISTENER_SET_GROUP = 'gateway.networking.k8s.io';

/**
 * ListenerSet v1 (standard channel since Gateway API 1.5) is not among the upstream documents: its listeners are those of a Gateway with the
 * same rules (apis/v1/listenerset_types.go in sigs.k8s.io/gateway-api v1.6.3).
 */
function listenerSetLike(gateway: Crd): Crd {
  const [version] = gateway.spec.versions.filter((v) => v.name === 'v1');
  const spec = (version!.schema.openAPIV3Schema.properties as Record<string, Schema>).spec!;
  const { listeners } = spec.properties as Record<string, Schema>;
  const name = { type: 'string', minLength: 1, maxLength: 253 };
  const parentRef = {
    type: 'object',
    properties: {
      group: { type: 'string', maxLength: 253, default: LISTENER_SET_GROUP },
      kind: { type: 'string', minLength: 1, maxLength: 63, default: 'Gateway' },
      name,
      namespace: { type: 'string', minLength: 1, maxLength: 63 },
    },
    required: ['name'],
  };
  const openAPIV3Schema = {
    type: 'object',
    properties: {
      metadata: {},
      spec: { type: 'object', properties: { listeners, parentRef }, required: ['listeners', 'parentRef'] },
    },
    required: ['spec'],
  };
  return {
    kind: gateway.kind,
    spec: {
      group: LISTENER_SET_GROUP,
      scope: 'Namespaced',
      names: { kind: 'ListenerSet' },
      versions: [{ name: 'v1', schema: { openAPIV3Schema } }],
    },
  };
}

/** Every file of schemas/, by its path there, from the folder of upstream data. */
export function generateSchemas(upstream: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of ['istio.yaml', 'gateway-api.yaml']) {
    const documents = loadAll(readFileSync(join(upstream, 'crds', name), 'utf8')) as (Crd | null)[];
    const crds = documents.filter((d) => d !== null).filter((d) => d.kind === 'CustomResourceDefinition');
    for (const crd of crds) addCrd(files, crd);
    const gateway = crds.find(({ spec }) => spec.group === LISTENER_SET_GROUP && spec.names.kind === 'Gateway');
    if (gateway && !crds.some(({ spec }) => spec.names.kind === 'ListenerSet')) addCrd(files, listenerSetLike(gateway));
  }
  const definitions = load(readFileSync(join(upstream, 'openapi/kubernetes-v1.36.json'), 'utf8')) as Record<
    string,
    Schema
  >;
  addLaterFields(definitions);
  for (const [definition, group, version, clusterScoped] of BUILT_IN) {
    const kind = definition.slice(definition.lastIndexOf('.') + 1);
    const schema = closed(topLevel(inlined(definitions, definitions[definition]) as Schema));
    files.set(
      fileName(group, kind),
      line({ group, kind, ...(clusterScoped ? { clusterScoped } : {}), served: [{ versions: [version], schema }] }),
    );
  }
  for (const { group, kind, clusterScoped, served: versions } of HAND_WRITTEN)
    files.set(
      fileName(group, kind),
      line({
        group,
        kind,
        ...(clusterScoped ? { clusterScoped } : {}),
        served: versions.map((v) => ({ versions: v.versions, schema: closed(topLevel(v.schema)) })),
      }),
    );
  const metadata = inlined(definitions, definitions['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']) as Schema;
  files.set('metadata.json', line({ $id: 'metadata.json', ...cleaned(metadata) }));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
