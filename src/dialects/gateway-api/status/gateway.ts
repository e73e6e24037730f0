// The status of a Gateway: Accepted and Programmed, and its listeners. Whether a workload got its address is not in the files: a Gateway
// whose addresses can be served counts as programmed (reportGatewayStatus in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { type ObjectStatus, originOf, type Resource, type StatusCondition } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { addressesOf } from '../features/addresses.js';
import type { ConfigError } from '../features/config-error.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import { has, objectAt, stringAt } from '../fields.js';
import { CONFIG_MAP, referencedKind } from '../kinds.js';
import type { SurveyedGateway } from '../survey.js';
import { conditionsAbout, failed } from './condition.js';
import { listenerStatus } from './listener.js';

export function gatewayStatus(
  { resource, listeners }: SurveyedGateway,
  routes: readonly SurveyedRoute[],
  catalog: Catalog,
): ObjectStatus {
  const make = conditionsAbout(originOf(resource));
  const addresses = addressesOf(resource);
  const error = addresses.error ?? parametersError(resource, catalog);
  const invalid = listeners.filter((l) => l.conflict !== undefined || l.error !== undefined).length;
  const programmed = addresses.fatal
    ? make('Programmed', false, 'UnsupportedAddress', 'no address that can be served')
    : make('Programmed', true, 'Programmed', 'Resource programmed');
  return {
    resource,
    conditions: [error ? failed('Accepted', error) : accepted(), programmed],
    listeners: addresses.fatal ? [] : listeners.map((l) => listenerStatus(l, routes)),
  };

  function accepted(): StatusCondition {
    if (invalid === 0) return make('Accepted', true, 'Accepted', 'Resource accepted');
    const message = `${invalid} of ${listeners.length} listeners are not valid`;
    return make('Accepted', invalid < listeners.length, 'ListenersNotValid', message);
  }
}

/** `infrastructure.parametersRef` names a ConfigMap beside the Gateway (validateParametersRef in gateway_collection.go). */
function parametersError(gateway: Resource, catalog: Catalog): ConfigError | undefined {
  const infrastructure = objectAt(objectAt(gateway.object, 'spec'), 'infrastructure');
  if (!has(infrastructure, 'parametersRef')) return undefined;
  const reference = objectAt(infrastructure, 'parametersRef');
  const origin = originOf(gateway, 'spec', 'infrastructure', 'parametersRef');
  const kind = referencedKind(reference, CONFIG_MAP);
  const name = stringAt(reference, 'name') ?? '';
  if (kind !== CONFIG_MAP) return { reason: 'InvalidParameters', message: `${kind} is not a ConfigMap`, origin };
  const known = catalog.ofKind(CONFIG_MAP).some((c) => c.namespace === gateway.namespace);
  if (!known || catalog.find(CONFIG_MAP, gateway.namespace, name) !== undefined) return undefined;
  return { reason: 'InvalidParameters', message: `ConfigMap ${gateway.namespace}/${name} not found`, origin };
}
