// The certificate of who signs, as envoy.config.core.v3.DataSource.

import { own, type TlsContext } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, stringOf } from '../../resources/fields.js';

type Authority = NonNullable<TlsContext['clients']>['authority'];

/** From the ConfigMap or Secret in the files, else a path where somebody has to put it. */
export function authorityCertificate(authority: Authority, catalog: Catalog): Record<string, unknown> {
  const { namespace, name } = authority;
  const text = textOf(authority, catalog);
  return text ? { inline_string: text } : { filename: `/etc/meshgw/certs/${namespace}/${name}/ca.crt` };
}

/** Of Secrets `NAME-cacert` goes first, and `cacert` in it (GetCaCert and ExtractRoot in pilot/pkg/credentials/kube/secrets.go, 2026-08-27). */
function textOf({ kind, namespace, name }: Authority, catalog: Catalog): string | undefined {
  if (kind === 'ConfigMap')
    return stringOf(own(objectOf(catalog.find('/ConfigMap', namespace, name)?.object.data), 'ca.crt'));
  const found = catalog.find('/Secret', namespace, `${name}-cacert`) ?? catalog.find('/Secret', namespace, name);
  const object = found?.object;
  const data = objectOf(object?.data);
  const plain = objectOf(object?.stringData);
  for (const key of ['cacert', 'ca.crt']) {
    const encoded = stringOf(own(data, key));
    const text = stringOf(own(plain, key)) ?? (encoded && Buffer.from(encoded, 'base64').toString('utf8'));
    if (text) return text;
  }
  return undefined;
}
