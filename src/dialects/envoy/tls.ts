// The certificate that a listener shows: from the Secrets in the files, else a path where somebody has to put it.

import { own, type TlsContext } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, stringOf } from '../../resources/fields.js';
import { authorityCertificate } from './authority.js';

const VERSIONS = { '1.0': 'TLSv1_0', '1.1': 'TLSv1_1', '1.2': 'TLSv1_2', '1.3': 'TLSv1_3' } as const;

type Credential = TlsContext['credentials'][number];

/** envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext. */
export function tlsContext(
  tls: TlsContext,
  catalog: Catalog,
  fallback: Credential = { namespace: 'istio-system', name: 'default' },
): Record<string, unknown> {
  // Of several Envoy shows the one whose names fit the SNI, else the first.
  const credentials = [
    ...(tls.credentials.length > 0 ? tls.credentials : [fallback]),
    ...(tls.certificates ?? []).map((c) => c.credential),
  ];
  const params = {
    ...(tls.minVersion ? { tls_minimum_protocol_version: VERSIONS[tls.minVersion] } : {}),
    ...(tls.maxVersion ? { tls_maximum_protocol_version: VERSIONS[tls.maxVersion] } : {}),
    ...(tls.cipherSuites?.length ? { cipher_suites: [...tls.cipherSuites] } : {}),
  };
  return {
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificates: credentials.map((c) => certificate(c, catalog)),
      ...(tls.clients ? { validation_context: validation(tls.clients, catalog) } : {}),
      ...(Object.keys(params).length > 0 ? { tls_params: params } : {}),
    },
    ...(tls.mode === 'mutual' || tls.mode === 'istio-mutual' ? { require_client_certificate: true } : {}),
  };
}

/** `unchecked`: any certificate will do, as Istio has it for AllowInsecureFallback (ApplyCredentialSDSToServerCommonTLSContext). */
const validation = ({ authority, unchecked }: NonNullable<TlsContext['clients']>, catalog: Catalog) => ({
  trusted_ca: authorityCertificate(authority, catalog),
  ...(unchecked ? { trust_chain_verification: 'ACCEPT_UNTRUSTED' } : {}),
});

export function certificate(
  c: { readonly namespace: string; readonly name: string },
  catalog: Catalog,
): Record<string, unknown> {
  const data = objectOf(catalog.find('/Secret', c.namespace, c.name)?.object.data);
  const decode = (key: string) => {
    const encoded = stringOf(own(data, key));
    return encoded ? { inline_string: Buffer.from(encoded, 'base64').toString('utf8') } : undefined;
  };
  const [chain, key] = [decode('tls.crt'), decode('tls.key')];
  if (chain && key) return { certificate_chain: chain, private_key: key };
  return {
    certificate_chain: { filename: `/etc/meshgw/certs/${c.namespace}/${c.name}/tls.crt` },
    private_key: { filename: `/etc/meshgw/certs/${c.namespace}/${c.name}/tls.key` },
  };
}
