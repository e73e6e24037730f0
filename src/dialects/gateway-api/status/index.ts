// The status that the controller of each object would write, before anything is applied: by Istio's controller where the class is
// Istio's and its implementation was asked for, else by the specification. Per GatewayClass, Gateway and ListenerSet with its listeners, and parent
// of a route.

import { type ObjectStatus, originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { KnownCluster } from '../features/addresses.js';
import type { ConfigError } from '../features/config-error.js';
import { objectAt, stringAt } from '../fields.js';
import type { Implementation } from '../implementations/implementation.js';
import { CONFIG_MAP, GATEWAY_CLASS, SECRET, shortKind } from '../kinds.js';
import { survey } from '../survey.js';
import { backendTlsStatuses } from './backend-tls.js';
import { conditionsAbout, failed } from './condition.js';
import { gatewayStatus, listenerSetStatus } from './gateway.js';
import { routeStatus } from './route.js';

/** Classes, Gateways, ListenerSets, then routes by kind, then policies of TLS to backends; each in reading order. `wanted`: whose reading of Istio's classes. */
export function computeStatus(cluster: KnownCluster, wanted: Implementation): readonly ObjectStatus[] {
  const { catalog } = cluster;
  const found = survey(catalog, wanted);
  return [
    ...catalog.ofKind(GATEWAY_CLASS).map((c) => classStatus(c, catalog, wanted)),
    ...found.gateways.flatMap((g) =>
      g.serves ? gatewayStatus(g, found.routes, cluster) : g.controller === 'remote' ? remoteStatus(g.resource) : [],
    ),
    ...found.gateways
      .filter((g) => g.serves)
      .flatMap((g) => g.listenerSets.map((set) => listenerSetStatus(set, g, found.routes, cluster))),
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
function classStatus(resource: Resource, catalog: Catalog, wanted: Implementation): ObjectStatus {
  const controller = stringAt(objectAt(resource.object, 'spec'), 'controllerName') ?? '';
  const make = conditionsAbout(originOf(resource));
  const error = isIstio(controller) && wanted.controlPlane === 'istio' ? undefined : classParameters(resource, catalog);
  return {
    resource,
    conditions: [error ? failed('Accepted', error) : make('Accepted', true, 'Accepted', `Handled by ${controller}`)],
  };
}

const isIstio = (controller: string): boolean => controller.startsWith('istio.io/');

/** A ConfigMap or Secret that the files would hold is not there (GatewayClassReasonInvalidParameters). Istio does not look. */
function classParameters(resource: Resource, catalog: Catalog): ConfigError | undefined {
  const spec = objectAt(resource.object, 'spec');
  const reference = objectAt(spec, 'parametersRef');
  const kind = `${stringAt(reference, 'group') ?? ''}/${stringAt(reference, 'kind') ?? ''}`;
  const namespace = stringAt(reference, 'namespace') ?? '';
  const name = stringAt(reference, 'name') ?? '';
  if (kind !== CONFIG_MAP && kind !== SECRET) return undefined;
  const known = catalog.ofKind(kind).some((r) => r.namespace === namespace);
  if (!known || catalog.find(kind, namespace, name) !== undefined) return undefined;
  const message = `${shortKind(kind)} ${namespace}/${name} not found`;
  return { reason: 'InvalidParameters', message, origin: originOf(resource, 'spec', 'parametersRef') };
}
