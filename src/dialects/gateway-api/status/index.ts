// The status that the controller of each object would write, before anything is applied: by Istio's controller where the class is
// Istio's and its implementation was asked for, else by the specification. Per GatewayClass, Gateway and ListenerSet with its listeners, and parent
// of a route.

import { type ObjectStatus, originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import { GATEWAY_CLASS } from '../kinds.js';
import { survey } from '../survey.js';
import { backendTlsStatuses } from './backend-tls.js';
import { conditionsAbout } from './condition.js';
import { gatewayStatus, listenerSetStatus } from './gateway.js';
import { routeStatus } from './route.js';

/** Classes, Gateways, ListenerSets, then routes by kind, then policies of TLS to backends; each in reading order. `wanted`: whose reading of Istio's classes. */
export function computeStatus(catalog: Catalog, wanted: Implementation): readonly ObjectStatus[] {
  const found = survey(catalog, wanted);
  return [
    ...catalog.ofKind(GATEWAY_CLASS).map(classStatus),
    ...found.gateways.flatMap((g) =>
      g.serves ? gatewayStatus(g, found.routes, catalog) : g.controller === 'remote' ? remoteStatus(g.resource) : [],
    ),
    ...found.gateways
      .filter((g) => g.serves)
      .flatMap((g) => g.listenerSets.map((set) => listenerSetStatus(set, g, found.routes, catalog))),
    ...found.routes.map((r) => routeStatus(r, found)),
    ...backendTlsStatuses(found, catalog),
  ];
}

/** reportUnmanagedGatewayStatus in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-27. */
function remoteStatus(resource: Resource): ObjectStatus {
  const make = conditionsAbout(originOf(resource));
  const message = 'the Gateway runs elsewhere: Istio programs nothing';
  return {
    resource,
    conditions: [
      make('Accepted', true, 'Accepted', 'Resource accepted'),
      make('Programmed', true, 'Programmed', message),
    ],
  };
}

/** A class is accepted by the controller that it names; whether that one runs is not in the files. */
function classStatus(resource: ObjectStatus['resource']): ObjectStatus {
  const controller = stringAt(objectAt(resource.object, 'spec'), 'controllerName') ?? '';
  const make = conditionsAbout(originOf(resource));
  return { resource, conditions: [make('Accepted', true, 'Accepted', `Handled by ${controller}`)] };
}
