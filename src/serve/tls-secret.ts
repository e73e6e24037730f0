// What a Secret of the files holds for TLS: `kubernetes.io/tls` (tls.crt, tls.key, ca.crt) and Istio's generic form
// (cert, key, cacert; istio pilot/pkg/credentials/kube/secrets.go).

import { type JsonObject, own, type Resource } from '../model/index.js';
import type { TlsSecret } from './certificates.js';

/** By `namespace/name`. Secrets without anything for TLS are left out; a CA alone has empty `certificate` and `key`. */
export function tlsSecrets(resources: readonly Resource[]): Map<string, TlsSecret> {
  const secrets = new Map<string, TlsSecret>();
  for (const resource of resources) {
    if (resource.kind !== 'Secret' || resource.group !== '') continue;
    const certificate = value(resource.object, 'tls.crt', 'cert');
    const key = value(resource.object, 'tls.key', 'key');
    const ca = value(resource.object, 'ca.crt', 'cacert');
    const broken = notText(resource.object);
    if (certificate === undefined && ca === undefined && broken === undefined) continue;
    secrets.set(`${resource.namespace}/${resource.name}`, {
      certificate: certificate ?? '',
      key: key ?? '',
      ...(ca === undefined ? {} : { ca }),
      ...(broken === undefined ? {} : { broken }),
    });
  }
  return secrets;
}

/** Certificates of authorities that ConfigMaps hold (`ca.crt`), PEM, by `namespace/name`. */
export function authoritiesOf(resources: readonly Resource[]): Map<string, string> {
  const authorities = new Map<string, string>();
  for (const { kind, group, namespace, name, object } of resources) {
    const ca = kind === 'ConfigMap' && group === '' ? member(object.data, 'ca.crt') : undefined;
    if (ca) authorities.set(`${namespace}/${name}`, ca);
  }
  return authorities;
}

const NAMES = ['tls.crt', 'cert', 'tls.key', 'key', 'ca.crt', 'cacert'];

/** The API server would refuse such a Secret. */
function notText({ data, stringData }: JsonObject): string | undefined {
  for (const map of [data, stringData]) {
    if (typeof map !== 'object' || map === null) continue;
    for (const [name, found] of Object.entries(map))
      if (NAMES.includes(name) && found !== null && typeof found !== 'string') return `${name} is not text`;
  }
  return undefined;
}

function value(object: JsonObject, ...names: string[]): string | undefined {
  for (const name of names) {
    const plain = member(object.stringData, name);
    if (plain !== undefined) return plain;
    const encoded = member(object.data, name);
    if (encoded !== undefined && encoded !== '') return Buffer.from(encoded, 'base64').toString('utf8');
  }
  return undefined;
}

function member(map: unknown, name: string): string | undefined {
  if (typeof map !== 'object' || map === null) return undefined;
  const found = own(map as Record<string, unknown>, name);
  return typeof found === 'string' ? found : undefined;
}
