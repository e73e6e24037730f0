// The destinations of Envoy's clusters under names that other dialects have for them, and what else has to be found in a cluster. Istio's clusters say host and port in their names; of
// others the endpoints do (envoy.config.cluster.v3.Cluster, load_assignment), or `--cluster` does. What neither says is asked for.

import { CannotRunError } from '../../diagnostics/index.js';
import {
  type Action,
  chainPlaces,
  type Delivery,
  type Destination,
  type EffectiveGateway,
  type FilterChain,
  type Forward,
  formatPath,
  type L4Chain,
  mapChains,
  type Origin,
  type Route,
  type WeightedDestination,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { serviceHost } from '../../resources/services.js';
import type { NamedGateways, ReadOptions, WrittenLoss } from '../dialect.js';
import { type ClusterSettings, clusterSettings, type SettingName } from './cluster-settings.js';
import { clusterEndpoints, clustersByName, isIstioCluster, isNamed } from './read/clusters.js';
import { field, type Node, originAt } from './read/node.js';
import { idOf, sourcesOf } from './read.js';

/** Of `--cluster web=web.prod:8080,…`. */
type Said = ReadonlyMap<string, { readonly host: string; readonly port: number }>;

export function withServices(
  gateways: readonly EffectiveGateway[],
  catalog: Catalog,
  { flags = {} }: ReadOptions,
): NamedGateways {
  const said = parseClusters(flags.cluster);
  const clusters = new Map(sourcesOf(catalog).map((source) => [idOf(source), clustersByName(source.clusters)]));
  const items = new Map<string, WrittenLoss>();
  const named = gateways.map((gateway) => {
    const byName = clusters.get(gateway.id) ?? new Map<string, Node>();
    const naming: Naming = {
      byName,
      said,
      settings: new Map(),
      note: (item) => void items.set(`${item.key} ${formatPath(item.origin.path)}`, item),
    };
    for (const { chain } of chainPlaces(gateway)) noteCertificate(chain, naming.note);
    const named = mapChains(gateway, (chain) => withNames(chain, naming));
    // What its ServiceEntries and DestinationRules say is in the cluster, and stays.
    return [...byName.keys()].some((name) => name.startsWith('outbound|'))
      ? { ...named, controlPlane: 'istio' as const }
      : named;
  });
  return { gateways: named, items: [...items.values()] };
}

/** A certificate that no Secret of Kubernetes holds, as far as its name says: from files, in the text, or of a discovery of its own. */
function noteCertificate({ tls }: FilterChain, note: Naming['note']): void {
  if (!tls?.origin || tls.credentials.length > 0) return;
  note({
    key: 'tls.certificate-files',
    message:
      'the certificate is in files or in the configuration of Envoy: put it into a Secret, and name that in the output',
    origin: tls.origin,
  });
}

interface Naming {
  readonly byName: ReadonlyMap<string, Node>;
  readonly said: Said;
  /** By the name of the cluster, as they are asked for. */
  readonly settings: Map<string, ClusterSettings>;
  readonly note: (item: WrittenLoss) => void;
}

function withNames(chain: FilterChain, naming: Naming): FilterChain {
  if (chain.kind === 'l4') noteBytes(chain, naming);
  if (chain.kind === 'l4')
    return { ...chain, destinations: chain.destinations.map((d) => weighted(d, chain.origin, naming)) };
  const ofRoute = (route: Route): Route => ({ ...route, action: ofAction(route.action, route.origin, naming) });
  const virtualHosts = chain.virtualHosts.map((host) => ({ ...host, routes: host.routes.map(ofRoute) }));
  return { ...chain, virtualHosts };
}

/** Settings of the way are written for routes. */
function noteBytes({ destinations }: L4Chain, naming: Naming): void {
  for (const { to } of destinations) {
    const read = 'host' in to ? settingsOf(to.host, naming) : undefined;
    for (const [name, origin] of Object.entries(read?.places ?? {}))
      naming.note({
        key: `delivery.${name as SettingName}`,
        message: 'is written for the rules of HTTP that lead there, and not for bytes that are forwarded',
        origin,
      });
  }
}

function ofAction(action: Action, origin: Origin, naming: Naming): Action {
  if (action.kind !== 'forward') return action;
  const mirrors = action.mirrors?.flatMap((mirror) => {
    const destination = destinationOf(mirror.destination, mirror.origin ?? origin, naming);
    return destination ? [{ ...mirror, destination }] : [];
  });
  const delivery = deliveryTo(action, naming);
  return {
    ...action,
    destinations: action.destinations.map((d) => weighted(d, origin, naming)),
    ...(mirrors ? { mirrors } : {}),
    ...(delivery ? { delivery } : {}),
  };
}

/** With what the clusters say that it leads to, where they say the same. */
function deliveryTo({ destinations, delivery }: Forward, naming: Naming): Delivery | undefined {
  const clusters = destinations.flatMap(({ to }) => ('host' in to ? (settingsOf(to.host, naming) ?? []) : []));
  const [first, ...others] = clusters;
  if (!first) return delivery;
  const { hash, ...rest } = delivery ?? {};
  const said = new Set([first, ...others].flatMap(({ settings }) => Object.keys(settings) as SettingName[]));
  const isCommon = (name: SettingName): boolean =>
    others.every(({ settings }) => JSON.stringify(settings[name]) === JSON.stringify(first.settings[name]));
  const common = [...said].filter(isCommon);
  for (const name of said)
    if (!common.includes(name))
      for (const { places } of clusters)
        if (places[name])
          naming.note({
            key: `delivery.${name}`,
            message: 'another cluster of the same rule has another setting: written only for rules that lead to one',
            origin: places[name],
          });
  const hashing = clusters.filter(({ hashes }) => hashes).length;
  if (hash && hashing > 0 && hashing < clusters.length && delivery?.origin)
    naming.note({
      key: 'delivery.hash',
      message: 'one cluster of the rule binds clients to endpoints and another does not: none does in the output',
      origin: delivery.origin,
    });
  return {
    ...rest,
    // Without clusters that balance by hashes they decide nothing.
    ...(hash && hashing === clusters.length ? { hash } : {}),
    ...Object.fromEntries(common.map((name) => [name, first.settings[name]])),
    places: Object.fromEntries(common.map((name) => [name, clusters.flatMap(({ places }) => places[name] ?? [])])),
  };
}

/** Of a cluster that Istio did not make; undefined: nobody knows it. */
function settingsOf(cluster: string, { byName, settings, note }: Naming): ClusterSettings | undefined {
  const node = byName.get(cluster);
  if (!node) return undefined;
  const known = settings.get(cluster);
  if (known) return known;
  const read = clusterSettings(node, note);
  settings.set(cluster, read);
  return read;
}

function weighted(d: WeightedDestination, origin: Origin, naming: Naming): WeightedDestination {
  if (!('host' in d.to)) return d;
  const place = d.to.origin ?? d.origin ?? origin;
  return { ...d, to: destinationOf(d.to, place, naming) ?? { status: 503, origin: place } };
}

/** Undefined: nobody knows where it leads. */
function destinationOf(to: Destination, origin: Origin, naming: Naming): Destination | undefined {
  const { byName, said, note } = naming;
  const cluster = to.host;
  const own = said.get(cluster);
  const tls = settingsOf(cluster, naming)?.tls;
  if (own) return { ...to, ...own, ...(tls ? { tls } : {}) };
  if (to.missing) return missing(to, origin, note);
  const node = byName.get(cluster);
  // Istio says host and port in the name, and `host` is no cluster then.
  if (!node) return to.port > 0 ? to : unknown(cluster, origin, note);
  const endpoints = clusterEndpoints(node);
  const place = originAt(field(node, 'load_assignment') ?? node);
  const [first] = endpoints;
  const host = first && isNamed(node) ? hostOf(first.address, origin) : undefined;
  if (first && host !== undefined) {
    if (!first.address.includes('.'))
      note({
        key: 'cluster.service',
        message: `cluster ${cluster} leads to ${first.address}:${first.port}: written as a Service of namespace ${origin.resource.namespace} (-n or --cluster ${cluster}=HOST:PORT names another)`,
        origin: originAt(node),
      });
    return { ...to, host, port: first.port, ...(tls ? { tls } : {}), origin: place };
  }
  const port = new Set(endpoints.map((e) => e.port)).size === 1 ? first?.port : undefined;
  if (port === undefined) return unknown(cluster, origin, note);
  const name = serviceName(cluster);
  note({
    key: 'cluster.service',
    message: `cluster ${cluster} leads to ${listed(endpoints.map((e) => `${e.address}:${e.port}`))}: written as Service ${name} of namespace ${origin.resource.namespace}, which has to lead there (--cluster ${cluster}=HOST:PORT names another)`,
    origin: originAt(node),
  });
  return { ...to, host: serviceHost(origin.resource.namespace, name), port, ...(tls ? { tls } : {}), origin: place };
}

const MOST_LISTED = 3;
const listed = (texts: readonly string[]): string =>
  texts.length > MOST_LISTED ? `${texts.slice(0, MOST_LISTED).join(', ')} and others` : texts.join(', ');

function missing(to: Destination, origin: Origin, note: Naming['note']): Destination | undefined {
  if (!isIstioCluster(to)) {
    note({
      key: 'cluster.unknown',
      message: `cluster ${to.host} is not in this configuration: 503 as before; --cluster ${to.host}=HOST:PORT names a destination`,
      origin,
    });
    return undefined;
  }
  note({
    key: 'cluster.missing',
    message: `this Envoy has no cluster for ${to.host}:${to.port} and answers 503; the output leads there as soon as it exists`,
    origin,
  });
  return to;
}

function unknown(cluster: string, origin: Origin, note: Naming['note']): undefined {
  note({
    key: 'cluster.unknown',
    message: `where cluster ${cluster} leads is not in this configuration: 503 until --cluster ${cluster}=HOST:PORT names a destination`,
    origin,
  });
  return undefined;
}

/** A name of DNS as other dialects have it: of a Service, or of a host outside of the cluster. */
function hostOf(address: string, { resource }: Origin): string {
  const name = address.toLowerCase().replace(/\.$/, '');
  if (!name.includes('.')) return serviceHost(resource.namespace, name);
  return name.endsWith('.svc') ? `${name}.cluster.local` : name;
}

/** A label of DNS from the name of a cluster. */
const serviceName = (cluster: string): string =>
  cluster
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '') || 'service';

const PAIR = /^(.+)=([^=:]+):(\d{1,5})$/;

function parseClusters(text: string | undefined): Said {
  const pairs = text === undefined || text === '' ? [] : text.split(',');
  return new Map(
    pairs.map((pair) => {
      const [, cluster, written, port] = PAIR.exec(pair.trim()) ?? [];
      if (cluster === undefined || written === undefined)
        throw new CannotRunError(`--cluster ${pair} is no cluster and destination`, 'e.g. --cluster web=web.prod:8080');
      const [name = '', namespace, ...rest] = written.split('.');
      const isShort = namespace !== undefined && rest.length === 0;
      const host = isShort
        ? serviceHost(namespace, name)
        : written.endsWith('.svc')
          ? `${written}.cluster.local`
          : written;
      return [cluster, { host, port: Number(port) }];
    }),
  );
}
