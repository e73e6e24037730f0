// Each MeshGateway as a client meets it: Kuma makes an Envoy of it (pkg/plugins/runtime/gateway, v2.13.9; 3.0 has no builtin gateway).

import {
  append,
  type EffectiveGateway,
  formatResource,
  type Intake,
  type Listener,
  originOf,
  type Resource,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadResult } from '../dialect.js';
import { chainsOf } from './chains.js';
import { meshOf } from './fields.js';
import { routesFor } from './gateway-routes.js';
import { type KumaListener, listenersOf } from './listeners.js';
import { HTTP_ROUTE, meshRoutesFor } from './mesh-routes.js';
import { unsupportedOf } from './unsupported.js';

/** Set on every gateway (newHTTPFilterChain in filter_chain_generator.go, EnablePathNormalization in pkg/xds/envoy/listeners). */
const INTAKE: Intake = { fragments: 'reject', mergeSlashes: true, escapedSlashes: 'redirect', underscores: 'reject' };

export function read(catalog: Catalog): ReadResult {
  const notes: ReadNote[] = [];
  const gateways = catalog.ofKind('kuma.io/MeshGateway').map((resource): EffectiveGateway => {
    const listeners = listenersOf(resource);
    const open = listeners.filter(({ crossMesh }) => !crossMesh);
    const ports = portsOf(resource, open, catalog);
    append(notes, silenced(resource, open, catalog));
    return {
      id: `kuma:${resource.name}`,
      aliases: [resource.name],
      dialect: 'kuma',
      engine: 'envoy',
      intake: INTAKE,
      listeners: ports.filter(({ filterChains }) => filterChains.length > 0),
      closed: [
        ...ports
          .filter(({ filterChains }) => filterChains.length === 0)
          .map(({ port, origin }) => ({ port, why: 'no route gives the listener a destination', origin: origin! })),
        ...listeners
          .filter(({ crossMesh }) => crossMesh)
          .map(({ port, origin }) => ({ port, why: 'only gateways of other meshes reach it (crossMesh)', origin })),
      ],
      unsupported: unsupportedOf(resource, catalog),
    };
  });
  return { gateways, notes };
}

const portsOf = (gateway: Resource, listeners: readonly KumaListener[], catalog: Catalog): readonly Listener[] =>
  [...new Set(listeners.map(({ port }) => port))].map((port): Listener => {
    const group = listeners.filter((l) => l.port === port);
    return { port, filterChains: chainsOf(gateway, group, catalog), origin: group[0]!.origin };
  });

/** As soon as one MeshHTTPRoute chooses a listener, no MeshGatewayRoute of the gateway counts (Generator.Generate in gateway/generator.go). */
function silenced(gateway: Resource, listeners: readonly KumaListener[], catalog: Catalog): ReadNote[] {
  const winner = listeners.flatMap((l) => meshRoutesFor(HTTP_ROUTE, gateway, l, catalog))[0];
  if (!winner) return [];
  const lost = new Set(listeners.flatMap((l) => routesFor(l, meshOf(gateway), catalog)));
  return [...lost].map((route) => ({
    code: 'kuma-route-silenced',
    message: `${formatResource(route)} is not used: ${formatResource(winner)} chooses a listener of ${formatResource(gateway)}, and as soon as one MeshHTTPRoute does, no MeshGatewayRoute of the gateway counts; move its rules to a MeshHTTPRoute`,
    origin: originOf(route),
  }));
}
