// What of a Secret the input holds. Read out of a cluster, only certificates are there (`--context` without `--with-secrets`): keys and
// everything else are left out, which does not make them missing.

import { type JsonObject, own, type Resource } from '../model/index.js';
import { objectOf, stringMapOf } from './fields.js';

/** Annotation of a Secret that was read without its values: names of entries that are there and were left out, by commas. */
const LEFT_OUT = 'meshgw/left-out';

const leftOut = ({ object }: Resource): string | undefined =>
  own(stringMapOf(objectOf(object.metadata)?.annotations), LEFT_OUT);

/** All its certificates were read, and nothing else. */
export const isOutline = (secret: Resource): boolean => leftOut(secret) !== undefined;

/** Whether the input has everything that is in it. */
export const hasContents = (secret: Resource): boolean =>
  (secret.object.data !== undefined || secret.object.stringData !== undefined) && !isOutline(secret);

/** Whether it has an entry whose value was left out. */
export const leavesOut = (secret: Resource, name: string): boolean => (leftOut(secret) ?? '').split(',').includes(name);

/** A certificate whose key was left out serves nobody: only those of authorities stay. */
export function withoutHalfPairs(resource: Resource): Resource {
  if (resource.kind !== 'Secret' || !isOutline(resource)) return resource;
  const kept = Object.entries(objectOf(resource.object.data) ?? {}).filter(([name]) => AUTHORITIES.has(name));
  return { ...resource, object: { ...resource.object, data: Object.fromEntries(kept) } };
}

const AUTHORITIES = new Set(['ca.crt', 'cacert']);

/** A PEM text without anything that is no certificate. */
const certificatesIn = (pem: string): string =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).join('\n');

/** What is kept of a Secret of a cluster: its certificates (base64, as in `data`), and the names of its keys. */
interface SecretOutline {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly certificates: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
}

/** As an object of Kubernetes. */
export function outlinedSecret({ namespace, name, type, certificates, keys }: SecretOutline): JsonObject {
  const data = Object.entries(certificates).flatMap(([entry, encoded]) => {
    const kept = certificatesIn(Buffer.from(encoded, 'base64').toString('latin1'));
    return kept === '' ? [] : [[entry, Buffer.from(kept, 'latin1').toString('base64')] as const];
  });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, annotations: { [LEFT_OUT]: keys.join(',') } },
    type,
    ...(data.length > 0 ? { data: Object.fromEntries(data) } : {}),
  };
}
