// What the addresses of a Gateway mean for Istio: none, or one IP address, is a workload of its own; host names bind it
// to Services that exist; anything else cannot be programmed (IsManaged in pilot/pkg/config/kube/gatewaycommon and
// extractGatewayServices in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { originOf, type Resource } from '../../../model/index.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import type { ConfigError } from './config-error.js';

export interface Addresses {
  /** Binds to Services that exist: other Gateways bound to them share the workload. */
  readonly shared: boolean;
  readonly error?: ConfigError;
  /** Nothing of the Gateway is programmed. */
  readonly fatal: boolean;
}

export function addressesOf(gateway: Resource): Addresses {
  const types = listAt(objectAt(gateway.object, 'spec'), 'addresses').map((a) => stringAt(a, 'type') ?? 'IPAddress');
  const managed = types.length === 0 || (types.length === 1 && types[0] === 'IPAddress');
  if (managed) return { shared: false, fatal: false };
  const shared = types.includes('Hostname');
  if (types.every((type) => type === 'Hostname')) return { shared, fatal: false };
  const error: ConfigError = {
    reason: 'UnsupportedAddress',
    message: 'only addresses of type Hostname are supported',
    origin: originOf(gateway, 'spec', 'addresses'),
  };
  return { shared, error, fatal: !shared };
}
