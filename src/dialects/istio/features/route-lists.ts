// Each VirtualService becomes routes once, or once for each server where the server makes a difference.

import type { IstioClusters } from '../../../implementations/istio/clusters.js';
import type { GatewayWorkload } from '../../../implementations/istio/destination-rules.js';
import type { Route } from '../../../model/index.js';
import { objectOf, objectsOf } from '../../../resources/fields.js';
import type { HttpRule, Server, VirtualServiceConfig } from '../config.js';
import { routesOf } from './routes.js';

export type RoutesFor = (vs: VirtualServiceConfig, server: Server) => readonly Route[];

export function routeLists(clusters: IstioClusters, { labels, namespace }: GatewayWorkload): RoutesFor {
  const made = new Map<VirtualServiceConfig, Map<string, readonly Route[]>>();
  return (vs, server) => {
    let lists = made.get(vs);
    if (!lists) {
      lists = new Map();
      made.set(vs, lists);
    }
    const isTls = server.tls !== undefined;
    const key = vs.http.some(dependsOnServer) ? `${server.gateway}|${server.port}|${isTls}` : '';
    const known = lists.get(key);
    if (known) return known;
    const list = routesOf(vs, { clusters, port: server.port, isTls, gateway: server.gateway, labels, namespace });
    lists.set(key, list);
    return list;
  };
}

/** Matches name a port or a gateway, a destination takes the port it came by, or a redirect does. */
function dependsOnServer({ matches, route, redirect, fields }: HttpRule): boolean {
  if (redirect && (redirect.value.derivePort !== undefined || redirect.value.port !== undefined)) return true;
  if (route.some((w) => w.destination.port === undefined)) return true;
  if (matches.some((m) => m.port !== 0 || m.gateways.length > 0)) return true;
  if (!fields.mirror && !fields.mirrors) return false;
  const mirrors = [
    objectOf(fields.mirror?.value),
    ...objectsOf(fields.mirrors?.value).map((m) => objectOf(m.destination)),
  ];
  return mirrors.some((m) => m !== undefined && m.port === undefined);
}
