// Where a resource of Kuma holds what it says: below `spec` in Kubernetes, at the top outside of it (but for the newer kinds, which
// have `spec` everywhere).

import { type FieldPath, isObject, type Json, type JsonObject, own, type Resource } from '../../model/index.js';

export interface Body {
  readonly value: JsonObject;
  readonly path: FieldPath;
}

export function bodyOf({ object }: Resource): Body {
  if (isObject(object.spec)) return { value: object.spec, path: ['spec'] };
  // In Kubernetes nothing else than `spec` is kept.
  return object.apiVersion === undefined ? { value: object, path: [] } : { value: {}, path: ['spec'] };
}

/** Keys of a resource outside of Kubernetes that say which it is, and no settings. */
const NAMES: ReadonlySet<string> = new Set(['type', 'mesh', 'name', 'labels', 'creationTime', 'modificationTime']);

/** Keys at the top that settings stand below. */
export const settingsOf = (resource: Resource): readonly string[] =>
  bodyOf(resource).path.length > 0 ? ['spec'] : Object.keys(resource.object).filter((key) => !NAMES.has(key));

/** Of the older kinds, messages of protobuf: both spellings of a field are taken. */
export const either = (value: JsonObject, camel: string, snake: string): Json | undefined =>
  own(value, camel) ?? own(value, snake);

/** The mesh that a resource belongs to (a key of its own, or a label). */
export const meshOf = ({ object, labels }: Resource): string =>
  typeof object.mesh === 'string' ? object.mesh : (labels['kuma.io/mesh'] ?? 'default');
