// MeshHTTPRoute and MeshTCPRoute whose targetRef chooses a gateway or some of its listeners. Rules of several of them are joined by the
// text of their matches (pkg/plugins/policies/core/matchers/dataplane.go and core/rules/merge, v2.13.9): what chooses more closely
// counts, then the name that comes first.

import type { Json, JsonObject, Origin, Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import {
  at,
  compareText,
  type Field,
  objectOf,
  objectsOf,
  stringMapOf,
  stringOf,
  stringsOf,
} from '../../resources/fields.js';
import { perCatalog, Scope } from '../../resources/kept-answers.js';
import { allKnown, backendByReference, joinedBackends } from './destination.js';
import { bodyOf, meshOf } from './fields.js';
import { filtersOf, OF_MESH_ROUTE } from './filters.js';
import { compareExactness, containsHost, hostsMeet } from './hostnames.js';
import type { KumaListener } from './listeners.js';
import { meshRouteMatch } from './matches.js';
import type { Backends, RouteRules, Rule } from './rule.js';
import { tagsMatch } from './tags.js';

export const HTTP_ROUTE = 'kuma.io/MeshHTTPRoute';
export const TCP_ROUTE = 'kuma.io/MeshTCPRoute';

/** How closely a targetRef chooses; undefined: not this listener. */
function rankOf(route: Resource, gateway: Resource, listener: KumaListener): number | undefined {
  const ref = objectOf(bodyOf(route).value.targetRef);
  const kind = stringOf(ref?.kind) ?? 'Mesh';
  const tags = stringMapOf(ref?.tags);
  const gateways = ref?.proxyTypes === undefined || stringsOf(ref.proxyTypes).includes('Gateway');
  if (kind === 'Mesh') return gateways ? 0 : undefined;
  if (kind === 'MeshSubset') return gateways && tagsMatch(tags, listener.tags) ? 1 : undefined;
  if (kind === 'MeshService')
    return tagsMatch({ 'kuma.io/service': stringOf(ref?.name) ?? '' }, listener.tags) ? 3 : undefined;
  if (kind !== 'MeshGateway' || stringOf(ref?.name) !== gateway.name) return undefined;
  return tagsMatch(tags, listener.tags) ? 2 + Object.keys(tags).length / 1000 : undefined;
}

const scopes = perCatalog(() => new Scope());

/** Those that choose the listener, the one that counts most first. */
export function meshRoutesFor(
  kind: string,
  gateway: Resource,
  listener: KumaListener,
  catalog: Catalog,
): readonly Resource[] {
  // Notes and chains ask alike.
  return scopes(catalog).keep(listener, kind, () => choosing(kind, gateway, listener, catalog));
}

const choosing = (kind: string, gateway: Resource, listener: KumaListener, catalog: Catalog): readonly Resource[] =>
  catalog
    .ofKind(kind)
    .filter((route) => meshOf(route) === meshOf(gateway))
    .flatMap((route) => {
      const rank = rankOf(route, gateway, listener);
      return rank === undefined ? [] : [{ route, rank }];
    })
    .sort((a, b) => b.rank - a.rank || compareText(a.route.name, b.route.name))
    .map(({ route }) => route);

interface Target {
  readonly written: JsonObject;
  readonly origin: Origin;
}

/** Entries of `to` that are about every destination: others are for calls inside of the mesh. */
const targetsOf = (route: Resource): readonly Target[] => {
  const { value, path } = bodyOf(route);
  return objectsOf(value.to).flatMap((written, i) =>
    stringOf(objectOf(written.targetRef)?.kind) === 'Mesh'
      ? [{ written, origin: { resource: route, path: [...path, 'to', i] } }]
      : [],
  );
};

/** A rule, and where what it does is written: a rule of the same matches that counts less gives what this one leaves open. */
interface Draft {
  readonly matches: Json | undefined;
  readonly origin: Origin;
  filters?: Field;
  backendRefs?: Field;
}

/** Rules by the list of host names that they are written for. */
export function joinedRules(routes: readonly Resource[], catalog: Catalog): readonly RouteRules[] {
  const groups = new Map<string, { readonly hostnames: readonly string[]; readonly drafts: Map<string, Draft> }>();
  for (const { written, origin } of routes.flatMap(targetsOf)) {
    const hostnames = stringsOf(written.hostnames);
    const group = known(groups, JSON.stringify(hostnames), () => ({ hostnames, drafts: new Map() }));
    for (const [i, rule] of objectsOf(written.rules).entries()) joinRule(group.drafts, rule, at(origin, 'rules', i));
  }
  return [...groups.values()].map(({ hostnames, drafts }) => ({
    hostnames,
    rules: [...drafts.values()].map((draft) => ruleOf(draft, catalog)),
  }));
}

function known<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** The same for values that are the same: fields of objects by name. */
const canonicalText = (value: Json | undefined): string =>
  JSON.stringify(value ?? null, (_, part: Json) => {
    const object = objectOf(part);
    return object ? Object.fromEntries(Object.entries(object).sort(([a], [b]) => compareText(a, b))) : part;
  });

function joinRule(drafts: Map<string, Draft>, rule: JsonObject, origin: Origin): void {
  const draft = known<Draft>(drafts, canonicalText(rule.matches), () => ({ matches: rule.matches, origin }));
  const { filters, backendRefs } = objectOf(rule.default) ?? {};
  if (filters !== undefined) draft.filters ??= { value: filters, origin: at(origin, 'default', 'filters') };
  if (backendRefs !== undefined)
    draft.backendRefs ??= { value: backendRefs, origin: at(origin, 'default', 'backendRefs') };
}

const ruleOf = ({ matches, filters, backendRefs, origin }: Draft, catalog: Catalog): Rule => ({
  matches: objectsOf(matches).map((m, i) => meshRouteMatch(m, at(origin, 'matches', i))),
  filters: filters ? filtersOf(filters.value, OF_MESH_ROUTE, filters.origin, catalog) : {},
  backends: backendRefs ? backendsOf(backendRefs, catalog) : [],
  origin,
});

const backendsOf = ({ value, origin }: Field, catalog: Catalog): Backends =>
  allKnown(objectsOf(value).map((ref, i) => backendByReference(ref, origin.resource, at(origin, i), catalog)));

/** Where bytes go. */
export const meshTcpBackends = (routes: readonly Resource[], catalog: Catalog): Backends =>
  joinedBackends(
    routes.flatMap(targetsOf).flatMap(({ written, origin }) =>
      objectsOf(written.rules).map((rule, i) =>
        backendsOf(
          {
            value: objectOf(rule.default)?.backendRefs ?? null,
            origin: at(origin, 'rules', i, 'default', 'backendRefs'),
          },
          catalog,
        ),
      ),
    ),
  );

/**
 * Host name → rules of one listener (sortRulesToHosts in meshhttproute/plugin/v1alpha1/gateway_routes.go). `taken`: names of listeners of
 * the port that are more exact; what is below them is theirs.
 */
export function rulesByHost(
  listener: string,
  routes: readonly RouteRules[],
  taken: readonly string[],
): ReadonlyMap<string, readonly Rule[]> {
  const byName = new Map<string, Rule[]>();
  for (const { hostnames, rules } of routes)
    for (const name of hostnames.length > 0 ? hostnames : ['*'])
      byName.set(name, [...(byName.get(name) ?? []), ...rules]);
  const hosts = new Set<string>();
  for (const name of byName.keys())
    if (hostsMeet(listener, name)) hosts.add(containsHost(name, listener) ? listener : name);
  return new Map(
    [...hosts]
      .filter((host) => !taken.some((other) => containsHost(other, host)))
      .map((host) => [host, rulesOf(host, byName, hosts)]),
  );
}

function rulesOf(
  host: string,
  byName: ReadonlyMap<string, readonly Rule[]>,
  hosts: ReadonlySet<string>,
): readonly Rule[] {
  const names = [...byName.keys()].filter(
    // A name that is more exact than the host has routes of its own.
    (name) => hostsMeet(host, name) && !(hosts.has(name) && !containsHost(name, host)),
  );
  return [...new Set(names.sort(compareExactness).flatMap((name) => byName.get(name)!))];
}
