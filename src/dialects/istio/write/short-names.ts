// Hosts of one label (`intranet`). Istio completes such a name in a VirtualService to that of a Service, and takes none in a Gateway
// (ResolveShortnameToFQDN in pilot/pkg/model/config.go, ValidateGateway in pkg/config/validation, 2026-08). Their routes stand among
// those for every host, in front, and test the authority.

import {
  type DomainPattern,
  type EffectiveGateway,
  type HttpChain,
  hostText,
  isNotFound,
  mapChains,
  type Route,
  showsOwnCertificate,
  type VirtualHost,
} from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { Report } from './report.js';
import { isHost, isLabel, type ServerUnit } from './units.js';

/**
 * A server for a host of one label is one for all names: its certificate takes the place of the controller's own, which no client trusts
 * either, so that no other host is left out on https.
 */
export const withWideCertificate = (gateway: EffectiveGateway): EffectiveGateway =>
  mapChains(gateway, (chain) => {
    const { tls } = chain;
    const wide = showsOwnCertificate(chain) && tls?.certificates?.find((c) => c.hosts.some(isShort));
    if (!wide || !tls) return chain;
    const { ownCertificate: _, ...rest } = tls;
    return { ...chain, tls: { ...rest, credentials: [wide.credential] } };
  });

const isShort = (d: DomainPattern): boolean => isLabel(hostText(d));
const isEvery = ({ domains }: VirtualHost): boolean => domains.some((d) => d.kind === 'any');

/**
 * The same hosts, those of one label as rules of the host for all names, where one of `units` serves that. `plain`: the hosts before a
 * wildcard of one label was made of conditions, which no short name meets.
 */
export function withShortNames(
  hosts: readonly VirtualHost[],
  plain: readonly VirtualHost[],
  units: readonly ServerUnit[],
  report: Report,
): readonly VirtualHost[] {
  if (!hosts.some((v) => v.domains.some(isShort)) || !units.some((u) => u.hosts.includes('*'))) return hosts;
  const every = hosts.find(isEvery);
  const isFollowed = every?.routes.some((r) => !isNotFound(r)) ?? false;
  const front: Route[] = [];
  const others: VirtualHost[] = [];
  for (const [i, host] of hosts.entries()) {
    const { routes } = plain[i]!;
    const domains = host.domains.filter((d) => !isShort(d));
    if (domains.length > 0) others.push({ ...host, domains });
    const short = host.domains.filter(isShort);
    const last = routes.at(-1);
    const isNeedless = !isFollowed && last !== undefined && isPlainNotFound(last);
    if (short.length > 0 && isNeedless) report.needless(last);
    for (const domain of short)
      for (const route of isNeedless ? routes.slice(0, -1) : routes) front.push(forAuthority(route, hostText(domain)));
  }
  if (!every) return [...others, { name: '*', domains: [{ kind: 'any' }], routes: front }];
  return others.map((v) => (isEvery(v) ? { ...v, routes: [...front, ...v.routes] } : v));
}

/** What is answered anyway where no rule follows. */
const isPlainNotFound = (route: Route): boolean =>
  isNotFound(route) &&
  !route.responseHeaders &&
  !route.conditions?.length &&
  route.action.kind === 'direct-response' &&
  (!route.action.body || route.action.defaultBackend === true);

function forAuthority(route: Route, host: string): Route {
  const only = { name: ':authority', value: { kind: 'regex', pattern: `(?i)${quoteRegex(host)}(:[0-9]+)?` } } as const;
  return { ...route, match: { ...route.match, headers: [...route.match.headers, only] } };
}

/** A server for all names has one certificate: hosts of one label that have another get that one. */
export function noteShortCertificates({ tls }: HttpChain, units: readonly ServerUnit[], report: Report): void {
  const wide = units.find((u) => u.tls && u.hosts.includes('*'))?.tls?.credentialName;
  for (const { credential, hosts, origin } of tls?.certificates ?? []) {
    if (!origin || credential.name === wide) continue;
    for (const host of hosts.map(hostText))
      if (!isHost(host) && isLabel(host))
        report.add(
          'host',
          `Istio has no server for the host ${host}: it is answered with the certificate ${wide}`,
          origin,
        );
  }
}
