// The destinations of declarative files under names that other dialects have for them: an address is no name, and one without a dot is
// found by whatever DNS Kong has. Both are written as Services, which have to lead there.

import { isIP } from 'node:net';
import {
  type Destination,
  type EffectiveGateway,
  formatPath,
  type JsonObject,
  mapChains,
  type Origin,
  own,
  type Route,
  type WeightedDestination,
} from '../../../model/index.js';
import { objectsOf, stringOf } from '../../../resources/fields.js';
import { serviceHost } from '../../../resources/services.js';
import type { NamedGateways, WrittenLoss } from '../../dialect.js';
import { nameIn } from './entities.js';

export function withServices(gateways: readonly EffectiveGateway[]): NamedGateways {
  const items = new Map<string, WrittenLoss>();
  const note = (item: WrittenLoss): void => void items.set(formatPath(item.origin.path), item);
  const ofRoute = (route: Route): Route => {
    const { action } = route;
    if (action.kind !== 'forward') return route;
    const destinations = action.destinations.map((d) => ('host' in d.to ? { ...d, to: named(d.to, note) } : d));
    return { ...route, action: { ...action, destinations: joined(destinations) } };
  };
  return {
    gateways: gateways.map((gateway) =>
      mapChains(gateway, (chain) =>
        chain.kind === 'l4'
          ? chain
          : {
              ...chain,
              virtualHosts: chain.virtualHosts.map((host) => ({ ...host, routes: host.routes.map(ofRoute) })),
            },
      ),
    ),
    items: [...items.values()],
  };
}

/** Addresses of one upstream are one Service. */
function joined(destinations: readonly WeightedDestination[]): readonly WeightedDestination[] {
  const byPlace = new Map<string, WeightedDestination>();
  for (const d of destinations) {
    const key = 'host' in d.to ? `${d.to.host}:${d.to.port}` : `${d.to.status}`;
    const known = byPlace.get(key);
    byPlace.set(key, known ? { ...known, weight: known.weight + d.weight } : d);
  }
  return [...byPlace.values()];
}

function named(to: Destination, note: (item: WrittenLoss) => void): Destination {
  const { host, port, origin } = to;
  if (origin?.resource.kind !== 'DeclarativeConfig') return to;
  const { namespace } = origin.resource;
  const name = host.toLowerCase().replace(/\.$/, '');
  const address = isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0;
  if (!address && name.includes('.')) return { ...to, host: name.endsWith('.svc') ? `${name}.cluster.local` : name };
  const service = labelOf(address ? holderOf(origin) : name);
  note({
    key: 'cluster.service',
    message: `Kong sends requests to ${host}:${port}: written as Service ${service} of namespace ${namespace} (-n names another), which has to lead there`,
    origin,
  });
  return { ...to, host: serviceHost(namespace, service) };
}

/** The upstream that a target is of, or the service that says an address. */
function holderOf({ resource, path }: Origin): string {
  const [list = '', index] = path;
  const entity = objectsOf(own(resource.object, String(list)))[Number(index)] ?? ({} as JsonObject);
  return (list === 'targets' ? nameIn(own(entity, 'upstream')) : stringOf(own(entity, 'name'))) ?? 'service';
}

/** A label of DNS. */
const labelOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '') || 'service';
