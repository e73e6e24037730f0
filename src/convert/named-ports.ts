// Ports that an Ingress names while the files do not hold the Service that says their number: an Ingress keeps the name, no other target
// can. Istio needs none of a Service with one port, which is said; else the number is asked for, and the rule answers 503 until then.

import {
  chainPlaces,
  type Destination,
  type EffectiveGateway,
  type FilterChain,
  type Forward,
  ingressHostText,
  mapChains,
  mapRoutes,
  type Origin,
  portFlag,
  portText,
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

/** The gateways without destinations whose port has no number, and an item for each of them. `takesOnly`: the target finds the only port of a Service itself. */
export function askForPorts(gateways: readonly EffectiveGateway[], takesOnly: boolean): Asked {
  const items = new Map<string, LossItem>();
  const ports = takesOnly ? portsOfServices(gateways) : undefined;
  const isOnly = (host: string): boolean => ports?.get(host)?.size === 1;
  const note = (to: Destination, origin: Origin, hosts?: readonly string[]): void => {
    const [name, namespace] = to.host.split('.');
    const port = `port ${to.portName} of Service ${namespace}/${name}`;
    const only = isOnly(to.host) && hosts === undefined;
    items.set(
      `${to.portName} ${origin.resource.order} ${origin.path.join('/')}`,
      itemOf({
        key: only ? 'destination.port-name.only' : 'destination.port-name',
        message: only
          ? `which number ${port} has is not in the files; Istio takes the only port of a Service where none is named. Does it have several? Then give the number: ${portFlag(to)}`
          : `which number ${port} has is not in the files: add the Service to them (kubectl get service ${name} -n ${namespace} -o yaml), or give the number: ${portFlag(to)}`,
        origin,
        ...(hosts ? { hosts } : {}),
      }),
    );
  };
  const ask = ({ to }: WeightedDestination, by: { readonly origin: Origin }, hosts?: readonly string[]): void => {
    if ('host' in to && to.portName !== undefined) note(to, to.origin ?? by.origin, hosts);
  };
  const answered = (route: Route, forward: Forward, listenerPort: number): Route => {
    for (const d of forward.destinations) ask(d, route);
    const destinations = forward.destinations.map((d) => {
      const origin = d.origin ?? d.to.origin;
      if ('host' in d.to && isNamed(d) && isOnly(d.to.host)) {
        const { portName: _, ...to } = d.to;
        return { ...d, to: { ...to, port: listenerPort, only: true as const } };
      }
      return isNamed(d) ? { ...d, to: { status: 503 }, ...(origin ? { origin } : {}) } : d;
    });
    return { ...route, action: { ...forward, destinations } };
  };
  const change = (route: Route, listenerPort: number): Route =>
    route.action.kind === 'forward' && route.action.destinations.some(isNamed)
      ? answered(route, route.action, listenerPort)
      : route;
  /** Bytes (`ssl-passthrough`) have no answer: the connection is closed. */
  const changeBytes = (chain: FilterChain): FilterChain => {
    if (chain.kind === 'http' || !chain.destinations.some(isNamed)) return chain;
    for (const d of chain.destinations) ask(d, chain, (chain.match.sni ?? []).map(ingressHostText));
    return { ...chain, destinations: chain.destinations.filter((d) => !isNamed(d)) };
  };
  return {
    gateways: gateways.map((g) => (hasNamed(g) ? mapChains(withRoutes(g, change), changeBytes) : g)),
    items: [...items.values()],
  };
}

/** Each rule changed, with the port of its listener. */
const withRoutes = (
  gateway: EffectiveGateway,
  change: (route: Route, listenerPort: number) => Route,
): EffectiveGateway => ({
  ...gateway,
  listeners: gateway.listeners.flatMap(
    (listener) =>
      mapRoutes({ ...gateway, listeners: [listener] }, (routes) => routes.map((route) => change(route, listener.port)))
        .listeners,
  ),
});

/** What the files call the ports of each host: one with two names, or a name and a number, has more than one port. That of bytes is asked for. */
function portsOfServices(gateways: readonly EffectiveGateway[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const see = (to: WeightedDestination['to'], asked = ''): void => {
    if (!('host' in to)) return;
    const seen = found.get(to.host) ?? new Set();
    found.set(to.host, seen.add(portText(to) + asked));
  };
  for (const gateway of gateways) {
    for (const { action } of routesOf(gateway))
      if (action.kind === 'forward') for (const d of action.destinations) see(d.to);
    for (const { chain } of chainPlaces(gateway))
      if (chain.kind === 'l4') for (const d of chain.destinations) see(d.to, ' for bytes');
  }
  return found;
}

const hasNamed = (gateway: EffectiveGateway): boolean =>
  routesOf(gateway).some(({ action }) => action.kind === 'forward' && action.destinations.some(isNamed)) ||
  [...chainPlaces(gateway)].some(({ chain }) => chain.kind !== 'http' && chain.destinations.some(isNamed));
