// Whose rules a Gateway follows: its class names a controller. Istio serves the class `istio` also where no
// GatewayClass object says so (pilot/pkg/config/kube/gatewaycommon/classinfo.go and gatewayclass_collection.go,
// 2026-08-22). `istio-remote` is accepted and not programmed; waypoints are no gateways for clients.

import { type ImplementationName, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { gatewayOwner } from '../../gateway-owner.js';
import { objectAt, stringAt } from '../fields.js';
import { GATEWAY_CLASS } from '../kinds.js';

/**
 * - `istio`: Istio's gateway controller. - `other`: a controller that meshgw knows nothing about.
 * - `envoy-gateway`: Envoy Gateway's.
 * - `remote`, `waypoint`: Istio's, but no gateway that takes requests from outside here.
 * - `claimed`: that of another dialect, which reads the Gateway.
 */
export type Controller = 'istio' | 'remote' | 'waypoint' | 'envoy-gateway' | 'claimed' | 'other';

const CONTROLLERS: Readonly<Record<string, Controller>> = {
  'istio.io/gateway-controller': 'istio',
  'istio.io/unmanaged-gateway': 'remote',
  'istio.io/mesh-controller': 'waypoint',
  'istio.io/eastwest-controller': 'waypoint',
  'gateway.envoyproxy.io/gatewayclass-controller': 'envoy-gateway',
};

const BUILT_IN: Readonly<Record<string, Controller>> = {
  istio: 'istio',
  'istio-remote': 'remote',
  'istio-waypoint': 'waypoint',
  'istio-east-west': 'waypoint',
};

/** `wanted`: the implementation whose a class is that nothing declares. Envoy Gateway has no class of its own: whoever installs it names one. */
export function controllerOf(gateway: Resource, catalog: Catalog, wanted?: ImplementationName): Controller {
  if (gatewayOwner(gateway, catalog)) return 'claimed';
  const name = stringAt(objectAt(gateway.object, 'spec'), 'gatewayClassName') ?? '';
  const declared = declaredController(name, catalog);
  if (declared !== undefined) return lookUp(CONTROLLERS, declared);
  const builtIn = lookUp(BUILT_IN, name);
  return builtIn === 'other' && wanted === 'envoy-gateway' ? wanted : builtIn;
}

/** `istio.io/gateway-controller`; of a class that nothing declares, whoever has that class. */
export function controllerNameOf(gateway: Resource, catalog: Catalog): string {
  const name = stringAt(objectAt(gateway.object, 'spec'), 'gatewayClassName') ?? '';
  const builtIn = own(BUILT_IN, name);
  const known = Object.entries(CONTROLLERS).find(([, controller]) => controller === builtIn);
  return declaredController(name, catalog) ?? known?.[0] ?? `the controller of class ${JSON.stringify(name)}`;
}

/** A GatewayClass has no namespace: the one that reading gave it says nothing. */
function declaredController(name: string, catalog: Catalog): string | undefined {
  const declared = catalog.ofKind(GATEWAY_CLASS).find((c) => c.name === name);
  return declared && (stringAt(objectAt(declared.object, 'spec'), 'controllerName') ?? '');
}

const lookUp = (table: Readonly<Record<string, Controller>>, key: string): Controller => own(table, key) ?? 'other';
