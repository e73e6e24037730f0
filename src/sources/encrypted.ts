// Files that SOPS has encrypted: `sops` beside the fields of the object, with the keys and a checksum, and `ENC[…]` in place of values.
// Flux, Argo CD and helm-secrets decrypt them before they are applied. What is in them is not known, and nothing of it is wrong.

import { isObject, type JsonObject, own } from '../model/index.js';

/** Whether SOPS has encrypted the document: https://getsops.io/docs/ (each file has the checksum `mac`, whatever its keys). */
const isEncrypted = (object: JsonObject): boolean => {
  const sops = own(object, 'sops');
  return isObject(sops) && typeof own(sops, 'mac') === 'string';
};

/** What the API server gets of it, as far as it can be read: without `sops`, and of a Secret without its values. */
export function readableOf(object: JsonObject): JsonObject {
  if (!isEncrypted(object)) return object;
  const { sops: _, ...readable } = object;
  if (object.kind !== 'Secret') return readable;
  const { data: _data, stringData: _texts, ...outline } = readable;
  return outline;
}
