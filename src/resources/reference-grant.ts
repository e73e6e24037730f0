// May an object of one namespace refer to an object of another? Only where a ReferenceGrant in the namespace of the
// target says so (Gateway API spec, ReferenceGrant; Istio: pilot/pkg/config/kube/gatewaycommon/references.go, 2026-08-22).

import type { Catalog } from './catalog.js';
import { objectsOf, specOf, stringOf } from './fields.js';

export interface CrossReference {
  /** `group/kind` and namespace of the object that refers. */
  readonly fromKind: string;
  readonly fromNamespace: string;
  /** `group/kind`, namespace and name of the object referred to. */
  readonly toKind: string;
  readonly toNamespace: string;
  readonly toName: string;
}

/** True inside one namespace; else where a grant covers it. */
export function isGranted(reference: CrossReference, catalog: Catalog): boolean {
  if (reference.fromNamespace === reference.toNamespace) return true;
  return catalog.ofKind('gateway.networking.k8s.io/ReferenceGrant').some((grant) => {
    if (grant.namespace !== reference.toNamespace) return false;
    const { from, to } = specOf(grant);
    const allows = objectsOf(from).some(
      (f) =>
        `${stringOf(f.group) ?? ''}/${stringOf(f.kind) ?? ''}` === reference.fromKind &&
        stringOf(f.namespace) === reference.fromNamespace,
    );
    return (
      allows &&
      objectsOf(to).some((t) => {
        if (`${stringOf(t.group) ?? ''}/${stringOf(t.kind) ?? ''}` !== reference.toKind) return false;
        const name = stringOf(t.name);
        return name === undefined || name === reference.toName;
      })
    );
  });
}
