// Route configurations that no listener of the files asks for (`istioctl proxy-config routes -o json`, files of router_check_tool, dumps
// that lack a listener): Istio's names say the port (`http.8080`, `https.443.https.gateway.istio-system`, `80`); where there is no listener
// at all, others are met on 80 and, in TLS, on 443.

import {
  type Assumption,
  append,
  type DomainPattern,
  type JsonObject,
  type Listener,
  own,
  put,
} from '../../../model/index.js';
import { filterConfigs } from './filter-configs.js';
import { routeNamesIn } from './idle.js';
import type { ListenerContext } from './listeners.js';
import { at, entries, field, list, type Node, originAt } from './node.js';
import type { PortMap } from './ports.js';
import { virtualHostsOf } from './route-configuration.js';
import type { EnvoySource } from './sources.js';
import { flag, number, text } from './values.js';

const ISTIO_NAME = /^(?:(https?)\.)?(\d{1,5})(?:\.|$)/;

interface Place {
  readonly port: number;
  readonly tls: boolean;
}

/** Where its name says that it is met; undefined: it does not. */
export function placeIn(configuration: Node): Place | undefined {
  const [, protocol, port] = ISTIO_NAME.exec(text(configuration, 'name') ?? '') ?? [];
  return port === undefined ? undefined : { port: Number(port), tls: protocol === 'https' };
}

const USUAL: readonly Place[] = [
  { port: 80, tls: false },
  { port: 443, tls: true },
];

/** A route configuration, and where it is taken to be met. */
interface Unserved {
  readonly configuration: Node;
  readonly places: readonly Place[];
}

export interface UnservedRoutes {
  readonly routes: readonly Unserved[];
  readonly assumptions: readonly Assumption[];
}

/** There are no listeners, whatever their state. */
export const isBare = ({ listeners, idle, routeConfigurations }: EnvoySource): boolean =>
  routeConfigurations.length > 0 && listeners.length + idle.filter(({ kind }) => kind === 'listener').length === 0;

/** `ports`: what is known of the ports of clients. */
export function unservedRoutes(source: EnvoySource, ports: PortMap): UnservedRoutes {
  return isBare(source) ? withoutListeners(source, ports) : withoutTheirs(source);
}

const assumed = (message: string, flag = ''): Assumption => ({
  code: 'envoy-listener',
  message,
  hint: `${flag}add the listeners: a whole config dump, or istioctl proxy-config listeners -o json`,
});

function withoutListeners({ routeConfigurations }: EnvoySource, ports: PortMap): UnservedRoutes {
  const placed = routeConfigurations.map((configuration) => ({ configuration, place: placeIn(configuration) }));
  const isTaken = placed.some(({ place }) => place?.port === 80);
  const isOfPods = (place: Place) => place.port === 8080 && !place.tls && !isTaken && ports.size === 0;
  const served = "with Istio's settings and filters: no listener is in the files";
  const homeless = placed.filter(({ place }) => !place).map(({ configuration }) => nameOf(configuration));
  const ofPods = placed.some(({ place }) => place && isOfPods(place));
  return {
    routes: placed.map(({ configuration, place }) => ({
      configuration,
      places: !place ? USUAL : isOfPods(place) ? [place, USUAL[0]!] : [place],
    })),
    assumptions: [
      homeless.length > 0
        ? assumed(
            `${homeless.some((name) => name !== '') ? '' : 'the '}route configuration ${homeless.join(', ')}`.trim() +
              ` is met on port 80 and, in TLS, on port 443, and is served ${served}`,
          )
        : assumed(`the route configurations are served ${served}`),
      ...(ofPods
        ? [assumed('port 8080 of the gateway is met on port 80, too, as by Services of Istio', '--port 8080=80, or ')]
        : []),
    ],
  };
}

const nameOf = (configuration: Node): string => text(configuration, 'name') ?? '';
const MOST_NAMED = 3;

/** Envoy has a route configuration only as long as a listener asks for it: the listener is left out of the files. */
function withoutTheirs({ listeners, idle, routeConfigurations }: EnvoySource): UnservedRoutes {
  const all = [...listeners, ...idle.flatMap(({ kind, node }) => (kind === 'listener' ? [node] : []))];
  const asked = new Set(all.flatMap((node) => [...routeNamesIn(node), ...routeNamesIn(node, 'inline')]));
  const open = new Set(all.map((node) => number(at(node, 'address', 'socket_address'), 'port_value')));
  const routes = routeConfigurations.flatMap((configuration): Unserved[] => {
    const place = asked.has(nameOf(configuration)) ? undefined : placeIn(configuration);
    return !place || open.has(place.port) ? [] : [{ configuration, places: [place] }];
  });
  if (routes.length === 0) return { routes, assumptions: [] };
  const names = routes.map(({ configuration }) => nameOf(configuration));
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const which = `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
  const message = `no listener of the files has the routes of ${which}: they are met on the port of that name, in TLS by the names of their hosts, with Istio's settings and filters`;
  return { routes, assumptions: [assumed(message)] };
}

export const bareListeners = ({ configuration, places }: Unserved, context: ListenerContext): Listener[] =>
  places.map((place) => bareListener(configuration, place, context));

function bareListener(configuration: Node, { port, tls }: Place, context: ListenerContext): Listener {
  const name = text(configuration, 'name') ?? '';
  const filters = filterConfigs(managerFor(configuration), { ...context, port, configuration: name });
  const ignoresPorts = flag(configuration, 'ignore_port_in_host_matching') ?? false;
  const virtualHosts = virtualHostsOf(configuration, { ...context, port, ignoresPorts, isBare: true, filters });
  const names = virtualHosts.flatMap(({ domains }) => domains);
  const origin = originAt(configuration);
  const sni: readonly DomainPattern[] | undefined = names.some(({ kind }) => kind === 'any') ? undefined : names;
  return {
    port,
    filterChains: [
      {
        kind: 'http',
        match: tls && sni ? { transport: 'tls', sni } : { transport: 'any' },
        ...(tls ? { tls: { mode: 'simple', credentials: [] } } : {}),
        virtualHosts,
        name,
        origin,
      },
    ],
    origin,
  };
}

/** A connection manager with the filters that every one of Istio's has, and those that the routes configure. */
function managerFor(configuration: Node): Node {
  const filters: Record<string, JsonObject> = {};
  const add = (name: string, disabled: boolean) => {
    if (own(filters, name) === undefined) put(filters, name, { name, ...(disabled ? { disabled } : {}) });
  };
  for (const name of ['envoy.filters.http.fault', 'envoy.filters.http.cors']) add(name, false);
  const levels = [configuration, ...list(configuration, 'virtual_hosts')];
  for (const host of list(configuration, 'virtual_hosts')) append(levels, list(host, 'routes'));
  for (const level of levels) for (const [name] of entries(field(level, 'typed_per_filter_config'))) add(name, true);
  return { ...configuration, value: { http_filters: Object.values(filters) } };
}
