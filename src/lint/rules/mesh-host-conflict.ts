// Several VirtualServices of the mesh for one host: only one of them is used by a sidecar.
// pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go (Istio of 2026-08-22).

import { isOnMesh } from '../../implementations/istio/gateway-references.js';
import { resolveShortName } from '../../implementations/istio/hosts.js';
import { originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringsOf } from '../../resources/fields.js';
import { documents, virtualService } from '../examples.js';
import { rivals } from '../rivals.js';
import type { Rule } from '../rule.js';
import { virtualServices } from '../virtual-service-parts.js';

const spec = 'hosts: [shop]\nhttp:\n- route:\n  - destination: {host: shop}';

function scopesOf(resource: Resource): readonly string[] {
  const exportTo = stringsOf(specOf(resource).exportTo);
  if (!exportTo.length || exportTo.includes('*')) return ['*'];
  return exportTo.map((to) => (to === '.' ? resource.namespace : to));
}

function* meshHosts(catalog: Catalog) {
  for (const resource of virtualServices(catalog))
    if (isOnMesh(resource))
      for (const host of stringsOf(specOf(resource).hosts))
        yield { name: resolveShortName(host, resource.namespace), scopes: scopesOf(resource), claim: resource };
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0135',
    name: 'mesh-host-conflict',
    severity: 'warning',
    category: 'conflict',
    istio: 'IST0109',
    kiali: 'KIA1106',
    title: 'Several VirtualServices of the mesh have the same host',
    docs: () => ({
      happens:
        'A sidecar uses one of them, the oldest, and ignores the others. (Gateways merge them: there several are fine.)',
      instead: 'One VirtualService per host for the mesh, or exportTo that keeps them apart.',
      bad: documents(virtualService(spec, 'one'), virtualService(spec, 'two')),
      good: documents(
        virtualService(`exportTo: [team-a]\n${spec}`, 'one'),
        virtualService(`exportTo: [team-b]\n${spec}`, 'two'),
      ),
    }),
    check: ({ catalog }, report) => {
      const said = new Set<Resource>();
      for (const { name: host, rivals: claims } of rivals(meshHosts(catalog)))
        for (const resource of claims) {
          if (said.has(resource)) continue;
          said.add(resource);
          const other = claims.find((r) => r !== resource);
          if (!other) continue;
          const index = stringsOf(specOf(resource).hosts).findIndex(
            (h) => resolveShortName(h, resource.namespace) === host,
          );
          report({
            message: `${other.namespace}/${other.name} is for ${host} on the mesh too: sidecars use only one of the two`,
            at: originOf(resource, 'spec', 'hosts', index),
            related: [{ message: 'the other VirtualService', place: originOf(other, 'spec', 'hosts') }],
          });
        }
    },
  },
];
