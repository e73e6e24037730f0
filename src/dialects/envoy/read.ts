// Envoy's own configuration as a gateway: what runs, whoever made it.

import { CannotRunError } from '../../diagnostics/index.js';
import { type Assumption, append, type EffectiveGateway, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { type Misshapen, misshapenIn } from './fields/shapes.js';
import { bareListeners, isBare, placeIn, type UnservedRoutes, unservedRoutes } from './read/bare-routes.js';
import { clustersByName } from './read/clusters.js';
import { GROUP, KINDS } from './read/documents.js';
import { type Arrived, idleNotes, idlePorts, routeNamesIn } from './read/idle.js';
import { commonIntake, type TakenIn } from './read/intake.js';
import { type ListenerContext, listenersOf } from './read/listeners.js';
import { namedOrigins } from './read/named-objects.js';
import { at, entry, type Node, originAt } from './read/node.js';
import { asClientsMeetThem, closedPorts, type PortMap, parsePorts, portsOfServices } from './read/ports.js';
import { type EnvoySource, envoySources, type Refused } from './read/sources.js';
import { text } from './read/values.js';

export function read(catalog: Catalog, options: ReadOptions = {}): ReadResult {
  const whole = envoySources(catalog);
  const sources = gatewaysIn(whole);
  const ports = parsePorts(options.flags?.port);
  if (options.flags?.port !== undefined && !ports)
    throw new CannotRunError(`--port ${options.flags.port} is no pair of ports`, 'e.g. --port 8080=80,8443=443');
  const gateways: EffectiveGateway[] = [];
  const misshapen = KINDS.flatMap((kind) => catalog.ofKind(`${GROUP}/${kind}`)).flatMap(misshapenIn);
  const notes = whole.flatMap((source) => [
    ...source.refused.map(refusal),
    ...idleNotes(source.idle, arrivedIn(source)),
  ]);
  const assumptions = new Map<string, Assumption>();
  for (const source of sources) {
    const met = ports && ports.size > 0 ? ports : portsOfServices(catalog, source.labels);
    const unserved = unservedRoutes(source, met);
    const read = gatewayOf(source, unserved.routes, sources.length === 1, { ports: met, check: options.routerCheck });
    gateways.push({ ...read, unsupported: [...misshapen.map(unreadShape), ...read.unsupported] });
    for (const assumption of unserved.assumptions) assumptions.set(assumption.message, assumption);
  }
  append(notes, misshapen.map(wrongShape));
  return { gateways, notes, assumptions: [...assumptions.values()] };
}

/** One for each gateway. */
export const sourcesOf = (catalog: Catalog): EnvoySource[] => gatewaysIn(envoySources(catalog));

const gatewaysIn = (sources: readonly EnvoySource[]): EnvoySource[] => sources.flatMap(byGateway).flatMap(apart);

/** Of the gateway that a source is. */
export const idOf = ({ name }: EnvoySource): string => (name === 'envoy' ? 'envoy' : `envoy:${name}`);

/** One Envoy that is several gateways (../write.ts) says of each listener whose it is. */
function byGateway(source: EnvoySource): EnvoySource[] {
  const owned = new Map<string, Node[]>();
  for (const listener of source.listeners) {
    const owner = ownerOf(listener);
    if (owner === undefined) return [source];
    owned.set(owner, [...(owned.get(owner) ?? []), listener]);
  }
  if (owned.size === 0) return [source];
  return [...owned].map(([name, listeners]) => {
    const asked = new Set(listeners.flatMap((listener) => routeNamesIn(listener)));
    return {
      ...source,
      name,
      listeners,
      routeConfigurations: source.routeConfigurations.filter((node) => asked.has(text(node, 'name') ?? '')),
      idle: source.idle.filter(({ kind, node }) => kind === 'listener' && ownerOf(node) === name),
    };
  });
}

const ownerOf = (listener: Node): string | undefined =>
  text(entry(at(listener, 'metadata', 'filter_metadata'), 'meshgw'), 'gateway');

/** Route configurations without listeners, of which nobody knows the ports, are gateways of their own where there are several. */
function apart(source: EnvoySource): EnvoySource[] {
  if (!isBare(source)) return [source];
  const homeless = source.routeConfigurations.filter((node) => !placeIn(node));
  if (homeless.length === 0 || source.routeConfigurations.length === 1) return [source];
  const rest = source.routeConfigurations.filter((node) => placeIn(node));
  return [
    ...(rest.length > 0 ? [{ ...source, routeConfigurations: rest }] : []),
    ...homeless.map((node) => ({ ...source, name: text(node, 'name') ?? source.name, routeConfigurations: [node] })),
  ];
}

const arrivedIn = ({ secrets, routeConfigurations }: EnvoySource): Arrived => ({
  ...(secrets ? { secrets } : {}),
  routes: new Set(routeConfigurations.map((node) => text(node, 'name') ?? '')),
});

function gatewayOf(
  source: EnvoySource,
  unserved: UnservedRoutes['routes'],
  alone: boolean,
  { ports, check }: { readonly ports: PortMap; readonly check: ReadOptions['routerCheck'] },
): EffectiveGateway {
  const { unsupported, unknown } = unknownsOnce();
  const taken: TakenIn[] = [];
  const context: ListenerContext = {
    clusters: { complete: source.knowsClusters, byName: clustersByName(source.clusters) },
    routes: byName(source.routeConfigurations),
    origins: namedOrigins(),
    unknown,
    routerCheck: check,
    takesIn: (one) => taken.push(one),
  };
  const read = [...listenersOf(source.listeners, context), ...unserved.flatMap((one) => bareListeners(one, context))];
  const intake = commonIntake(taken, source.fragments, unknown);
  const listeners = asClientsMeetThem(read, ports);
  const closed = closedPorts(idlePorts(source.idle, arrivedIn(source)), listeners, ports);
  const id = idOf(source);
  return {
    id,
    ...(alone && id !== 'envoy' ? { aliases: ['envoy'] } : {}),
    dialect: 'envoy',
    engine: 'envoy',
    ...(intake ? { intake } : {}),
    running: true,
    ...(source.labels ? { podLabels: [source.labels] } : {}),
    listeners,
    ...(closed.length > 0 ? { closed } : {}),
    unsupported: [...unsupported.values()].map((u) => ({ ...u, ...reachOfClients(u, ports) })),
  };
}

/** The same for several rules is one unknown with the places of all; of rules whose match is not known the first one counts, which has most behind it. */
function unknownsOnce() {
  const unsupported = new Map<string, Unsupported>();
  const places = new Map<string, Set<string>>();
  const unknown = (u: Unsupported) => {
    const { places: own, except: _, ...reach } = u.reach ?? {};
    const key = JSON.stringify([u.feature, u.detail, u.reach && reach, own !== undefined]);
    const known = places.get(key);
    if (!unsupported.has(key)) {
      const all = own && new Set(own);
      if (all) places.set(key, all);
      unsupported.set(key, all ? { ...u, reach: { ...u.reach, places: all } } : u);
    } else if (known && own) for (const place of own) known.add(place);
  };
  return { unsupported, unknown };
}

/** Ports of listeners as those on which clients meet them. */
function reachOfClients({ reach }: Unsupported, ports: PortMap): Pick<Unsupported, 'reach'> {
  if (!reach?.ports || ports.size === 0) return {};
  return { reach: { ...reach, ports: reach.ports.flatMap((port) => ports.get(port) ?? [port]) } };
}

function byName(nodes: readonly Node[]): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const node of nodes) found.set(text(node, 'name') ?? '', node);
  return found;
}

