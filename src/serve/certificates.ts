// Which certificate a TLS connection gets: the Secret's that the configuration names, else one made for the server name
// by a CA of this run.

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { CannotRunError } from '../diagnostics/index.js';
import type { DomainPattern, FilterChain, TlsContext } from '../model/index.js';

/** A key pair from a Secret, as PEM; `ca` of those that check clients. */
export interface TlsSecret {
  readonly certificate: string;
  readonly key: string;
  readonly ca?: string;
  /** Why it cannot be used: `tls.crt is not text`. */
  readonly broken?: string;
}

export interface ChosenContext {
  readonly secureContext: SecureContext;
  readonly requestCert: boolean;
  readonly requireCert: boolean;
  /** A certificate that a client shows has to be signed by the authority. */
  readonly checkCert: boolean;
}

export interface Certificates {
  contextFor(chain: FilterChain, sni: string | null): ChosenContext | Promise<ChosenContext>;
  /** PEM of the CA that signed what was made; undefined: nothing was made. */
  readonly ca: () => string | undefined;
}

/** Certificates are made for at most so many names; then all others share one. */
const MADE_LIMIT = 1_000;
const YEAR_MS = 365 * 24 * 3_600_000;
const FALLBACK_NAME = 'localhost';
const NAME =
  /^(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Makes and signs certificates; one for the life of a server, so that a reload keeps the CA. */
export interface Maker {
  certificateFor(name: string): Promise<TlsSecret>;
  readonly ca: () => string | undefined;
}

/** Makes a CA, valid for so many years. Default: one. */
export async function createAuthority({ years = 1 }: { readonly years?: number } = {}): Promise<Authority> {
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'meshgw local CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + years * YEAR_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key, cert };
}

/** A CA: PEM. */
export interface Authority {
  readonly key: string;
  readonly cert: string;
}

/** `given`: a CA that several processes share; absent: one is made when it is needed. */
export function createMaker(given?: Authority): Maker {
  let authority: Promise<Authority> | undefined = given && Promise.resolve(given);
  let pem: string | undefined;
  const made = new Map<string, Promise<TlsSecret>>();

  const make = async (name: string): Promise<TlsSecret> => {
    authority ??= createAuthority();
    const ca = await authority;
    pem = ca.cert;
    const { generate } = await import('selfsigned');
    const made = await generate([{ name: 'commonName', value: name.slice(0, 64) }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: name },
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    return { certificate: made.cert, key: made.private };
  };
  return {
    ca: () => pem,
    certificateFor(wanted) {
      const name = NAME.test(wanted) && (made.has(wanted) || made.size < MADE_LIMIT) ? wanted : FALLBACK_NAME;
      let certificate = made.get(name);
      if (certificate === undefined) {
        certificate = make(name);
        made.set(name, certificate);
      }
      return certificate;
    },
  };
}

/**
 * Reads every Secret that a chain names. Throws CannotRunError for one that is there and broken; for one that is not
 * there a certificate is made, because a laptop seldom has the cluster's keys.
 */
export function createCertificates(
  chains: readonly FilterChain[],
  { secrets, authorities }: KeyMaterial,
  maker: Maker,
): Certificates {
  const ready = new Map<string, ChosenContext>();
  const made = new Map<string, Promise<ChosenContext>>();
  const keyOf = (chain: FilterChain, ref: string) => `${chains.indexOf(chain)} ${ref}`;
  for (const chain of chains) {
    if (chain.tls === undefined) continue;
    const named = chain.tls.certificates?.map(({ credential }) => credential) ?? [];
    for (const { namespace, name } of [...chain.tls.credentials, ...named]) {
      const ref = `${namespace}/${name}`;
      const secret = secrets.get(ref);
      if (secret !== undefined)
        ready.set(
          keyOf(chain, ref),
          contextOf(chain.tls, secret, clientAuthority(chain.tls, { secrets, authorities }), ref),
        );
    }
  }
  const makeContext = async (tls: TlsContext, name: string) =>
    contextOf(tls, await maker.certificateFor(name), clientAuthority(tls, { secrets, authorities }), `for ${name}`);
  return {
    ca: maker.ca,
    contextFor(chain, sni) {
      const tls = chain.tls ?? { mode: 'simple', credentials: [] };
      for (const ref of credentialsFor(tls, sni)) {
        const known = ready.get(keyOf(chain, ref));
        if (known !== undefined) return known;
      }
      const name = sni ?? firstName(chain);
      const key = `${chains.indexOf(chain)} ${name}`;
      if (made.size >= MADE_LIMIT) return makeContext(tls, FALLBACK_NAME);
      let context = made.get(key);
      if (context === undefined) {
        context = makeContext(tls, name);
        made.set(key, context);
      }
      return context;
    },
  };
}

/** The Secrets to try for a server name, as `namespace/name`. */
function credentialsFor(tls: TlsContext, sni: string | null): string[] {
  const byName =
    sni === null ? undefined : tls.certificates?.find(({ hosts }) => hosts.some((host) => takes(host, sni)));
  const chosen = byName === undefined ? tls.credentials : [byName.credential, ...tls.credentials];
  return chosen.map(({ namespace, name }) => `${namespace}/${name}`);
}

function takes(domain: DomainPattern, name: string): boolean {
  if (domain.kind === 'any') return true;
  if (domain.kind === 'exact') return domain.value === name;
  if (!name.endsWith(domain.value) || name.length === domain.value.length) return false;
  return domain.kind === 'suffix' || !name.slice(0, -domain.value.length).includes('.');
}

function firstName(chain: FilterChain): string {
  const exact = chain.match.sni?.find((domain) => domain.kind === 'exact');
  return exact?.kind === 'exact' ? exact.value : FALLBACK_NAME;
}

/** What the files hold, by `namespace/name`: Secrets, and certificates of authorities in ConfigMaps. */
export interface KeyMaterial {
  readonly secrets: ReadonlyMap<string, TlsSecret>;
  readonly authorities: ReadonlyMap<string, string>;
}

/** Where clients are checked: what the context names; else `ca.crt` of the Secret, or of `<name>-cacert` (Istio: pilot/pkg/model/credentials, SdsCaSuffix). */
function clientAuthority(tls: TlsContext, { secrets, authorities }: KeyMaterial): string | undefined {
  if (tls.mode === 'simple') return undefined;
  if (tls.clients !== undefined) {
    const { kind, namespace, name } = tls.clients.authority;
    const key = `${namespace}/${name}`;
    return kind === 'ConfigMap' ? authorities.get(key) : (secrets.get(`${key}-cacert`)?.ca ?? secrets.get(key)?.ca);
  }
  for (const { namespace, name } of tls.credentials) {
    const ca = secrets.get(`${namespace}/${name}-cacert`)?.ca ?? secrets.get(`${namespace}/${name}`)?.ca;
    if (ca !== undefined) return ca;
  }
  return undefined;
}

function contextOf(tls: TlsContext, secret: TlsSecret, ca: string | undefined, name: string): ChosenContext {
  const version = (v: string | undefined) =>
    v === undefined ? undefined : (`TLSv${v === '1.0' ? '1' : v}` as 'TLSv1.2');
  const min = version(tls.minVersion);
  const max = version(tls.maxVersion);
  const ciphers = tls.cipherSuites?.filter((suite) => suite !== '').join(':');
  try {
    if (secret.broken !== undefined) throw new Error(secret.broken);
    const secureContext = createSecureContext({
      cert: secret.certificate,
      key: secret.key,
      ...(ca === undefined ? {} : { ca }),
      ...(min === undefined ? {} : { minVersion: min }),
      ...(max === undefined ? {} : { maxVersion: max }),
      ...(ciphers ? { ciphers } : {}),
    });
    new X509Certificate(secret.certificate);
    const asks = tls.mode !== 'simple';
    return {
      secureContext,
      requestCert: asks,
      requireCert: asks && tls.mode !== 'optional-mutual',
      checkCert: asks && !tls.clients?.unchecked,
    };
  } catch (error) {
    throw new CannotRunError(
      `the certificate of Secret ${name} cannot be used: ${(error as Error).message}`,
      'tls.crt and tls.key have to be PEM, belong together, and be base64 in `data` (or plain in `stringData`); without the Secret in the files a certificate is made',
      { cause: error },
    );
  }
}
