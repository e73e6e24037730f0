// What everybody may ask about the dialect of Kong.

import { type JsonObject, own } from '../../model/index.js';
import { objectsOf, stringOf } from '../../resources/fields.js';
import type { DialectFlag, DialectProfile } from '../profile.js';

export const flavorFlag: DialectFlag = {
  name: 'kong-router-flavor',
  value: '<flavor>',
  description:
    "router_flavor of Kong (default: traditional_compatible, Kong's own; the Helm chart sets traditional, the controller's manifests expressions)",
  takes: 'text',
  words: ['traditional_compatible', 'traditional', 'expressions'],
};

export const gatesFlag: DialectFlag = {
  name: 'kong-feature-gates',
  value: '<gates>',
  description:
    "feature gates of Kong's ingress controller, as NAME=true,… (RewriteURIs is read; default: as installed)",
  takes: 'text',
};

const GROUP = 'configuration.konghq.com';

/** Of a declarative file: of the first entity that has one, since decK takes several files as one. */
function nameOf(value: JsonObject): string {
  for (const kind of ['services', 'routes', 'upstreams', 'consumers', 'plugins']) {
    const [first] = objectsOf(own(value, kind));
    const name = stringOf(first?.name) ?? stringOf(first?.username);
    if (name !== undefined) return `kong-${name}`;
  }
  return 'kong';
}
export const profile: DialectProfile = {
  name: 'kong',
  title: 'Kong',
  rank: 1.3,
  kinds: [
    { group: GROUP, clusterScoped: ['KongClusterPlugin', 'KongVault', 'KongLicense'] },
    { group: 'incubator.ingress-controller.konghq.com', kinds: ['KongServiceFacade'] },
    { group: 'deck.konghq.com', kinds: ['DeclarativeConfig'] },
  ],
  allKinds: {
    'configuration.konghq.com': [
      ...['KongPlugin', 'KongClusterPlugin', 'KongConsumer', 'KongConsumerGroup', 'KongIngress', 'KongUpstreamPolicy'],
      ...['TCPIngress', 'UDPIngress', 'KongVault', 'KongLicense', 'KongCustomEntity', 'IngressClassParameters'],
      ...['KongService', 'KongRoute', 'KongUpstream', 'KongTarget', 'KongCertificate', 'KongCACertificate', 'KongSNI'],
      ...['KongKey', 'KongKeySet', 'KongDataPlaneClientCertificate', 'KongPluginBinding', 'KongReferenceGrant'],
      ...['KongCredentialBasicAuth', 'KongCredentialKeyAuth', 'KongCredentialACL', 'KongCredentialJWT'],
      ...['KongCredentialHMAC'],
    ],
  },
  document: (value) =>
    typeof value._format_version === 'string'
      ? { apiVersion: 'deck.konghq.com/v1', kind: 'DeclarativeConfig', name: nameOf(value) }
      : undefined,
  ingress: {
    word: 'kong',
    className: 'kong',
    controller: 'ingress-controllers.konghq.com/kong',
    annotations: 'konghq.com/',
    isController: (controller) => controller.startsWith('ingress-controllers.konghq.com/'),
  },
  gateways: {
    isController: (controller) => controller === 'konghq.com/kic-gateway-controller',
    className: 'kong',
  },
  flags: [flavorFlag, gatesFlag],
  datagrams: [`${GROUP}/UDPIngress`],
  ways: { kong: 'Kong' },
  wayOf: () => ({ kind: 'kong', entry: 'rule' }),
  source: {
    wanted: 'Ingress or Gateway of class kong',
    ingresses: true,
    // Plugins and consumers serve Ingresses and routes of the Gateway API alike: they are no part of one of them.
    part: ({ group, kind }) =>
      (group === GROUP && /^(TCP|UDP)Ingress$/.test(kind)) || group === 'deck.konghq.com' ? 'translated' : undefined,
  },
  annotations: ['konghq.com/', 'ingress.kubernetes.io/'],
};
