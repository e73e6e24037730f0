// All ways to all services: found on the effective gateways, shown by the simulator, sorted by service.

import { rankedProfiles } from '../dialects/registry.js';
import {
  type EffectiveGateway,
  locatedOrigin,
  originOf,
  type ServiceWays,
  type WayIn,
  type WaysIn,
} from '../model/index.js';
import { gatewaysSelectedBy } from '../resources/gateway-services.js';
import { retiredMeshes } from '../resources/retired-meshes.js';
import { newRun } from '../space/index.js';
import { advise } from './advise.js';
import type { FoundWay } from './found-way.js';
import { httpWays } from './http-ways.js';
import type { WaysInput, WaysOptions } from './input.js';
import { l4Ways } from './l4-ways.js';
import { pickedPorts } from './picked-ports.js';
import { type KnownService, knownServices, unknownService } from './services.js';
import { tell } from './tell.js';

export function waysIn(input: WaysInput, options: WaysOptions): WaysIn {
  const { catalog, gateways } = input;
  const services = knownServices(catalog);
  const found = new Map<string, FoundWay[]>();
  const run = newRun();
  for (const gateway of gateways)
    for (const way of [...httpWays(gateway, options, run), ...l4Ways(gateway, options)]) {
      const { host } = way.destination;
      if (!services.has(host)) services.set(host, unknownService(host));
      const known = found.get(host);
      if (known) known.push(way);
      else found.set(host, [way]);
    }
  const entries = gateways.filter((g) => !g.direct);
  const datagrams = rankedProfiles
    .flatMap(({ datagrams: kinds = [] }) => kinds)
    .flatMap((kind) => catalog.ofKind(kind))
    .map((resource) => locatedOrigin(originOf(resource), options.locate));
  const retired = options.advise ? retiredMeshes(catalog) : [];
  return {
    version: 1,
    services: [...services.values()]
      .map((service) => serviceWays(service, found.get(service.host) ?? [], entries, input, options))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    ...(datagrams.length > 0 ? { datagrams } : {}),
    ...(retired.length > 0 ? { retired } : {}),
  };
}

function serviceWays(
  service: KnownService,
  found: readonly FoundWay[],
  entries: readonly EffectiveGateway[],
  input: WaysInput,
  options: WaysOptions,
): ServiceWays {
  const { locate } = options;
  const live = found.filter((way) => way.reach.status !== 'dead');
  const ways = [
    ...merged(live.map((way) => tell(way, locate))),
    ...(service.view ? pickedPorts(service.view, locate) : []),
  ];
  const front = service.view ? gatewaysSelectedBy(service.view, entries) : [];
  return {
    name: service.name,
    host: service.host,
    kind: service.kind,
    ...(service.type === undefined ? {} : { type: service.type }),
    ...(service.origin ? { origin: locatedOrigin(service.origin, locate) } : {}),
    ports: service.ports.map((p) => ({
      port: p.port,
      ...(p.name === '' ? {} : { name: p.name }),
      ...(p.targetPort === p.port ? {} : { targetPort: p.targetPort }),
      ...(p.nodePort === undefined ? {} : { nodePort: p.nodePort }),
      protocol: p.protocol,
      ways: ways.filter((w) => w.destination.port === p.port).length,
    })),
    ...(front.length > 0 ? { front } : {}),
    ways,
    dead: deadRules(found, live, locate),
    ...(options.advise && front.length === 0
      ? { advice: advise({ service, found: live, ways, catalog: input.catalog, locate }, options.advise) }
      : {}),
  };
}

/** Rules of which no occurrence is alive: the same rule may stand in several virtual hosts. */
function deadRules(
  found: readonly FoundWay[],
  live: readonly FoundWay[],
  locate: WaysOptions['locate'],
): ServiceWays['dead'] {
  const keyOf = ({ gateway, rule }: FoundWay) => `${gateway.id} ${rule.resource.order} ${JSON.stringify(rule.path)}`;
  const seen = new Set(live.map(keyOf));
  return found.flatMap((way) => {
    const key = keyOf(way);
    if (way.reach.status !== 'dead' || seen.has(key)) return [];
    seen.add(key);
    return [{ gateway: way.gateway.id, rule: locatedOrigin(way.rule, locate), reason: way.reach.reason }];
  });
}

/** Ways that differ only in their hosts (a rule for many hosts) are one way. */
function merged(ways: readonly WayIn[]): WayIn[] {
  const groups = new Map<string, WayIn>();
  for (const way of ways) {
    const { hosts, request: _r, claims: _c, reach: _s, reason: _w, ...rest } = way;
    const key = JSON.stringify(rest);
    const known = groups.get(key);
    if (!known) groups.set(key, way);
    else {
      const first = known.reach === 'reached' ? known : way;
      groups.set(key, { ...first, hosts: [...new Set([...known.hosts, ...hosts])] });
    }
  }
  return [...groups.values()];
}
