// What the files hold for gateways: each Gateway with its listeners, each route with the listeners that take it, each
// rule as routes. Reading and status both start from here.

import { type IstioClusters, istioClusters } from '../../implementations/istio/clusters.js';
import type { Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { perCatalog, Scope } from '../../resources/kept-answers.js';
import { addressesOf } from './features/addresses.js';
import { acceptingListeners, attach, isHttpKind, type ParentRef } from './features/attachment.js';
import { type Controller, controllerNameOf, controllerOf } from './features/gateway-class.js';
import { l4Rules } from './features/l4-rule.js';
import { type GatewayListener, isOfDatagrams, isWithoutTls, listenersOf } from './features/listener.js';
import { type GatewayListenerSet, listenerSetsOf } from './features/listener-sets.js';
import { convertRoute } from './features/route.js';
import type { SurveyedRoute } from './features/surveyed-route.js';
import { envoyGateway } from './implementations/envoy-gateway/index.js';
import type { Implementation } from './implementations/implementation.js';
import { istio } from './implementations/istio.js';
import { standard } from './implementations/standard.js';
import { GATEWAY, LISTENER_SET, ROUTE_KINDS } from './kinds.js';

export interface SurveyedGateway {
  readonly resource: Resource;
  readonly controller: Controller;
  /** `istio.io/gateway-controller`. */
  readonly controllerName: string;
  /** Its requests and its status are computed here: a gateway for clients that runs in this cluster. */
  readonly serves: boolean;
  readonly implementation: Implementation;
  /** By precedence. */
  readonly listenerSets: readonly GatewayListenerSet[];
  /** In the order written, then those of ListenerSets that are allowed; those in conflict included. */
  readonly listeners: readonly GatewayListener[];
  /** Without those in conflict, and without those that cannot be programmed at all. */
  readonly programmed: readonly GatewayListener[];
}

export interface Survey {
  readonly gateways: readonly SurveyedGateway[];
  /** By kind, then in reading order. */
  readonly routes: readonly SurveyedRoute[];
}

const surveys = perCatalog(() => new Scope());

/**
 * `wanted`: whose Gateways of class istio are; Gateways of classes that nobody here knows are read by the standard. Made once for each
 * catalog and implementation: reading, status and lint all ask.
 */
export const survey = (catalog: Catalog, wanted: Implementation): Survey =>
  surveys(catalog).keep(wanted, '', () => surveyAs(catalog, wanted));

function surveyAs(catalog: Catalog, wanted: Implementation): Survey {
  const gateways = catalog.ofKind(GATEWAY).map((resource): SurveyedGateway => {
    const controller = controllerOf(resource, catalog, wanted.name);
    const implementation = implementationFor(controller, wanted);
    const listenerSets = listenerSetsOf(resource, catalog);
    const listeners = listenersOf(resource, listenerSets, catalog, controller, implementation);
    return {
      resource,
      controller,
      controllerName: controllerNameOf(resource, catalog),
      serves: controller === 'istio' || controller === 'envoy-gateway' || controller === 'other',
      implementation,
      listenerSets,
      listeners,
      programmed: addressesOf(resource, implementation).fatal
        ? []
        : listeners.filter((l) => l.conflict === undefined && isServed(l)),
    };
  });
  const reachable = gateways.flatMap((g) => (g.serves ? g.programmed : []));
  const implementationOf = new Map(gateways.map((g) => [g.resource, g.implementation]));
  const clustersOf = new Map<string, IstioClusters>();
  const routes = ROUTE_KINDS.flatMap((kind) =>
    catalog.ofKind(kind).map((route): SurveyedRoute => {
      const attached = attach(route, kind, reachable);
      const accepted = acceptingListeners(attached);
      // Which services a gateway sees depends on its namespace; routes to gateways of several are seen from the first.
      const gateway = accepted[0]?.gateway;
      const namespace = gateway?.namespace ?? route.namespace;
      let clusters = clustersOf.get(namespace);
      if (clusters === undefined) {
        clusters = istioClusters(catalog, { namespace, labels: {} });
        clustersOf.set(namespace, clusters);
      }
      const implementation = (gateway && implementationOf.get(gateway)) ?? wanted;
      const context = {
        ...{ catalog, clusters, routeKind: kind, routeNamespace: route.namespace, implementation },
        controlPlane: implementation.controlPlane,
      };
      const http = isHttpKind(kind) ? convertRoute(route, context, implementation) : { routes: [], errors: [] };
      const l4 = isHttpKind(kind) ? { rules: [], errors: [] } : l4Rules(route, context);
      return { ...attached, accepted, routes: http.routes, l4: l4.rules, errors: [...http.errors, ...l4.errors] };
    }),
  );
  return { gateways, routes };
}

/** Of a Gateway: whose class it has, and which of the others `wanted` may speak for. */
function implementationFor(controller: Controller, wanted: Implementation): Implementation {
  if (controller === 'envoy-gateway') return envoyGateway;
  if (controller !== 'istio') return standard;
  return wanted.name === 'envoy-gateway' ? istio : wanted;
}

/**
 * A listener of a protocol that Istio does not know is a TCP server without routes; one for HTTPS or TLS without `tls`
 * has no server (buildListener in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).
 */
const isServed = (listener: GatewayListener): boolean =>
  listener.error?.reason !== 'UnsupportedProtocol' && !isWithoutTls(listener) && !isOfDatagrams(listener);

/** The Gateway that a parentRef reaches, by itself or through a ListenerSet. */
export const gatewayOfParent = (
  { kind, namespace, name }: Pick<ParentRef, 'kind' | 'namespace' | 'name'>,
  { gateways }: Pick<Survey, 'gateways'>,
): SurveyedGateway | undefined => {
  const isIt = ({ resource }: { readonly resource: Resource }) =>
    resource.namespace === namespace && resource.name === name;
  if (kind === GATEWAY) return gateways.find(isIt);
  return kind === LISTENER_SET ? gateways.find((g) => g.listenerSets.some(isIt)) : undefined;
};
