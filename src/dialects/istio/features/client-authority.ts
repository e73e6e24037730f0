// Who signs the certificates of clients where a server names it: `caCertCredentialName`, a resource of SDS as pilot/pkg/model/credentials
// (resource.go, 2026-08-27) parses it. A name without a kind is a Secret beside the gateway's pods. `-cacert` at the end asks for the CA
// alone and is no part of the object's name where there is none of that name (GetCaCert and GetConfigMapCaCert in
// pilot/pkg/credentials/kube/secrets.go).

import type { JsonObject, TlsContext } from '../../../model/index.js';
import { stringOf } from '../../../resources/fields.js';

type Clients = NonNullable<TlsContext['clients']>;

const SUFFIX = '-cacert';
const RESOURCE = /^(?:(configmap|kubernetes|kubernetes-gateway):\/\/)?(?:([^/]+)\/)?([^/]+)$/;

/** A Secret that Istio looks for a key and a certificate in, not for who signs: its name has no `-cacert` at its end (SecretGen.generate in pilot/pkg/xds/sds.go). */
export function isKeyPair(settings: JsonObject): boolean {
  const [, kind, , name = ''] = RESOURCE.exec(stringOf(settings.caCertCredentialName) ?? '') ?? [];
  return name !== '' && kind !== 'configmap' && !name.endsWith(SUFFIX);
}

/** `namespace`: of the gateway's pods. Undefined: the server names nobody, or what Istio does not parse. */
export function clientsOf(settings: JsonObject, namespace: string): Clients | undefined {
  const unchecked = settings.insecureSkipVerify === true;
  const text = stringOf(settings.caCertCredentialName) ?? (unchecked ? stringOf(settings.credentialName) : undefined);
  const [, kind, own, name] = RESOURCE.exec(text ?? '') ?? [];
  if (name === undefined) return undefined;
  const authority = {
    kind: kind === 'configmap' ? 'ConfigMap' : 'Secret',
    namespace: own ?? namespace,
    name: name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name,
  } as const;
  return { authority, ...(unchecked ? { unchecked } : {}) };
}

/** As the fields of a server: a ConfigMap is read wherever it is, a Secret beside the gateway's pods. */
export const clientFields = ({ authority: { kind, namespace, name }, unchecked }: Clients) => ({
  // Who is not checked needs nobody who signs.
  ...(unchecked && name === ''
    ? {}
    : {
        caCertCredentialName: kind === 'ConfigMap' ? `configmap://${namespace}/${name}${SUFFIX}` : `${name}${SUFFIX}`,
      }),
  ...(unchecked ? { insecureSkipVerify: true } : {}),
});
