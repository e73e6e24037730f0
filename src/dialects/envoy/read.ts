// Envoy's own configuration as a gateway: what runs, whoever made it.

import { type Assumption, append, type EffectiveGateway, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadResult } from '../dialect.js';
import { clustersByName } from './read/clusters.js';
import { listenersOf } from './read/listeners.js';
import { namedOrigins } from './read/named-objects.js';
import { type Node, originAt } from './read/node.js';
import { type EnvoySource, envoySources, type Refused } from './read/sources.js';
import { text } from './read/values.js';

export function read(catalog: Catalog): ReadResult {
  const sources = envoySources(catalog);
  const gateways: EffectiveGateway[] = [];
  const notes: ReadNote[] = [];
  const assumptions: Assumption[] = [];
  for (const source of sources) {
    gateways.push(gatewayOf(source, sources.length === 1));
    append(notes, source.refused.map(refusal));
  }
  return { gateways, notes, assumptions };
}

function gatewayOf(source: EnvoySource, alone: boolean): EffectiveGateway {
  const unsupported = new Map<string, Unsupported>();
  const unknown = (u: Unsupported) => {
    const key = JSON.stringify([u.feature, u.detail, u.reach]);
    if (!unsupported.has(key)) unsupported.set(key, u);
  };
  const { listeners, closed } = listenersOf(source.listeners, {
    clusters: { complete: source.knowsClusters, byName: clustersByName(source.clusters) },
    routes: byName(source.routeConfigurations),
    origins: namedOrigins(),
    unknown,
  });
  const id = source.name === 'envoy' ? 'envoy' : `envoy:${source.name}`;
  return {
    id,
    ...(alone && id !== 'envoy' ? { aliases: ['envoy'] } : {}),
    dialect: 'envoy',
    engine: 'envoy',
    listeners,
    ...(closed.length > 0 ? { closed } : {}),
    unsupported: [...unsupported.values()],
  };
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
