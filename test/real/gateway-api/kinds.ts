// The kinds of the cluster: those of the suite's CRDs, with the defaults that an API server fills in, and the few of Kubernetes itself that
// the suite uses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { goModule } from '../go-program.js';

export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Status is written apart from the rest. */
  readonly status: boolean;
  /** By version; absent: no defaults. */
  readonly schemas?: Readonly<Record<string, Schema>>;
}

/** As much of a CRD's schema as the defaults need. */
export interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

export interface Crd {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const kind = (group: string, version: string, name: string, plural: string, rest: Partial<Kind> = {}): Kind => ({
  group,
  versions: [version],
  kind: name,
  plural,
  namespaced: true,
  status: false,
  ...rest,
});

const OF_KUBERNETES: readonly Kind[] = [
  kind('', 'v1', 'Namespace', 'namespaces', { namespaced: false }),
  kind('', 'v1', 'Service', 'services'),
  kind('', 'v1', 'Secret', 'secrets'),
  kind('', 'v1', 'ConfigMap', 'configmaps'),
  kind('', 'v1', 'Pod', 'pods', { status: true }),
  kind('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  kind('apps', 'v1', 'Deployment', 'deployments', { status: true }),
  kind('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
  kind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', { namespaced: false }),
];

export type Channel = 'standard' | 'experimental';

export function readCrds(channel: Channel): Crd[] {
  const folder = join(goModule('gateway-api', 'sigs.k8s.io/gateway-api'), 'config/crd', channel);
  return readdirSync(folder)
    .filter((name) => /^gateway\.networking.*\.yaml$/.test(name))
    .flatMap((name) => loadAll(readFileSync(join(folder, name), 'utf8')) as (Crd & { readonly kind?: string })[])
    .filter((object) => object?.kind === 'CustomResourceDefinition');
}

export function kindsOf(crds: readonly Crd[]): Kind[] {
  const ofCrds = crds.map(({ spec }): Kind => {
    const served = spec.versions.filter((v) => v.served);
    return {
      group: spec.group,
      versions: served.map((v) => v.name),
      kind: spec.names.kind,
      plural: spec.names.plural,
      namespaced: spec.scope === 'Namespaced',
      status: true,
      schemas: Object.fromEntries(served.map((v) => [v.name, v.schema.openAPIV3Schema])),
    };
  });
  return [...OF_KUBERNETES, ...ofCrds];
}

/** Fills in what the schema defaults, as an API server does: a default is set where the field is absent, then its fields are looked at. */
export function setDefaults(value: unknown, schema: Schema | undefined): void {
  if (schema === undefined || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) setDefaults(item, schema.items);
    return;
  }
  const object = value as Record<string, unknown>;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (object[name] === undefined && field.default !== undefined) object[name] = structuredClone(field.default);
    setDefaults(object[name], field);
  }
  if (typeof schema.additionalProperties === 'object')
    for (const item of Object.values(object)) setDefaults(item, schema.additionalProperties);
}
