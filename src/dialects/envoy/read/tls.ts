// The certificate that a filter chain shows and asks for (envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext).

import { type TlsContext, table } from '../../../model/index.js';
import { at, field, list, type Node, originAt } from './node.js';
import { enumeration, flag, text, texts } from './values.js';

type Credential = TlsContext['credentials'][number];

const VERSIONS = table<NonNullable<TlsContext['minVersion']>>({
  TLSv1_0: '1.0',
  TLSv1_1: '1.1',
  TLSv1_2: '1.2',
  TLSv1_3: '1.3',
});
const NAMES = ['TLS_AUTO', 'TLSv1_0', 'TLSv1_1', 'TLSv1_2', 'TLSv1_3'];

export function tlsContextOf(context: Node): TlsContext {
  const common = field(context, 'common_tls_context');
  const params = field(common, 'tls_params');
  const version = (name: string) => VERSIONS.get(enumeration(params, name, NAMES) ?? '');
  const [minVersion, maxVersion] = [version('tls_minimum_protocol_version'), version('tls_maximum_protocol_version')];
  const cipherSuites = texts(params, 'cipher_suites');
  const required = flag(context, 'require_client_certificate') ?? false;
  const clients = clientsOf(common);
  return {
    mode: required ? 'mutual' : clients ? 'optional-mutual' : 'simple',
    credentials: list(common, 'tls_certificate_sds_secret_configs').flatMap((sds) => credentialOf(text(sds, 'name'))),
    ...(clients && clients !== 'beside' ? { clients } : {}),
    ...(minVersion ? { minVersion } : {}),
    ...(maxVersion ? { maxVersion } : {}),
    ...(cipherSuites.length > 0 ? { cipherSuites } : {}),
    origin: originAt(context),
  };
}

/** Istio's names of secrets: `kubernetes://NAME`, `kubernetes-gateway://NAMESPACE/NAME` (pilot/pkg/model/credentials/resource.go). */
const SECRET = /^(?:kubernetes|kubernetes-gateway|secret):\/\/(?:([^/]+)\/)?(.+)$/;
/** Istio's gateways stand here; the name of a secret beside them does not say it. */
const ROOT = 'istio-system';

export function credentialOf(name: string | undefined): Credential[] {
  const [, namespace = ROOT, own] = SECRET.exec(name ?? '') ?? [];
  return own === undefined ? [] : [{ namespace, name: own }];
}

function clientsOf(common: Node | undefined): NonNullable<TlsContext['clients']> | 'beside' | undefined {
  const combined = field(common, 'combined_validation_context');
  const validation = field(common, 'validation_context') ?? field(combined, 'default_validation_context');
  const sds = text(
    field(common, 'validation_context_sds_secret_config') ?? at(combined, 'validation_context_sds_secret_config'),
    'name',
  );
  const unchecked =
    enumeration(validation, 'trust_chain_verification', ['VERIFY_TRUST_CHAIN', 'ACCEPT_UNTRUSTED']) ===
    'ACCEPT_UNTRUSTED';
  const [credential] = credentialOf(sds?.replace(/-cacert$/, ''));
  if (credential) return { authority: { kind: 'Secret', ...credential }, ...(unchecked ? { unchecked: true } : {}) };
  const trusts = field(validation, 'trusted_ca') !== undefined || sds !== undefined;
  if (unchecked) return { authority: { kind: 'Secret', namespace: ROOT, name: 'unknown' }, unchecked: true };
  return trusts ? 'beside' : undefined;
}
