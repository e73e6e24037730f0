// KongPlugins and KongClusterPlugins where they are named: getPluginRelations and buildPlugins in
// internal/dataplane/kongstate/kongstate.go, GetCombinations in internal/util/rels/relations.go (Kong/kubernetes-ingress-controller 3.5).

import { type Json, type JsonObject, type Origin, originOf, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectOf, objectsOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { ReadNote } from '../../dialect.js';
import { type KongPlugin, type KongRoute, nameOfConsumer } from '../entities.js';
import { annotation, listOf } from './annotations.js';
import { GROUP, isOfClass } from './classes.js';
import type { NamedConsumer } from './consumers.js';
import { secretValue } from './secrets.js';

/** What names a plugin: the entity that it is for, and the field. */
interface Reference {
  readonly kind: 'route' | 'service' | 'consumer' | 'consumerGroup';
  readonly name: string;
  readonly origin: Origin;
}

export interface PluginContext {
  readonly catalog: Catalog;
  readonly className: string;
  readonly notes: ReadNote[];
}

export function pluginsOf(
  routes: readonly KongRoute[],
  consumers: readonly NamedConsumer[],
  context: PluginContext,
): readonly KongPlugin[] {
  const { catalog, className, notes } = context;
  const references = new Map<string, Reference[]>();
  const seen = new Set<string>();
  const refer = (holder: Resource, reference: Reference, names = listOf(annotation(holder, 'plugins'))): void => {
    const key = `${reference.kind} ${reference.name}`;
    for (const written of names) {
      const plugin = written.includes(':') ? written.replace(':', '/') : `${holder.namespace}/${written}`;
      if (seen.has(`${plugin} ${key}`)) continue;
      seen.add(`${plugin} ${key}`);
      const known = references.get(plugin);
      if (known) known.push(reference);
      else references.set(plugin, [reference]);
    }
  };
  const field = (holder: Resource): Origin => originOf(holder, 'metadata', 'annotations', 'konghq.com/plugins');
  for (const route of routes) {
    const holder = route.origin.resource;
    refer(holder, { kind: 'route', name: route.name, origin: field(holder) });
    for (const { name, origin } of route.named ?? [])
      refer(holder, { kind: 'route', name: route.name, origin }, [name]);
    const { service } = route;
    for (const { destination } of service?.to ?? []) {
      const [name = '', namespace = ''] = destination.host.split('.');
      const resource = catalog.find('/Service', namespace, name);
      if (service && resource) refer(resource, { kind: 'service', name: service.name, origin: field(resource) });
    }
  }
  for (const { consumer, resource } of consumers)
    refer(resource, { kind: 'consumer', name: nameOfConsumer(consumer), origin: field(resource) });
  for (const group of catalog.ofKind(`${GROUP}/KongConsumerGroup`))
    if (isOfClass(group, className)) refer(group, { kind: 'consumerGroup', name: group.name, origin: field(group) });

  const named = [...references].flatMap(([key, to]) => {
    const [namespace = '', name = ''] = key.split('/');
    const resource = findPlugin(catalog, namespace, name, className);
    if (resource) return combinations(to).map((scope) => ({ ...pluginOf(resource, catalog), ...scope }));
    for (const { origin } of to)
      notes.push({
        code: 'kong-no-plugin',
        message: `there is no KongPlugin ${namespace}/${name} and no KongClusterPlugin ${name}: requests pass without it`,
        origin,
      });
    return [];
  });
  return [...named, ...globals(catalog, className)];
}

/** A KongPlugin of the namespace, else a KongClusterPlugin of the class. */
function findPlugin(catalog: Catalog, namespace: string, name: string, className: string): Resource | undefined {
  const own = catalog.find(`${GROUP}/KongPlugin`, namespace, name);
  if (own) return own;
  return catalog.ofKind(`${GROUP}/KongClusterPlugin`).find((r) => r.name === name && isOfClass(r, className));
}

/** Named on a consumer too, it is for the consumer on these routes and services only. */
function combinations(references: readonly Reference[]): readonly Partial<KongPlugin>[] {
  const of = (kind: Reference['kind']) => references.filter((r) => r.kind === kind);
  const places = [...of('service'), ...of('route')];
  const clients = of('consumer').length > 0 ? of('consumer') : of('consumerGroup');
  const scope = ({ kind, name }: Reference) => ({ [kind]: name });
  if (clients.length === 0) return places.map(scope);
  if (places.length === 0) return clients.map(scope);
  return clients.flatMap((client) => places.map((place) => ({ ...scope(place), ...scope(client) })));
}

/** With the label `global: "true"`; two of one type cancel each other. */
function globals(catalog: Catalog, className: string): readonly KongPlugin[] {
  const all = catalog
    .ofKind(`${GROUP}/KongClusterPlugin`)
    .filter((r) => own(r.labels, 'global') === 'true' && isOfClass(r, className))
    .map((r) => pluginOf(r, catalog))
    .filter(({ name }) => name !== '');
  return all.filter(({ name }) => all.filter((other) => other.name === name).length === 1);
}

function pluginOf(resource: Resource, catalog: Catalog): KongPlugin {
  const { object } = resource;
  const protocols = stringsOf(object.protocols);
  return {
    name: stringOf(object.plugin) ?? '',
    config: configOf(resource, catalog),
    enabled: object.disabled !== true,
    ...(protocols.length > 0 ? { protocols } : {}),
    origin: originOf(resource),
  };
}

/** `config`, or the JSON or flat YAML of a Secret (`configFrom`), with values of Secrets put in (`configPatches`). */
function configOf(resource: Resource, catalog: Catalog): JsonObject {
  const { object } = resource;
  const secret = (reference: JsonObject | undefined): string | undefined => {
    const from = objectOf(reference?.secretKeyRef);
    const namespace = stringOf(from?.namespace) ?? resource.namespace;
    return secretValue(catalog, namespace, stringOf(from?.name), stringOf(from?.key));
  };
  const from = secret(objectOf(object.configFrom));
  let config: JsonObject = (from === undefined ? undefined : parsed(from)) ?? objectOf(object.config) ?? {};
  for (const patch of objectsOf(object.configPatches)) {
    const value = secret(objectOf(patch.valueFrom));
    const json = value === undefined ? undefined : jsonOf(value);
    const path = stringOf(patch.path);
    if (json !== undefined && path?.startsWith('/')) config = patched(config, path.slice(1).split('/'), json);
  }
  return config;
}

const parsed = (text: string): JsonObject | undefined => objectOf(jsonOf(text));

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** RFC 6902 `add` at a path of keys. */
function patched(config: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
  const inner = rest.length === 0 ? value : patched(objectOf(own(config, name)) ?? {}, rest, value);
  return Object.fromEntries([...Object.entries(config).filter(([k]) => k !== name), [name, inner]]);
}
