// Each VirtualService becomes routes once, or once for each server where the server makes a difference.

import { clustersOf } from '../../../implementations/istio/clusters.js';
import type { GatewayWorkload } from '../../../implementations/istio/destination-rules.js';
import type { Route } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectOf, objectsOf } from '../../../resources/fields.js';
import { scopeOf } from '../../../resources/kept-answers.js';
import type { HttpRule, Server, VirtualServiceConfig } from '../config.js';
import { routesOf } from './routes.js';

export type RoutesFor = (vs: VirtualServiceConfig, server: Server) => readonly Route[];

export function routeLists(catalog: Catalog, workload: GatewayWorkload): RoutesFor {
  const { labels, namespace } = workload;
  const scope = scopeOf(catalog, `routes of ${namespace} ${JSON.stringify(labels)}`);
  return (vs, server) => {
    const isTls = server.tls !== undefined;
    return scope.keep(vs, differs(vs) ? `${server.gateway}|${server.port}|${isTls}` : '', () => {
      const clusters = clustersOf(catalog, workload);
      return routesOf(vs, { clusters, port: server.port, isTls, gateway: server.gateway, labels, namespace });
    });
  };
}

const different = new WeakMap<VirtualServiceConfig, boolean>();

/** Servers make a difference to its rules. */
function differs(vs: VirtualServiceConfig): boolean {
  let known = different.get(vs);
  if (known === undefined) different.set(vs, (known = vs.http.some(dependsOnServer)));
  return known;
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
