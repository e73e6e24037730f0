// TLSOptions by their qualified names: buildTLSOptions in pkg/provider/kubernetes/crd/kubernetes.go.

import { type JsonObject, type Origin, originOf, type Resource, type TlsContext, table } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { booleanOf, objectOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { listed } from './api-server.js';
import { idOf } from './names.js';

export const DEFAULT_OPTIONS = 'default';

export interface TlsOption {
  readonly origin: Origin;
  readonly sniStrict: boolean;
  readonly context: Pick<TlsContext, 'mode' | 'minVersion' | 'maxVersion' | 'cipherSuites' | 'clients'>;
}

export interface TlsOptions {
  known(name: string): boolean;
  option(name: string): TlsOption | undefined;
}

const VERSIONS = table<NonNullable<TlsContext['minVersion']>>({
  VersionTLS10: '1.0',
  VersionTLS11: '1.1',
  VersionTLS12: '1.2',
  VersionTLS13: '1.3',
});

export function tlsOptions(catalog: Catalog): TlsOptions {
  const all = new Map<string, TlsOption>();
  const defaults: TlsOption[] = [];
  for (const resource of listed(catalog, 'TLSOption')) {
    const option = optionOf(resource);
    if (resource.name === DEFAULT_OPTIONS) defaults.push(option);
    else all.set(`${idOf(resource.namespace, resource.name)}@kubernetescrd`, option);
  }
  const [only] = defaults;
  if (only && defaults.length === 1) all.set(DEFAULT_OPTIONS, only);
  return {
    known: (name) => (name === DEFAULT_OPTIONS ? defaults.length < 2 : all.has(name)),
    option: (name) => all.get(name),
  };
}

function optionOf(resource: Resource): TlsOption {
  const spec = specOf(resource);
  const min = VERSIONS.get(stringOf(spec.minVersion) ?? '');
  const max = VERSIONS.get(stringOf(spec.maxVersion) ?? '');
  const suites = stringsOf(spec.cipherSuites);
  return {
    origin: originOf(resource, 'spec'),
    sniStrict: booleanOf(spec.sniStrict) === true,
    context: {
      ...clientsOf(objectOf(spec.clientAuth) ?? {}, resource.namespace),
      ...(min ? { minVersion: min } : {}),
      ...(max ? { maxVersion: max } : {}),
      ...(suites.length > 0 ? { cipherSuites: suites } : {}),
    },
  };
}

function clientsOf(clientAuth: JsonObject, namespace: string): Pick<TlsContext, 'mode' | 'clients'> {
  const type = stringOf(clientAuth.clientAuthType) ?? '';
  const mode = MODES.get(type);
  if (!mode) return { mode: 'simple' };
  const [name = ''] = stringsOf(clientAuth.secretNames);
  const authority = { kind: 'Secret' as const, namespace, name };
  return { mode, clients: { authority, ...(UNCHECKED.has(type) ? { unchecked: true } : {}) } };
}

/** Any certificate will do. */
const UNCHECKED = new Set(['RequestClientCert', 'RequireAnyClientCert']);

const MODES = table<TlsContext['mode']>({
  RequestClientCert: 'optional-mutual',
  RequireAnyClientCert: 'mutual',
  VerifyClientCertIfGiven: 'optional-mutual',
  RequireAndVerifyClientCert: 'mutual',
});
