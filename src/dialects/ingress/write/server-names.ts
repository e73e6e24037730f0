// TLS of an Ingress is asked for by the names of its rules: which chain answers a host there, and with the certificate of which Secret.

import { type DomainPattern, type FilterChain, greatest, type HttpChain, type Listener } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';

const ANY: DomainPattern = { kind: 'any' };

/** Every name of `inner` is one of `outer`. */
function takes(outer: DomainPattern, inner: DomainPattern): boolean {
  if (outer.kind === 'any') return true;
  if (inner.kind === 'any') return false;
  return outer.value === inner.value
    ? outer.kind === inner.kind || outer.kind === 'suffix'
    : outer.kind !== 'exact' && inner.value.endsWith(outer.value);
}

const isSame = (a: DomainPattern, b: DomainPattern): boolean =>
  a.kind === b.kind && (a.kind === 'any' || (b.kind !== 'any' && a.value === b.value));

export function secretFor(
  domain: DomainPattern,
  { tls, match: { sni } }: HttpChain,
  options: WriteOptions,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!tls || (sni && !sni.some((s) => takes(s, domain)))) return undefined;
  const own = tls.certificates?.find((c) => c.hosts.some((h) => isSame(h, domain)));
  return own?.credential ?? tls.credentials[0] ?? options.defaultTlsSecret;
}

/** A client that asks in TLS for the name it wants comes to another chain, whose names are closer to it: the most specific one wins. */
export function isTakenByOther(domain: DomainPattern, chain: HttpChain, { filterChains }: Listener): boolean {
  const closest = ({ match }: FilterChain): number =>
    greatest(
      (match.sni ?? [ANY]).filter((s) => takes(s, domain)).map((s) => (s.kind === 'any' ? 0 : s.value.length)),
      -1,
    );
  const own = closest(chain);
  return (
    chain.tls !== undefined &&
    own >= 0 &&
    filterChains.some((c) => c.match.transport === 'tls' && !c.match.source && !c.match.destination && closest(c) > own)
  );
}
