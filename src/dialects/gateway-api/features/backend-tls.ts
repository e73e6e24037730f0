// BackendTLSPolicy: the gateway speaks TLS with the backends of a Service, or of one of its ports
// (Gateway API spec, BackendTLSPolicy; Istio: BackendTLSPolicyCollection in
// pilot/pkg/config/kube/gateway/backend_policies.go, 2026-08-22). A policy for a port goes before one for the Service.

import type { Destination } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { findService } from '../../../resources/services.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import { BACKEND_TLS_POLICY, referencedKind, SERVICE } from '../kinds.js';

export interface BackendPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The destination, spoken to over TLS where a policy says so. */
export function withBackendTls(destination: Destination, backend: BackendPort, catalog: Catalog): Destination {
  const sections = catalog
    .ofKind(BACKEND_TLS_POLICY)
    .filter((policy) => policy.namespace === backend.namespace)
    .flatMap((policy) => listAt(objectAt(policy.object, 'spec'), 'targetRefs'))
    .filter((ref) => referencedKind(ref, SERVICE) === SERVICE && stringAt(ref, 'name') === backend.name)
    .map((ref) => stringAt(ref, 'sectionName'));
  if (sections.length === 0) return destination;
  const port = findService(catalog, backend.namespace, backend.name)?.ports.find((p) => p.port === backend.port);
  const covered = sections.some((section) => section === undefined || (port !== undefined && section === port.name));
  if (!covered) return destination;
  return { ...destination, protocol: destination.protocol === 'grpc' ? 'grpcs' : 'https' };
}
