// TLS to a destination as its policy asks for: the name that is sent, who has to sign, and which names the certificate has to have.

import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { DestinationTls } from '../model/index.js';

export interface UpstreamTls {
  readonly name: string;
  readonly alternatives?: readonly string[];
  /** PEM; absent: the authorities of the system. Empty: one that the files do not hold, whom nothing is signed by. */
  readonly ca?: string;
  /** PEM: the gateway's own certificate, for destinations that ask for one. */
  readonly own?: { readonly cert: string; readonly key: string };
}

/** What the configuration that is served holds for it. */
export interface Trust {
  /** PEM by `namespace/name` of a ConfigMap. */
  readonly authorities: ReadonlyMap<string, string>;
  /** By `namespace/name`. */
  readonly secrets: ReadonlyMap<string, { readonly certificate: string; readonly key: string }>;
}

export function upstreamTls(tls: DestinationTls | undefined, { authorities, secrets }: Trust): UpstreamTls | undefined {
  if (tls === undefined) return undefined;
  const { name, alternatives, authority } = tls;
  const own = tls.own && secrets.get(`${tls.own.namespace}/${tls.own.name}`);
  return {
    name,
    ...(alternatives && { alternatives }),
    ...(authority && { ca: authorities.get(`${authority.namespace}/${authority.name}`) ?? '' }),
    ...(own && { own: { cert: own.certificate, key: own.key } }),
  };
}

/** `authority`: the host of the request, which is sent as the name where no policy has one. */
export function tlsOptions(
  { tls, verify }: { readonly tls?: UpstreamTls; readonly verify: boolean },
  authority: string,
): ConnectionOptions {
  const host = authority.replace(/:\d*$/, '');
  if (tls === undefined) return { rejectUnauthorized: verify, servername: host };
  const { name, alternatives, ca, own } = tls;
  return {
    ...own,
    rejectUnauthorized: verify,
    servername: name,
    ...(ca === undefined ? {} : { ca }),
    ...(alternatives && {
      checkServerIdentity: (_: string, certificate: PeerCertificate) => mismatch(alternatives, certificate),
    }),
  };
}

/** One of the names is enough: a URI as it stands, a host as certificates name hosts. */
function mismatch(alternatives: readonly string[], certificate: PeerCertificate): Error | undefined {
  const uris = (certificate.subjectaltname ?? '').split(', ').map((entry) => entry.replace(/^URI:/, ''));
  const named = alternatives.some((name) =>
    name.includes(':') ? uris.includes(name) : checkServerIdentity(name, certificate) === undefined,
  );
  return named
    ? undefined
    : new Error(`the certificate of the destination has none of the names ${alternatives.join(', ')}`);
}
