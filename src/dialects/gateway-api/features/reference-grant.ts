// May an object of one namespace refer to an object of another? Only where a ReferenceGrant in the namespace of the
// target says so (Gateway API spec, ReferenceGrant; Istio: pilot/pkg/config/kube/gatewaycommon/references.go, 2026-08-22).

import type { Catalog } from '../../../resources/catalog.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import { REFERENCE_GRANT } from '../kinds.js';

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
  return catalog.ofKind(REFERENCE_GRANT).some((grant) => {
    if (grant.namespace !== reference.toNamespace) return false;
    const spec = objectAt(grant.object, 'spec');
    const from = listAt(spec, 'from').some(
      (f) =>
        `${stringAt(f, 'group') ?? ''}/${stringAt(f, 'kind') ?? ''}` === reference.fromKind &&
        stringAt(f, 'namespace') === reference.fromNamespace,
    );
    return (
      from &&
      listAt(spec, 'to').some((to) => {
        if (`${stringAt(to, 'group') ?? ''}/${stringAt(to, 'kind') ?? ''}` !== reference.toKind) return false;
        const name = stringAt(to, 'name');
        return name === undefined || name === reference.toName;
      })
    );
  });
}
