// Envoy's own configuration as a gateway: what runs, whoever made it.

import { CannotRunError } from '../../diagnostics/index.js';
import { type Assumption, append, type EffectiveGateway, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { bareListener, placeIn, USUAL } from './read/bare-routes.js';
import { clustersByName } from './read/clusters.js';
import { commonIntake, type TakenIn } from './read/intake.js';
import { type ListenerContext, listenersOf } from './read/listeners.js';
import { namedOrigins } from './read/named-objects.js';
import { at, entry, type Node, originAt } from './read/node.js';
import { asClientsMeetThem, type PortMap, parsePorts, portsOfServices } from './read/ports.js';
import { type EnvoySource, envoySources, type Refused } from './read/sources.js';
import { text } from './read/values.js';

export function read(catalog: Catalog, options: ReadOptions = {}): ReadResult {
  const sources = sourcesOf(catalog);
  const ports = parsePorts(options.flags?.port);
  if (options.flags?.port !== undefined && !ports)
    throw new CannotRunError(`--port ${options.flags.port} is no pair of ports`, 'e.g. --port 8080=80,8443=443');
  const gateways: EffectiveGateway[] = [];
  const notes: ReadNote[] = [];
  const assumptions: Assumption[] = [];
  for (const source of sources) {
    const met = ports && ports.size > 0 ? ports : portsOfServices(catalog, source.labels);
    gateways.push(gatewayOf(source, sources.length === 1, met));
    append(notes, source.refused.map(refusal));
    append(assumptions, assumptionsOf(source));
  }
  return { gateways, notes, assumptions };
}

/** One for each gateway. */
export const sourcesOf = (catalog: Catalog): EnvoySource[] => envoySources(catalog).flatMap(byGateway).flatMap(apart);

/** Of the gateway that a source is. */
export const idOf = ({ name }: EnvoySource): string => (name === 'envoy' ? 'envoy' : `envoy:${name}`);

/** One Envoy that is several gateways (../write.ts) says of each listener whose it is. */
function byGateway(source: EnvoySource): EnvoySource[] {
  const owned = new Map<string, Node[]>();
  for (const listener of source.listeners) {
    const owner = text(entry(at(listener, 'metadata', 'filter_metadata'), 'meshgw'), 'gateway');
    if (owner === undefined) return [source];
    owned.set(owner, [...(owned.get(owner) ?? []), listener]);
  }
  return owned.size === 0 ? [source] : [...owned].map(([name, listeners]) => ({ ...source, name, listeners }));
}

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

const isBare = ({ listeners, routeConfigurations }: EnvoySource): boolean =>
  listeners.length === 0 && routeConfigurations.length > 0;

function assumptionsOf(source: EnvoySource): Assumption[] {
  if (!isBare(source)) return [];
  const names = source.routeConfigurations.filter((node) => !placeIn(node)).map((node) => text(node, 'name') ?? '');
  const ports = names.length > 0 ? ' is met on port 80 and, in TLS, on port 443, and' : '';
  const which = names.length > 0 ? `route configuration ${names.join(', ')}` : 'the route configurations';
  return [
    {
      code: 'envoy-listener',
      message: `${which}${ports} ${names.length > 0 ? 'is' : 'are'} served with Istio's settings and filters: no listener is in the files`,
      hint: 'add the listeners: a whole config dump, or istioctl proxy-config listeners -o json',
    },
  ];
}

function gatewayOf(source: EnvoySource, alone: boolean, ports: PortMap): EffectiveGateway {
  const unsupported = new Map<string, Unsupported>();
  const unknown = (u: Unsupported) => {
    const key = JSON.stringify([u.feature, u.detail, u.reach]);
    if (!unsupported.has(key)) unsupported.set(key, u);
  };
  const taken: TakenIn[] = [];
  const context: ListenerContext = {
    clusters: { complete: source.knowsClusters, byName: clustersByName(source.clusters) },
    routes: byName(source.routeConfigurations),
    origins: namedOrigins(),
    unknown,
    takesIn: (one) => taken.push(one),
  };
  const read = isBare(source)
    ? source.routeConfigurations.flatMap((node) => {
        const place = placeIn(node);
        return (place ? [place] : USUAL).map((one) => bareListener(node, one, context));
      })
    : listenersOf(source.listeners, context);
  const intake = commonIntake(taken, source.fragments, unknown);
  const id = idOf(source);
  return {
    id,
    ...(alone && id !== 'envoy' ? { aliases: ['envoy'] } : {}),
    dialect: 'envoy',
    engine: 'envoy',
    ...(intake ? { intake } : {}),
    running: true,
    ...(source.labels ? { podLabels: [source.labels] } : {}),
    listeners: asClientsMeetThem(read, ports),
    unsupported: [...unsupported.values()].map((u) => ({ ...u, ...reachOfClients(u, ports) })),
  };
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
