// What a Secret of the files holds of a certificate: one that is not a pair of PEM that belong together is as good as none
// (buildSecretReference in pilot/pkg/config/kube/gateway/conversion.go, which asks Go's tls.X509KeyPair, 2026-08-27).

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { JsonObject, Resource } from '../../../model/index.js';
import { hasContents, isOutline, leavesOut } from '../../../resources/secrets.js';
import { objectAt, stringAt } from '../fields.js';

/** Why the certificate and the key cannot be used together; undefined: they can, or the file leaves out the content of the Secret. */
export function malformedPair(secret: Resource): string | undefined {
  if (!hasContents(secret) && !isOutline(secret)) return undefined;
  const { object } = secret;
  const certificate = textOf(object, 'tls.crt', 'cert');
  const key = textOf(object, 'tls.key', 'key');
  if (certificate === undefined) return 'it has no tls.crt';
  if (key === undefined && !leavesOut(secret, 'tls.key') && !leavesOut(secret, 'key')) return 'it has no tls.key';
  const parsed = readable(() => new X509Certificate(certificate));
  if (parsed === undefined) return 'tls.crt is not a certificate in PEM';
  if (key === undefined) return undefined;
  const privateKey = readable(() => createPrivateKey(key));
  if (privateKey === undefined) return 'tls.key is not a private key in PEM';
  return readable(() => parsed.checkPrivateKey(privateKey)) ? undefined : 'tls.key is not the key of tls.crt';
}

/** Whether a ConfigMap or a Secret has a certificate of an authority, or the file leaves out its content. */
export function hasAuthority(resource: Resource): boolean {
  const { object, kind } = resource;
  if (kind === 'Secret' && !hasContents(resource) && !isOutline(resource)) return true;
  const text = kind === 'Secret' ? textOf(object, 'ca.crt', 'cacert') : stringAt(objectAt(object, 'data'), 'ca.crt');
  return text !== undefined && readable(() => new X509Certificate(text)) !== undefined;
}

function textOf(object: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const plain = stringAt(objectAt(object, 'stringData'), name);
    const encoded = stringAt(objectAt(object, 'data'), name);
    const found = plain ?? (encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1'));
    if (found) return found;
  }
  return undefined;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
