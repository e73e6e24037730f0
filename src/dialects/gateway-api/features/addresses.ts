// What the addresses of a Gateway mean. For Istio none, or one IP address, is a workload of its own; host names bind it to Services that
// exist; anything else cannot be programmed (IsManaged in pilot/pkg/config/kube/gatewaycommon and extractGatewayServices in
// pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22). By the standard a type is supported or the Gateway is not accepted
// (GatewayReasonUnsupportedAddress); which addresses can be assigned is not in the files (`--gateway-addresses` says it).

import { serviceIndex } from '../../../implementations/istio/services.js';
import { originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { serviceHost } from '../../../resources/services.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import type { AddressPool } from './address-pool.js';
import type { ConfigError } from './config-error.js';
import type { ControlPlane } from './control-plane.js';

export interface Addresses {
  /** Binds to Services that exist: other Gateways bound to them share the workload. */
  readonly shared: boolean;
  /** The Gateway is not accepted. */
  readonly error?: ConfigError;
  /** Nothing of the Gateway is programmed. */
  readonly fatal: boolean;
}

const SERVICE_TYPE = 'networking.istio.io/service-type';

const typesOf = (gateway: Resource): readonly string[] => requested(gateway).map(({ type }) => type);

export function addressesOf(gateway: Resource, { controlPlane }: ControlPlane): Addresses {
  const types = typesOf(gateway);
  if (controlPlane !== 'istio') {
    const index = types.findIndex((type) => type !== 'IPAddress' && type !== 'Hostname');
    if (index < 0) return { shared: false, fatal: false };
    const message = `addresses of type ${types[index]} are not supported`;
    const origin = originOf(gateway, 'spec', 'addresses', index);
    return { shared: false, error: { reason: 'UnsupportedAddress', message, origin }, fatal: true };
  }
  if (isManaged(types)) return { shared: false, fatal: false };
  const shared = types.includes('Hostname');
  if (types.some((type) => type !== 'Hostname')) {
    const message = 'only addresses of type Hostname are supported';
    const origin = originOf(gateway, 'spec', 'addresses');
    return { shared, error: { reason: 'UnsupportedAddress', message, origin }, fatal: !shared };
  }
  if (gateway.annotations[SERVICE_TYPE] === undefined) return { shared, fatal: false };
  const message = `annotation ${SERVICE_TYPE} is deprecated`;
  const origin = originOf(gateway, 'metadata', 'annotations', SERVICE_TYPE);
  return { shared, error: { reason: 'DeprecatedField', message, origin }, fatal: false };
}

const isManaged = (types: readonly string[]) => types.length === 0 || (types.length === 1 && types[0] === 'IPAddress');

/** What is known of the cluster. */
export interface KnownCluster {
  readonly catalog: Catalog;
  /** Absent: every address counts as one that can be given. */
  readonly pool?: AddressPool | undefined;
}

/**
 * Why an address gives no way in. By the standard: the cluster cannot give it to a Gateway. For Istio the address of a workload of its own
 * is asked of the load balancer, for which the Gateway waits; a host name has to be a Service's with the `ports`. Of Services that are not in
 * the files, and may be in the cluster, nothing is said (ResolveGatewayInstances in gatewaycommon/context.go, 2026-08-27).
 */
export function unusableAddress(
  gateway: Resource,
  ports: readonly number[],
  cluster: KnownCluster,
  { controlPlane }: ControlPlane,
): ConfigError | undefined {
  if (controlPlane !== 'istio') return notInPool(gateway, cluster, 'AddressNotUsable');
  return isManaged(typesOf(gateway))
    ? notInPool(gateway, cluster, 'AddressNotAssigned')
    : unboundHostname(gateway, ports, cluster);
}

/** Those that the Gateway asks for by name, in their order; `type` with its default. */
const requested = (gateway: Resource) =>
  listAt(objectAt(gateway.object, 'spec'), 'addresses').map((address, index) => ({
    index,
    type: stringAt(address, 'type') ?? 'IPAddress',
    value: stringAt(address, 'value') ?? '',
  }));

function notInPool(
  gateway: Resource,
  { pool }: KnownCluster,
  reason: 'AddressNotUsable' | 'AddressNotAssigned',
): ConfigError | undefined {
  const refused = requested(gateway).find(({ value }) => value !== '' && pool?.(value) === false);
  if (refused === undefined) return undefined;
  return {
    reason,
    message: `the cluster cannot give ${refused.value} to a Gateway (--gateway-addresses)`,
    origin: originOf(gateway, 'spec', 'addresses', refused.index),
  };
}

/** By the standard: the addresses that the Gateway asks for, of those that the cluster can give; empty where nobody says which these are. */
export function assignedAddresses(gateway: Resource, { pool }: KnownCluster, { controlPlane }: ControlPlane) {
  if (pool === undefined || controlPlane === 'istio') return [];
  return requested(gateway).flatMap(({ type, value }) => (value !== '' && pool(value) ? [{ type, value }] : []));
}

function unboundHostname(
  gateway: Resource,
  ports: readonly number[],
  { catalog }: KnownCluster,
): ConfigError | undefined {
  const { namespace } = gateway;
  const services = serviceIndex(catalog, namespace);
  for (const { index, type, value } of requested(gateway)) {
    if (type !== 'Hostname') continue;
    const host = value.includes('.') ? value : serviceHost(namespace, value);
    const found = services.preferring(namespace, host);
    const message = (text: string): ConfigError => ({
      reason: 'AddressNotUsable',
      message: text,
      origin: originOf(gateway, 'spec', 'addresses', index),
      open: true,
    });
    if (found === undefined) {
      if (services.isComplete(host)) return message(`hostname ${host} not found`);
    } else if (found.namespace !== namespace)
      return message(`hostname ${host} not found in namespace ${namespace}, but in ${found.namespace}`);
    else {
      const missing = ports.find((port) => !found.ports.some((p) => p.number === port));
      if (missing !== undefined) return message(`port ${missing} not found for hostname ${host}`);
    }
  }
  return undefined;
}
