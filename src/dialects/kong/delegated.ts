// Kong as a delegated gateway of Kuma: its pods are in the mesh (`kuma.io/gateway: enabled`), and mesh policies hold for what it calls by
// the address of a Service only, which `service-upstream` makes it do (kuma.io docs, "Delegated gateways").

import { formatResource, type JsonObject, originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, specOf, stringOf } from '../../resources/fields.js';
import type { ReadNote } from '../dialect.js';
import type { KongRoute } from './entities.js';

const WORKLOADS = ['/Pod', 'apps/Deployment', 'apps/DaemonSet', 'apps/StatefulSet'];

/** A workload of the files whose pods are such a gateway, and which is Kong's by its labels or its name. */
function delegated(catalog: Catalog): Resource | undefined {
  return WORKLOADS.flatMap((kind) => catalog.ofKind(kind)).find((resource) => {
    const pod = resource.kind === 'Pod' ? metadataOf(resource.object) : metadataOf(objectOf(specOf(resource).template));
    const said = (part: string) => stringOf(own(objectOf(own(pod, part)) ?? {}, 'kuma.io/gateway'));
    const app = stringOf(own(objectOf(pod.labels) ?? {}, 'app.kubernetes.io/name')) ?? resource.name;
    return /kong/.test(app) && [said('annotations'), said('labels')].includes('enabled');
  });
}

const metadataOf = (object: JsonObject | undefined): JsonObject => objectOf(object?.metadata) ?? {};

/** Services behind it that it calls by the addresses of their pods, each once. */
export function delegatedNotes(routes: readonly KongRoute[], catalog: Catalog): readonly ReadNote[] {
  const gateway = delegated(catalog);
  if (!gateway) return [];
  const services = routes
    .flatMap(({ service }) => service?.to ?? [])
    .flatMap(({ destination }) => {
      const [name = '', namespace = ''] = destination.host.split('.');
      return catalog.find('/Service', namespace, name) ?? [];
    });
  return [...new Set(services)]
    .filter(({ annotations }) => own(annotations, 'ingress.kubernetes.io/service-upstream') !== 'true')
    .map((service) => ({
      code: 'kong-service-upstream',
      message: `${formatResource(gateway)} is a delegated gateway of Kuma, and ${formatResource(service)} has no ingress.kubernetes.io/service-upstream: "true": Kong calls its pods by their addresses, past the policies of the mesh, unless Kuma's control plane adds the annotation in the cluster`,
      origin: originOf(service, 'metadata', 'annotations'),
    }));
}
