// What everybody may ask about the dialect of Traefik.

import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringOf } from '../../resources/fields.js';
import type { DialectFlag, DialectProfile } from '../profile.js';

export const staticFlag: DialectFlag = {
  name: 'traefik-static',
  value: '<file>',
  description: "Traefik's static configuration (YAML); without it the Helm chart's defaults",
  takes: 'file',
};

/** Kinds of `traefik.io` with routes, and those that their routes name. */
const ROUTES = new Set(['IngressRoute', 'IngressRouteTCP', 'IngressRouteUDP']);
const PARTS = new Set([
  'Middleware',
  'MiddlewareTCP',
  'TraefikService',
  'TLSOption',
  'TLSStore',
  'ServersTransport',
  'ServersTransportTCP',
]);

const CONTROLLER = 'traefik.io/ingress-controller';

/** The files hold an IngressClass of Traefik, or an object of its own. */
const isThere = (catalog: Catalog): boolean =>
  [...ROUTES, ...PARTS].some((kind) => catalog.ofKind(`traefik.io/${kind}`).length > 0) ||
  catalog.ofKind('networking.k8s.io/IngressClass').some((c) => stringOf(specOf(c).controller) === CONTROLLER);

export const profile: DialectProfile = {
  name: 'traefik',
  title: 'Traefik',
  rank: 4,
  kinds: [{ group: 'traefik.io', kinds: [...ROUTES, ...PARTS] }],
  allKinds: { 'traefik.io': [...ROUTES, ...PARTS] },
  ingress: {
    word: 'traefik',
    className: 'traefik',
    controller: CONTROLLER,
    isController: (controller) => controller === CONTROLLER,
    annotations: 'traefik.ingress.kubernetes.io/',
    // An Ingress without a class is Traefik's, too (shouldProcessIngress in pkg/provider/kubernetes/ingress/kubernetes.go), where it is there.
    takes: (ref, _, catalog) => ((ref.name === undefined || ref.name === '') && isThere(catalog) ? true : undefined),
  },
  flags: [staticFlag],
  gatewaysFrom: 'an IngressRoute',
  source: {
    wanted: 'IngressRoute, IngressRouteTCP or Ingress of class traefik',
    ingresses: true,
    part: ({ group, kind }) =>
      group === 'traefik.io' && (ROUTES.has(kind) || PARTS.has(kind)) ? 'translated' : undefined,
    shared: ({ group, kind }) => group === 'traefik.io' && PARTS.has(kind),
  },
  datagrams: ['traefik.io/IngressRouteUDP'],
  ways: { traefik: 'Traefik', ingress: 'Ingress' },
  wayOf: ({ resource }) => ({ kind: resource.kind === 'Ingress' ? 'ingress' : 'traefik', entry: 'rule' }),
  annotations: ['traefik.ingress.kubernetes.io/'],
};
