// Names that connections with TLS are told apart by: Hosts of HTTPS routers (AddHTTPTLSConfig and SetHTTPSForwarder in
// pkg/server/router/tcp/router.go). A router without a Host, or with the Host `*`, gets what no other name takes.

import { type DomainPattern, hostText } from '../../model/index.js';
import type { SecureHost } from './entry.js';
import type { Findings } from './http.js';
import { DEFAULT_OPTIONS } from './tls-options.js';

interface Names {
  readonly https: ReadonlyMap<string, SecureHost>;
  readonly catchAll?: Pick<SecureHost, 'options'>;
}

/** @param hosts of one entry point, `isHostless`: a router with TLS names none there. */
export function namesOf(hosts: readonly SecureHost[], isHostless: boolean, port: number, found: Findings): Names {
  const https = new Map(hosts.filter((h) => h.host !== '*').map((h) => [h.host.replace(/\.$/, ''), h]));
  const star = hosts.findLast((h) => h.host === '*');
  if (star && isHostless && star.options !== DEFAULT_OPTIONS) {
    const why = 'Host(`*`) and a router without a Host get the same connections';
    tellTie(star, DEFAULT_OPTIONS, { why, whose: 'those connections', port }, found);
  }
  if (star) return { https, catchAll: star };
  return isHostless ? { https, catchAll: { options: DEFAULT_OPTIONS } } : { https };
}

/**
 * The HTTPS router whose Host takes the name; none: there is no such. The longer rule counts (HostSNI(`…`) with the host in it); where two
 * are of one length and their options differ, both, as chance decides.
 */
export function hostsTaking(domain: DomainPattern, https: Names['https']): readonly SecureHost[] {
  if (domain.kind === 'any') return [];
  const own = hostText(domain);
  const exact = https.get(own);
  if (domain.kind !== 'exact') return exact ? [exact] : [];
  const star = `*${domain.value.slice(Math.max(domain.value.indexOf('.'), 0))}`;
  const wildcard = https.get(star);
  if (!exact || !wildcard) return [exact ?? wildcard].filter((h) => h !== undefined);
  return own.length === star.length && exact.options !== wildcard.options ? [exact, wildcard] : [exact];
}

/** Of two hosts that take connections to the first. */
export const tellLengths = (exact: SecureHost, rival: SecureHost, port: number, found: Findings): void =>
  tellTie(
    exact,
    rival.options,
    { why: `the names ${exact.host} and ${rival.host} are of one length`, whose: `connections to ${exact.host}`, port },
    found,
  );

/** The TLS options of `named` or `options`, by chance. */
function tellTie(
  named: SecureHost,
  options: string | undefined,
  { why, whose, port }: { readonly why: string; readonly whose: string; readonly port: number },
  { unknown, verdicts }: Findings,
): void {
  const { host, origin } = named;
  const [a, b] = [named.options, options].map((name) => name ?? 'a TLSOption that is missing');
  const detail = `${why}, and chance decides at each reload whose TLS options ${whose} get: ${a} or ${b}`;
  const hosts = host === '*' ? {} : { hosts: [{ kind: 'exact' as const, value: host }] };
  unknown({ feature: 'traefik.tie', detail, effect: 'security', reach: { ports: [port], ...hosts }, origin });
  const witness = { port, scheme: 'https' as const, method: 'GET', host: host === '*' ? 'any.example.com' : host, path: '/' }; // biome-ignore format: one line
  verdicts.note('traefik-tie', origin, `${detail}; give both the same`, witness);
}
