// Hosts outside of the cluster to which rules send requests or copies of them: Istio forwards there only where a ServiceEntry says that they
// exist. Those of Istio's own configurations stay where they are.

import { type Destination, type EffectiveGateway, routesOf } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { specOf, stringsOf } from '../../../resources/fields.js';
import { slug } from './slug.js';

type Fields = Record<string, unknown>;

/** One per host, sorted; in the namespace of the gateway's pods. */
export function serviceEntries(gateways: readonly EffectiveGateway[], catalog: Catalog, namespace: string): Fields[] {
  const hosts = new Map<string, Set<number>>();
  for (const { host, port } of gateways.filter((g) => g.controlPlane !== 'istio').flatMap(destinationsOf)) {
    if (/\.svc(\.|$)/.test(host) || !host.includes('.')) continue;
    hosts.set(host, (hosts.get(host) ?? new Set<number>()).add(port));
  }
  const known = new Set(catalog.ofKind('networking.istio.io/ServiceEntry').flatMap((r) => stringsOf(specOf(r).hosts)));
  return [...hosts]
    .filter(([host]) => !known.has(host))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, ports]) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: slug(host), namespace },
      spec: {
        hosts: [host],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
        // TLS begins at the gateway (DestinationRule): what the port speaks before is HTTP.
        ports: [...ports].sort((a, b) => a - b).map((number) => ({ number, name: `http-${number}`, protocol: 'HTTP' })),
      },
    }));
}

const destinationsOf = (gateway: EffectiveGateway): Destination[] =>
  routesOf(gateway).flatMap(({ action }) => {
    if (action.kind !== 'forward') return [];
    const copies = (action.mirrors ?? []).map((m) => m.destination);
    return [...action.destinations.flatMap(({ to }) => ('host' in to && !to.missing ? [to] : [])), ...copies];
  });
