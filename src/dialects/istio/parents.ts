// What VirtualServices are attached to: Gateways by name, and the sidecars of the mesh.

import { gatewayReferences, isInternalGateway, isOnMesh } from '../../implementations/istio/gateway-references.js';
import { type JsonObject, originOf, own } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { listOf, specOf, stringsOf } from '../../resources/fields.js';
import type { AssumedGateway, Parent } from '../dialect.js';

const GATEWAY_KINDS = ['networking.istio.io/Gateway', 'gateway.networking.k8s.io/Gateway'] as const;

/** A delegate (without hosts) is attached to nothing itself. */
export function parents(catalog: Catalog): Parent[] {
  return catalog.ofKind('networking.istio.io/VirtualService').flatMap((resource): Parent[] => {
    const spec = specOf(resource);
    if (listOf(own(spec, 'hosts')).length === 0) return [];
    const named = gatewayReferences(resource)
      .filter(({ text }) => !isInternalGateway(text))
      .map(({ namespace, name, origin }) => {
        const found = GATEWAY_KINDS.some((kind) => catalog.find(kind, namespace, name) !== undefined);
        return { resource, gateway: { namespace, name }, found, origin };
      });
    const at = stringsOf(spec.gateways).length > 0 ? ['spec', 'gateways'] : ['spec'];
    return isOnMesh(resource) ? [...named, { resource, found: false, origin: originOf(resource, ...at) }] : named;
  });
}

/** On Istio's own ingress gateway. */
export const gatewayObject = ({ namespace, name, hosts = ['*'] }: AssumedGateway): JsonObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace },
  spec: {
    selector: { istio: 'ingressgateway' },
    servers: [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [...hosts] },
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: [...hosts],
        tls: { mode: 'SIMPLE', credentialName: 'assumed' },
      },
    ],
  },
});
