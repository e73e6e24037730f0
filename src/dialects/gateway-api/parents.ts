// What routes of the Gateway API are attached to: Gateways and ListenerSets by name, and Services for traffic inside the mesh (GAMMA).

import { type JsonObject, originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { AssumedGateway, Parent } from '../dialect.js';
import { parentOf } from './features/listener-sets.js';
import { listAt, objectAt, stringAt } from './fields.js';
import { GATEWAY, LISTENER_SET, ROUTE_KINDS, referencedKind, UDP_ROUTE } from './kinds.js';

export const parents = (catalog: Catalog): Parent[] =>
  [...ROUTE_KINDS, UDP_ROUTE].flatMap((kind) =>
    catalog.ofKind(kind).flatMap((resource) =>
      listAt(objectAt(resource.object, 'spec'), 'parentRefs').map((ref, i): Parent => {
        const origin = originOf(resource, 'spec', 'parentRefs', i);
        const of = referencedKind(ref, GATEWAY);
        const gateway = {
          namespace: stringAt(ref, 'namespace') ?? resource.namespace,
          name: stringAt(ref, 'name') ?? '',
        };
        const holder = catalog.find(of, gateway.namespace, gateway.name);
        if (of === LISTENER_SET && holder) {
          const { namespace, name } = parentOf(holder);
          const found = catalog.find(GATEWAY, namespace, name) !== undefined;
          return { resource, gateway: { namespace, name }, found, origin };
        }
        const found = holder !== undefined;
        return of === GATEWAY ? { resource, gateway, found, origin } : { resource, found, origin };
      }),
    ),
  );

/** Of class istio; open to routes of all namespaces. */
export const gatewayObject = ({ namespace, name, hosts }: AssumedGateway): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace },
  spec: {
    gatewayClassName: 'istio',
    listeners: (hosts ?? [undefined]).flatMap((hostname, i) => {
      const shared = { ...(hostname ? { hostname } : {}), allowedRoutes: { namespaces: { from: 'All' } } };
      const suffix = hosts && hosts.length > 1 ? `-${i + 1}` : '';
      return [
        { name: `http${suffix}`, port: 80, protocol: 'HTTP', ...shared },
        {
          name: `https${suffix}`,
          port: 443,
          protocol: 'HTTPS',
          ...shared,
          tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'assumed' }] },
        },
      ];
    }),
  },
});
