// Which fields of Traefik's objects and annotations name other objects.

import {
  annotation,
  annotationList,
  field,
  INGRESS,
  type Reading,
  type References,
  SECRET,
  SERVICE,
} from '../reference-field.js';

const SERVICES = [SERVICE, 'traefik.io/TraefikService'];
const MIDDLEWARE = ['traefik.io/Middleware'];

/** `namespace-name@kubernetescrd`. */
const joined: Reading = (text) => (resource) => `${resource.namespace}-${resource.name}@kubernetescrd` === text;

const route = (kind: string, middleware: string): References[number] => [
  `traefik.io/${kind}`,
  [
    field('spec.routes.*.services.*.name', SERVICES),
    field('spec.routes.*.services.*.serversTransport', [
      'traefik.io/ServersTransport',
      'traefik.io/ServersTransportTCP',
    ]),
    field('spec.routes.*.middlewares.*.name', [middleware]),
    field('spec.tls.secretName', [SECRET]),
    field('spec.tls.options.name', ['traefik.io/TLSOption']),
    field('spec.tls.store.name', ['traefik.io/TLSStore']),
  ],
];

export const references: References = [
  [
    INGRESS,
    [
      annotationList('traefik.ingress.kubernetes.io/router.middlewares', MIDDLEWARE, joined),
      annotation('traefik.ingress.kubernetes.io/router.tls.options', ['traefik.io/TLSOption'], joined),
    ],
  ],
  route('IngressRoute', 'traefik.io/Middleware'),
  route('IngressRouteTCP', 'traefik.io/MiddlewareTCP'),
  ['traefik.io/IngressRouteUDP', [field('spec.routes.*.services.*.name', SERVICES)]],
  [
    'traefik.io/TraefikService',
    [
      field('spec.weighted.services.*.name', SERVICES),
      field('spec.mirroring.name', SERVICES),
      field('spec.mirroring.mirrors.*.name', SERVICES),
    ],
  ],
  [
    'traefik.io/Middleware',
    [
      field('spec.chain.middlewares.*.name', MIDDLEWARE),
      field('spec.errors.service.name', SERVICES),
      field('spec.basicAuth.secret', [SECRET]),
      field('spec.digestAuth.secret', [SECRET]),
      field('spec.forwardAuth.tls.certSecret', [SECRET]),
      field('spec.forwardAuth.tls.caSecret', [SECRET]),
    ],
  ],
  ['traefik.io/TLSStore', [field('spec.defaultCertificate.secretName', [SECRET])]],
  ['traefik.io/TLSOption', [field('spec.clientAuth.secretNames.*', [SECRET])]],
];
