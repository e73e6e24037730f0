// The status of a Gateway: Accepted and Programmed, and its listeners. Whether a workload got its address is not in the files: a Gateway
// whose addresses can be served counts as programmed (reportGatewayStatus in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import {
  formatResource,
  type ObjectStatus,
  originOf,
  type Resource,
  type StatusCondition,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { addressesOf, assignedAddresses, type KnownCluster, unusableAddress } from '../features/addresses.js';
import { clientCertificateOf } from '../features/client-certificate.js';
import type { ConfigError } from '../features/config-error.js';
import { insecureFallback } from '../features/frontend-validation.js';
import { type GatewayListener, isWithoutTls } from '../features/listener.js';
import type { GatewayListenerSet } from '../features/listener-sets.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import { has, objectAt, stringAt } from '../fields.js';
import { CONFIG_MAP, referencedKind } from '../kinds.js';
import type { SurveyedGateway } from '../survey.js';
import { conditionsAbout, failed } from './condition.js';
import { listenerStatus } from './listener.js';

export function gatewayStatus(
  { resource, listeners: all, listenerSets, implementation }: SurveyedGateway,
  routes: readonly SurveyedRoute[],
  cluster: KnownCluster,
): ObjectStatus {
  const { catalog } = cluster;
  const make = conditionsAbout(originOf(resource));
  const listeners = all.filter((l) => l.owner === resource);
  const addresses = addressesOf(resource, implementation);
  const statuses = addresses.fatal ? [] : listeners.map((l) => listenerStatus(l, all, routes, implementation));
  const error = addresses.error ?? parametersError(resource, catalog);
  const invalid = listeners.filter(isInvalid).length;
  const unusable = unusableAddress(resource, portsOf(all), cluster, implementation);
  const assigned = addresses.fatal ? [] : assignedAddresses(resource, cluster, implementation);
  return {
    resource,
    conditions: [error ? failed('Accepted', error) : accepted(), programmed(), references(), ...insecure()],
    listeners: statuses,
    ...(assigned.length === 0 ? {} : { addresses: assigned }),
    ...(listenerSets.length === 0 ? {} : { attachedListenerSets: listenerSets.filter(isAccepted).length }),
  };

  function programmed(): StatusCondition {
    if (addresses.fatal) return make('Programmed', false, 'UnsupportedAddress', 'no address that can be served');
    if (unusable) return failed('Programmed', unusable);
    return make('Programmed', true, 'Programmed', 'Resource programmed');
  }

  function isAccepted({ resource: set, allowed }: GatewayListenerSet): boolean {
    return allowed && !addresses.fatal && all.some((l) => l.owner === set && !isInvalid(l));
  }

  function references(): StatusCondition {
    const certificate = clientCertificateOf(resource, catalog);
    if (certificate && 'error' in certificate) return failed('ResolvedRefs', certificate.error);
    const unresolved = statuses.filter((l) => l.conditions.some((c) => c.type === 'ResolvedRefs' && !c.status));
    if (implementation.controlPlane !== 'istio' && unresolved.length > 0) {
      const message = `${unresolved.length} of ${listeners.length} listeners refer to something that cannot be used`;
      return make('ResolvedRefs', false, 'ListenersNotResolved', message);
    }
    return make('ResolvedRefs', true, 'ResolvedRefs', 'All references resolved');
  }

  /** Only where it is so. */
  function insecure(): StatusCondition[] {
    const place = insecureFallback(resource);
    if (place === undefined) return [];
    const message = 'clients without a valid certificate are accepted (AllowInsecureFallback)';
    return [conditionsAbout(place)('InsecureFrontendValidationMode', true, 'ConfigurationChanged', message)];
  }

  function accepted(): StatusCondition {
    if (invalid === 0) return make('Accepted', true, 'Accepted', 'Resource accepted');
    const message = `${invalid} of ${listeners.length} listeners are not valid`;
    return make('Accepted', invalid < listeners.length, 'ListenersNotValid', message);
  }
}

/** Of a Gateway of the files: whether it is allowed, and whether one of its listeners works. */
export function listenerSetStatus(
  { resource, allowed }: GatewayListenerSet,
  gateway: SurveyedGateway,
  routes: readonly SurveyedRoute[],
  cluster: KnownCluster,
): ObjectStatus {
  const { implementation } = gateway;
  const istio = implementation.controlPlane === 'istio';
  const both = (status: boolean, reasons: readonly [string, string], message: string, origin = originOf(resource)) =>
    (['Accepted', 'Programmed'] as const).map((type, i) => conditionsAbout(origin)(type, status, reasons[i]!, message));
  if (!allowed) {
    const message = `${formatResource(gateway.resource)} does not allow ListenerSets of namespace ${resource.namespace}`;
    const origin = originOf(resource, 'spec', 'parentRef');
    return { resource, conditions: both(false, ['NotAllowed', 'NotAllowed'], message, origin) };
  }
  const addresses = addressesOf(gateway.resource, implementation);
  // ReportListenerSetStatus in gatewaycommon/conversion.go hands the Gateway's reason on, and knows nothing of its parameters (2026-08-27).
  const refused = addresses.error ?? (istio ? undefined : parametersError(gateway.resource, cluster.catalog));
  if (addresses.fatal || (refused && !istio)) {
    const reasons = istio ? UNSUPPORTED : (['ParentNotAccepted', 'ParentNotProgrammed'] as const);
    return { resource, conditions: both(false, reasons, `the Gateway is not accepted: ${refused?.message}`) };
  }
  const listeners = gateway.listeners.filter((l) => l.owner === resource);
  const valid = !listeners.every(isInvalid);
  const unusable = unusableAddress(gateway.resource, portsOf(listeners), cluster, implementation);
  return {
    resource,
    conditions: valid
      ? [
          addresses.error
            ? failed('Accepted', { ...addresses.error, message: `Parent not accepted: ${addresses.error.message}` })
            : conditionsAbout(originOf(resource))('Accepted', true, 'Accepted', 'Resource accepted'),
          unusable
            ? failed('Programmed', {
                ...unusable,
                ...(!istio && { reason: 'ParentNotProgrammed' }),
                origin: originOf(resource, 'spec', 'parentRef'),
              })
            : conditionsAbout(originOf(resource))('Programmed', true, 'Programmed', 'Resource programmed'),
        ]
      : both(false, ['ListenersNotValid', 'ListenersNotValid'], 'none of its listeners is valid'),
    listeners: listeners.map((l) => listenerStatus(l, gateway.listeners, routes, implementation)),
  };
}

const UNSUPPORTED = ['UnsupportedAddress', 'UnsupportedAddress'] as const;

/** Of listeners that a server is made for, whether it works or not. */
const portsOf = (listeners: readonly GatewayListener[]): readonly number[] => [
  ...new Set(listeners.filter((l) => l.conflict === undefined && !isWithoutTls(l)).map((l) => l.port)),
];

const isInvalid = ({ conflict, error }: GatewayListener): boolean => conflict !== undefined || error !== undefined;

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
  return {
    reason: 'InvalidParameters',
    message: `ConfigMap ${gateway.namespace}/${name} not found`,
    origin,
    open: true,
  };
}
