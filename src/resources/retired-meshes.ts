// Meshes of which configuration is still around though they have ended: what they were, when they ended, where their users go. Dates are
// of the pages that are named.

import type { Resource, RetiredMeshAdvice } from '../model/index.js';
import type { Catalog } from './catalog.js';

interface Known extends Omit<RetiredMeshAdvice, 'objects'> {
  /** Whether an object is of it. */
  readonly has: (resource: Resource) => boolean;
}

const annotated =
  (prefix: string) =>
  ({ annotations }: Resource): boolean =>
    Object.keys(annotations).some((key) => key.startsWith(prefix));

const WEIGHTS =
  'routes of the Gateway API (HTTPRoute, whose weights take the place of a TrafficSplit) in a mesh that is maintained, such as Istio or Linkerd; AuthorizationPolicies in place of TrafficTargets';

const MESHES: readonly Known[] = [
  {
    name: 'Traefik Mesh',
    was: 'a service mesh of Traefik Labs (once Maesh) with a proxy on each node, for names that end in .traefik.mesh',
    ended: 'the last release is 1.4.8 of 2022-08-19; nothing but maintenance of its documentation came after it',
    next: `Traefik itself goes on as an ingress controller; ${WEIGHTS}`,
    source: 'https://raw.githubusercontent.com/api-evangelist/traefik-mesh/refs/heads/main/apis.yml',
    has: annotated('mesh.traefik.io/'),
  },
  {
    name: 'NGINX Service Mesh',
    was: 'a service mesh of F5 with NGINX Plus as sidecar',
    ended: 'no longer sold since 2023-07-01; its repository was archived on 2024-03-14',
    next: WEIGHTS,
    source: 'https://github.com/nginxinc/nginx-service-mesh',
    has: (resource) =>
      resource.group === 'specs.smi.nginx.com' ||
      resource.group === 'nsm.nginx.com' ||
      annotated('config.nsm.nginx.com/')(resource),
  },
  {
    name: 'the Service Mesh Interface (SMI)',
    was: 'an API for meshes (TrafficSplit, TrafficTarget, HTTPRouteGroup) that Traefik Mesh, NGINX Service Mesh and others read',
    ended: 'archived by the CNCF on 2023-10-03, in favour of GAMMA, the part of the Gateway API for meshes',
    next: WEIGHTS,
    source: 'https://www.cncf.io/blog/2023/10/03/cncf-archives-the-service-mesh-interface-smi-project/',
    has: ({ group }) => group.endsWith('.smi-spec.io'),
  },
];

/** Those of which the files hold objects, or annotations on others. */
export const retiredMeshes = ({ all }: Pick<Catalog, 'all'>): readonly RetiredMeshAdvice[] =>
  MESHES.flatMap(({ has, ...mesh }) => {
    const objects = all.filter(has).length;
    return objects > 0 ? [{ ...mesh, objects }] : [];
  });
