// Where a resource of Kuma holds what it says: below `spec` in Kubernetes, at the top outside of it (but for the newer kinds, which
// have `spec` everywhere).

import { type FieldPath, isObject, type JsonObject, type Resource } from '../../model/index.js';

export interface Body {
  readonly value: JsonObject;
  readonly path: FieldPath;
}

export function bodyOf({ object }: Resource): Body {
  return isObject(object.spec) ? { value: object.spec, path: ['spec'] } : { value: object, path: [] };
}

/** The mesh that a resource belongs to (a key of its own, or a label). */
export const meshOf = ({ object, labels }: Resource): string =>
  typeof object.mesh === 'string' ? object.mesh : (labels['kuma.io/mesh'] ?? 'default');
