// Whether clients show a certificate: `spec.tls.frontend` of the Gateway, for the port or by default, or Istio's option of the
// listener, which goes before it (buildTLS and resolveGatewayTLS in pilot/pkg/config/kube/gateway/conversion.go,
// 2026-08-27). Where the CA cannot be used the listener takes no connection (buildListener says that it is not valid, and only valid
// ones are programmed).

import { type Json, type Origin, originOf, type Resource, type TlsContext } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at } from '../../../resources/fields.js';
import { isSecretMissing } from '../../../resources/made-elsewhere.js';
import { isGranted } from '../../../resources/reference-grant.js';
import { listAt, numberAt, objectAt, stringAt } from '../fields.js';
import { CONFIG_MAP, GATEWAY, referencedKind, SECRET, shortKind } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import { hasAuthority } from './key-pair.js';

export type ClientCertificates = Pick<TlsContext, 'mode' | 'clients'> & { readonly error?: ConfigError };

/** `option`: Istio's `gateway.istio.io/tls-terminate-mode` of the listener. */
export function clientCertificates(
  gateway: Resource,
  listener: Json,
  option: string | undefined,
  catalog: Catalog,
): ClientCertificates {
  const wanted = option === 'MUTUAL' ? 'mutual' : option === 'OPTIONAL_MUTUAL' ? 'optional-mutual' : undefined;
  const { validation, origin } = validationOf(gateway, listener);
  const references = listAt(validation, 'caCertificateRefs');
  const [reference] = references;
  if (reference === undefined) return { mode: wanted ?? 'simple' };
  const error = (reason: ConfigError['reason'], message: string, open?: true): ClientCertificates => ({
    mode: wanted ?? 'simple',
    error: { reason, message, origin: at(origin, 'caCertificateRefs', 0), ...(open && { open }) },
  });
  if (references.length > 1) return error('InvalidCACertificateRef', 'only one caCertificateRef is supported');
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace') ?? gateway.namespace;
  const kind = referencedKind(reference, CONFIG_MAP);
  const toKind = kind === SECRET ? SECRET : CONFIG_MAP;
  const cross = { fromKind: GATEWAY, fromNamespace: gateway.namespace, toNamespace: namespace, toName: name };
  if (!isGranted({ ...cross, toKind }, catalog)) {
    return error(
      'RefNotPermitted',
      `no ReferenceGrant in namespace ${namespace} lets Gateways of ${gateway.namespace} use ${shortKind(toKind)} ${name}`,
      true,
    );
  }
  if (kind !== toKind)
    return error('InvalidCACertificateKind', `a CA is a ConfigMap or a Secret, not a ${shortKind(kind)}`);
  const found = catalog.find(kind, namespace, name);
  const isOneOfAll = catalog.ofKind(kind).some((r) => r.namespace === namespace);
  if (kind === SECRET ? isSecretMissing(catalog, namespace, name) : found === undefined && isOneOfAll)
    return error('InvalidCACertificateRef', `${shortKind(kind)} ${namespace}/${name} not found`, true);
  if (found !== undefined && !hasAuthority(found))
    return error('InvalidCACertificateRef', `${shortKind(kind)} ${namespace}/${name} has no certificate under ca.crt`);
  const insecure = wanted === undefined && stringAt(validation, 'mode') === 'AllowInsecureFallback';
  const authority = { kind: kind === SECRET ? 'Secret' : 'ConfigMap', namespace, name } as const;
  return {
    mode: wanted ?? (insecure ? 'optional-mutual' : 'mutual'),
    clients: { authority, ...(insecure ? { unchecked: true } : {}), origin },
  };
}

/** Where a Gateway lets clients in without a valid certificate (GatewayConditionInsecureFrontendValidationMode); undefined: nowhere. */
export function insecureFallback(gateway: Resource): Origin | undefined {
  const { frontend, origin } = frontendOf(gateway);
  const isInsecure = (tls: Json | undefined) =>
    stringAt(objectAt(tls, 'validation'), 'mode') === 'AllowInsecureFallback';
  if (isInsecure(objectAt(frontend, 'default'))) return at(origin, 'default', 'validation', 'mode');
  const index = listAt(frontend, 'perPort').findIndex((p) => isInsecure(objectAt(p, 'tls')));
  return index < 0 ? undefined : at(origin, 'perPort', index, 'tls', 'validation', 'mode');
}

const frontendOf = (gateway: Resource) => ({
  frontend: objectAt(objectAt(objectAt(gateway.object, 'spec'), 'tls'), 'frontend'),
  origin: originOf(gateway, 'spec', 'tls', 'frontend'),
});

function validationOf(gateway: Resource, listener: Json) {
  const { frontend, origin } = frontendOf(gateway);
  const perPort = listAt(frontend, 'perPort');
  const index = perPort.findIndex((p) => numberAt(p, 'port') === numberAt(listener, 'port'));
  return index < 0
    ? { validation: objectAt(objectAt(frontend, 'default'), 'validation'), origin: at(origin, 'default', 'validation') }
    : {
        validation: objectAt(objectAt(perPort[index], 'tls'), 'validation'),
        origin: at(origin, 'perPort', index, 'tls', 'validation'),
      };
}
