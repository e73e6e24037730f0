// How a server terminates TLS: BuildListenerTLSContext in pilot/pkg/networking/core/listener.go.

import type { TlsContext } from '../../../model/index.js';
import { stringOf, stringsOf } from '../../../resources/fields.js';
import type { Server } from '../config.js';
import { clientsOf } from './client-authority.js';

const MODES: ReadonlyMap<string, TlsContext['mode']> = new Map([
  ['SIMPLE', 'simple'],
  ['MUTUAL', 'mutual'],
  ['OPTIONAL_MUTUAL', 'optional-mutual'],
  ['ISTIO_MUTUAL', 'istio-mutual'],
]);

const VERSIONS: ReadonlyMap<string, NonNullable<TlsContext['minVersion']>> = new Map([
  ['TLSV1_0', '1.0'],
  ['TLSV1_1', '1.1'],
  ['TLSV1_2', '1.2'],
  ['TLSV1_3', '1.3'],
]);

/** Secrets are looked for in the namespace of the workload, wherever the Gateway object is. */
export function tlsContext({ tls }: Server, namespace: string): TlsContext | undefined {
  const mode = tls && MODES.get(tls.mode);
  if (!tls || !mode) return undefined;
  const { settings } = tls;
  const several = stringsOf(settings.credentialNames);
  const names = several.length > 0 ? several : [stringOf(settings.credentialName) ?? ''].filter((n) => n !== '');
  const minVersion = VERSIONS.get(stringOf(settings.minProtocolVersion) ?? '');
  const maxVersion = VERSIONS.get(stringOf(settings.maxProtocolVersion) ?? '');
  const cipherSuites = stringsOf(settings.cipherSuites);
  // ISTIO_MUTUAL uses the mesh's own certificates and settings.
  const meshOwn = mode === 'istio-mutual';
  const clients = mode === 'mutual' || mode === 'optional-mutual' ? clientsOf(settings, namespace) : undefined;
  return {
    mode,
    credentials: meshOwn ? [] : names.map((name) => ({ namespace, name })),
    ...(clients && { clients }),
    ...(minVersion && !meshOwn ? { minVersion } : {}),
    ...(maxVersion && !meshOwn ? { maxVersion } : {}),
    ...(cipherSuites.length > 0 && !meshOwn ? { cipherSuites } : {}),
    origin: tls.origin,
  };
}