const refusal = ({ what, details, node, keepsOld }: Refused): ReadNote => ({
  code: 'envoy-refused',
  message: `Envoy refused this update of ${what}: ${details}${keepsOld ? '; the version before it still works' : ''}`,
  origin: originAt(node),
});

const wrongShape = (found: Misshapen): ReadNote => ({
  code: 'envoy-refused',
  message: `${wrongIn(found)}${adviceFor(found)}`,
  origin: originAt(found.node),
});

const isOfDump = ({ node }: Misshapen): boolean => originAt(node).resource.kind === 'ConfigDump';

/** A dump is what Envoy prints of a configuration that it has taken. */
function wrongIn(found: Misshapen): string {
  if (found.isEmpty) return `the config dump holds nothing: ${found.says}`;
  return `${isOfDump(found) ? 'no Envoy prints this' : 'Envoy refuses this'}: ${found.says}`;
}

function adviceFor(found: Misshapen): string {
  if (found.isEmpty) return '; take it without ?resource=, ?mask= and ?name_regex=, once Envoy is ready';
  return isOfDump(found) ? '; take the config dump again' : '';
}

/** What was read of the rest is no prediction: Envoy takes nothing of it. */
const unreadShape = (found: Misshapen): Unsupported => ({
  feature: 'envoy.shape',
  detail: isOfDump(found) ? upperFirst(wrongIn(found)) : `Envoy refuses the configuration: ${found.says}`,
  effect: 'routing',
  origin: originAt(found.node),
});

const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
