// Which fields of the Gateway API name other objects.

import { CONFIG_MAP, field, type References, SECRET, SERVICE } from '../reference-field.js';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';
const LISTENER_SET = 'gateway.networking.k8s.io/ListenerSet';

const route = (kind: string): References[number] => [
  `gateway.networking.k8s.io/${kind}`,
  [
    field('spec.parentRefs.*.name', [GATEWAY, LISTENER_SET]),
    field('spec.rules.*.backendRefs.*.name', [SERVICE]),
    ...['spec.rules.*.filters.*', 'spec.rules.*.backendRefs.*.filters.*'].flatMap((filter) => [
      field(`${filter}.requestMirror.backendRef.name`, [SERVICE]),
      field(`${filter}.extensionRef.name`, []),
    ]),
  ],
];

export const references: References = [
  ['*', [field('spec.targetRef.name', []), field('spec.targetRefs.*.name', [])]],
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(route),
  ...[GATEWAY, LISTENER_SET].map((kind): References[number] => [
    kind,
    [
      field('spec.gatewayClassName', ['gateway.networking.k8s.io/GatewayClass']),
      field('spec.parentRef.name', [GATEWAY]),
      field('spec.listeners.*.tls.certificateRefs.*.name', [SECRET]),
      field('spec.listeners.*.tls.frontendValidation.caCertificateRefs.*.name', [CONFIG_MAP]),
    ],
  ]),
  ['gateway.networking.k8s.io/BackendTLSPolicy', [field('spec.validation.caCertificateRefs.*.name', [CONFIG_MAP])]],
];
