// What the API server says about the metadata of every object: ValidateObjectMeta of k8s.io/apimachinery (1.36).

import type { FieldCheck, FieldTest } from '../../rule.js';
import { at } from '../field-rule.js';

export const REJECTED = 'The API server refuses the object.';

export const SUBDOMAIN_NAMES = [
  'networking.k8s.io/Ingress',
  'extensions/Ingress',
  'networking.k8s.io/IngressClass',
  '/Secret',
  '/ConfigMap',
]
  .concat(
    ['VirtualService', 'DestinationRule', 'ServiceEntry', 'Gateway', 'Sidecar', 'EnvoyFilter', 'WorkloadEntry'].map(
      (k) => `networking.istio.io/${k}`,
    ),
  )
  .concat(
    ['Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'ReferenceGrant', 'BackendTLSPolicy'].map(
      (k) => `gateway.networking.k8s.io/${k}`,
    ),
  )
  .concat(['RequestAuthentication', 'AuthorizationPolicy', 'PeerAuthentication'].map((k) => `security.istio.io/${k}`));

export const KINDS = ['/Service', ...SUBDOMAIN_NAMES];

export const on = (kinds: readonly string[], path: string, test: FieldTest): FieldCheck[] =>
  kinds.flatMap((kind) => at(kind, path, test));

export const PORTS = 'ports: [{name: http, port: 80}]';
