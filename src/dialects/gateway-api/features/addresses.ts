// What the addresses of a Gateway mean. For Istio none, or one IP address, is a workload of its own; host names bind it to Services that
// exist; anything else cannot be programmed (IsManaged in pilot/pkg/config/kube/gatewaycommon and extractGatewayServices in
// pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22). By the standard a type is supported or the Gateway is not accepted
// (GatewayReasonUnsupportedAddress); which addresses can be assigned is not in the files.

import { serviceIndex } from '../../../implementations/istio/services.js';
import { originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { serviceHost } from '../../../resources/services.js';
import { listAt, objectAt, stringAt } from '../fields.js';
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

const typesOf = (gateway: Resource): readonly string[] =>
  listAt(objectAt(gateway.object, 'spec'), 'addresses').map((a) => stringAt(a, 'type') ?? 'IPAddress');

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

/**
 * Why a host name among the addresses gives no way in to `ports`: no Service has it, or none with the port. Of Services that are not in
 * the files, and may be in the cluster, nothing is said (ResolveGatewayInstances in gatewaycommon/context.go, 2026-08-27).
 */
export function unusableAddress(
  gateway: Resource,
  ports: readonly number[],
  catalog: Catalog,
  { controlPlane }: ControlPlane,
): ConfigError | undefined {
  if (controlPlane !== 'istio' || isManaged(typesOf(gateway))) return undefined;
  const { namespace } = gateway;
  const services = serviceIndex(catalog, namespace);
  for (const [i, address] of listAt(objectAt(gateway.object, 'spec'), 'addresses').entries()) {
    const value = stringAt(address, 'value') ?? '';
    if (stringAt(address, 'type') !== 'Hostname') continue;
    const host = value.includes('.') ? value : serviceHost(namespace, value);
    const found = services.preferring(namespace, host);
    const message = (text: string): ConfigError => ({
      reason: 'AddressNotUsable',
      message: text,
      origin: originOf(gateway, 'spec', 'addresses', i),
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
