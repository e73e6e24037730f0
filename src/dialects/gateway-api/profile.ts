// What everybody may ask about the dialect of the Gateway API.

import type { DialectProfile } from '../profile.js';

const GROUP = 'gateway.networking.k8s.io';
/** Policies that only its rules have; extensions and patches stay, and stay unknown. */
const EG_TRANSLATED = ['SecurityPolicy', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'HTTPRouteFilter', 'Backend'];

export const profile: DialectProfile = {
  name: 'gateway-api',
  title: 'Gateway API',
  rank: 3,
  kinds: [
    { group: GROUP, clusterScoped: ['GatewayClass'] },
    { group: 'gateway.networking.x-k8s.io' },
    { group: 'gateway.envoyproxy.io' },
  ],
  allKinds: {
    'gateway.networking.k8s.io': [
      ...['GatewayClass', 'Gateway', 'ListenerSet', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'],
      ...['ReferenceGrant', 'ReferencePolicy', 'BackendTLSPolicy', 'BackendLBPolicy'],
    ],
    'gateway.networking.x-k8s.io': ['XListenerSet', 'XBackendTrafficPolicy', 'XBackend', 'XMesh'],
    'gateway.envoyproxy.io': [
      ...['Backend', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'EnvoyExtensionPolicy', 'EnvoyPatchPolicy'],
      ...['EnvoyProxy', 'HTTPRouteFilter', 'SecurityPolicy'],
    ],
  },
  assumable: true,
  flags: [
    {
      name: 'gateway-api-channel',
      value: '<channel>',
      description: 'channel of the Gateway API CRDs in the cluster: standard, experimental',
      takes: 'text',
      words: ['standard', 'experimental'],
    },
    {
      name: 'gateway-api-version',
      value: '<version>',
      description: 'version of the Gateway API CRDs in the cluster: 1.6, 1.7 (default with --gateway-api-channel)',
      takes: 'text',
      words: ['1.6', '1.7'],
    },
    {
      name: 'gateway-addresses',
      value: '<range,…>',
      description: 'addresses that the cluster can give to Gateways (CIDR, address or host name, with commas)',
      takes: 'text',
    },
  ],
  crds: ({ 'gateway-api-channel': channel, 'gateway-api-version': version }) =>
    channel === undefined && version === undefined ? undefined : `${version ?? '1.7'}-${channel ?? 'standard'}`,
  gatewaysFrom: 'a Gateway API Gateway',
  datagrams: [`${GROUP}/UDPRoute`],
  ways: { 'gateway-api': 'Gateway API' },
  source: {
    wanted: 'Gateway API',
    part: ({ group, kind }) =>
      group === GROUP || (group === 'gateway.envoyproxy.io' && EG_TRANSLATED.includes(kind)) ? 'translated' : undefined,
  },
  target: {
    approach: 'gateway-api',
    // Istio's gateways read them as Envoy's; the standard has none.
    writesOperators: (implementation) => implementation !== 'standard',
  },
};
