// Backend (internal/gatewayapi/route.go, processBackendDestinationSetting, v1.9.1): hosts and addresses outside of the cluster's Services.

import { type Origin, originOf } from '../../../../model/index.js';
import type { Backend, BackendContext } from '../../features/own-kinds.js';
import { has, listAt, numberAt, objectAt, stringAt } from '../../fields.js';
import { BACKEND } from './kinds.js';

export function egBackend(
  kind: string,
  namespace: string,
  name: string,
  origin: Origin,
  { catalog }: BackendContext,
): Backend | undefined {
  if (kind !== BACKEND) return undefined;
  const resource = catalog.find(BACKEND, namespace, name);
  if (!resource)
    return { error: { reason: 'BackendNotFound', message: `Backend ${namespace}/${name} not found`, origin } };
  const spec = objectAt(resource.object, 'spec');
  const [endpoint] = listAt(spec, 'endpoints');
  const place = objectAt(endpoint, has(endpoint, 'fqdn') ? 'fqdn' : 'ip');
  const host = stringAt(place, 'hostname') ?? stringAt(place, 'address') ?? `${name}.${namespace}.backend`;
  return {
    destination: {
      host,
      port: numberAt(place, 'port') ?? 0,
      ...(has(spec, 'tls') ? { protocol: 'https' as const } : {}),
      origin: originOf(resource, 'spec', 'endpoints', 0),
    },
  };
}
