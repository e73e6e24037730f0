// Route configurations without listeners (`istioctl proxy-config routes -o json`, files of router_check_tool): Istio's names say the port
// (`http.8080`, `https.443.https.gateway.istio-system`, `80`); others are met on 80 and, in TLS, on 443.

import { append, type DomainPattern, type JsonObject, type Listener, own, put } from '../../../model/index.js';
import { filterConfigs } from './filter-configs.js';
import type { ListenerContext } from './listeners.js';
import { entries, field, list, type Node, originAt } from './node.js';
import { virtualHostsOf } from './route-configuration.js';
import { flag, text } from './values.js';

const ISTIO_NAME = /^(?:(https?)\.)?(\d{1,5})(?:\.|$)/;

export interface Place {
  readonly port: number;
  readonly tls: boolean;
}

/** Where its name says that it is met; undefined: it does not. */
export function placeIn(configuration: Node): Place | undefined {
  const [, protocol, port] = ISTIO_NAME.exec(text(configuration, 'name') ?? '') ?? [];
  return port === undefined ? undefined : { port: Number(port), tls: protocol === 'https' };
}

export const USUAL: readonly Place[] = [
  { port: 80, tls: false },
  { port: 443, tls: true },
];

export function bareListener(configuration: Node, { port, tls }: Place, context: ListenerContext): Listener {
  const name = text(configuration, 'name') ?? '';
  const filters = filterConfigs(managerFor(configuration), { ...context, port, configuration: name });
  const ignoresPorts = flag(configuration, 'ignore_port_in_host_matching') ?? false;
  const virtualHosts = virtualHostsOf(configuration, { ...context, port, ignoresPorts, filters });
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
