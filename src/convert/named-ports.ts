// Ports that an Ingress names while the files do not hold the Service that says their number: an Ingress keeps the name, no other target
// can. What it would be sent to is asked for, and answered 503 until then.

import {
  chainPlaces,
  type EffectiveGateway,
  type FilterChain,
  type Forward,
  ingressHostText,
  mapChains,
  mapRoutes,
  type Origin,
  portFlag,
  type Route,
  routesOf,
  type WeightedDestination,
} from '../model/index.js';
import { itemOf, type LossItem } from './item.js';

interface Asked {
  readonly gateways: readonly EffectiveGateway[];
  readonly items: readonly LossItem[];
}

const isNamed = ({ to }: WeightedDestination): boolean => 'portName' in to && to.portName !== undefined;

/** The gateways without destinations whose port has no number, and an item for each of them. */
export function askForPorts(gateways: readonly EffectiveGateway[]): Asked {
  const items = new Map<string, LossItem>();
  const ask = ({ to }: WeightedDestination, by: { readonly origin: Origin }, hosts?: readonly string[]): void => {
    if (!('host' in to) || to.portName === undefined) return;
    const origin = to.origin ?? by.origin;
    const [name, namespace] = to.host.split('.');
    items.set(
      `${to.portName} ${origin.resource.order} ${origin.path.join('/')}`,
      itemOf({
        key: 'destination.port-name',
        message: `which number port ${to.portName} of Service ${namespace}/${name} has is not in the files: add the Service to them (kubectl get service ${name} -n ${namespace} -o yaml), or give the number: ${portFlag(to)}`,
        origin,
        ...(hosts ? { hosts } : {}),
      }),
    );
  };
  const answered = (route: Route, forward: Forward): Route => {
    for (const d of forward.destinations) ask(d, route);
    const destinations = forward.destinations.map((d) => {
      const origin = d.origin ?? d.to.origin;
      return isNamed(d) ? { ...d, to: { status: 503 }, ...(origin ? { origin } : {}) } : d;
    });
    return { ...route, action: { ...forward, destinations } };
  };
  const change = (route: Route): Route =>
    route.action.kind === 'forward' && route.action.destinations.some(isNamed) ? answered(route, route.action) : route;
  /** Bytes (`ssl-passthrough`) have no answer: the connection is closed. */
  const changeBytes = (chain: FilterChain): FilterChain => {
    if (chain.kind === 'http' || !chain.destinations.some(isNamed)) return chain;
    for (const d of chain.destinations) ask(d, chain, (chain.match.sni ?? []).map(ingressHostText));
    return { ...chain, destinations: chain.destinations.filter((d) => !isNamed(d)) };
  };
  return {
    gateways: gateways.map((g) =>
      hasNamed(g)
        ? mapChains(
            mapRoutes(g, (routes) => routes.map(change)),
            changeBytes,
          )
        : g,
    ),
    items: [...items.values()],
  };
}

const hasNamed = (gateway: EffectiveGateway): boolean =>
  routesOf(gateway).some(({ action }) => action.kind === 'forward' && action.destinations.some(isNamed)) ||
  [...chainPlaces(gateway)].some(({ chain }) => chain.kind !== 'http' && chain.destinations.some(isNamed));
