// Hosts that ask for a client certificate after the handshake (ingress-nginx answers 400 to those without one): for Envoy the question
// belongs into the handshake, so that these hosts get a filter chain of their own, chosen by the server name.

import {
  type Condition,
  type DomainPattern,
  type EffectiveGateway,
  type FilterChain,
  type HttpChain,
  hostText,
  type TlsContext,
  type VirtualHost,
} from '../model/index.js';
import type { Report } from './item-list.js';

type Asked = Condition & { readonly clients: NonNullable<Condition['clients']> };

export const isHandshake = (condition: Condition): condition is Asked => condition.clients !== undefined;

const askedAt = ({ routes }: VirtualHost): Asked | undefined =>
  routes.flatMap((route) => route.conditions ?? []).find(isHandshake);

/** The same gateway, with a chain for each host whose clients have to show a certificate. Domains that no server name can choose stay. */
export const withHandshakes = (gateway: EffectiveGateway): EffectiveGateway =>
  gateway.listeners.some((l) => l.filterChains.some(asks))
    ? { ...gateway, listeners: gateway.listeners.map((l) => ({ ...l, filterChains: l.filterChains.flatMap(split) })) }
    : gateway;

const asks = (chain: FilterChain): boolean =>
  chain.kind === 'http' && chain.tls !== undefined && chain.virtualHosts.some((host) => askedAt(host) !== undefined);

const isNamed = ({ domains }: VirtualHost): boolean => domains.length > 0 && domains.every((d) => d.kind !== 'any');

function split(chain: FilterChain): readonly FilterChain[] {
  if (chain.kind !== 'http' || !chain.tls || !asks(chain)) return [chain];
  const { tls } = chain;
  const asking = chain.virtualHosts.flatMap((host) => {
    const asked = askedAt(host);
    return asked && isNamed(host) ? [handshake(chain, tls, host, asked)] : [];
  });
  // The server name of a wildcard must not ask for them.
  const free = chain.virtualHosts
    .filter((host) => asking.some(({ virtualHosts: [wide] }) => wide && isFreeBelow(host, wide)))
    .map((host) => chainOf(chain, tls, host));
  const own = [...asking, ...free];
  const taken = own.flatMap(({ match }) => match.sni ?? []);
  const certificates = tls.certificates?.flatMap((c) => {
    const hosts = c.hosts.filter((d) => !isAmong(d, taken));
    return hosts.length > 0 ? [{ ...c, hosts }] : [];
  });
  const sni = chain.match.sni?.filter((d) => !isAmong(d, taken));
  const others = chain.virtualHosts.filter((host) => !own.some((o) => o.virtualHosts[0] === host));
  if (sni?.length === 0) return own;
  const { certificates: _, ...rest } = tls;
  const match = { ...chain.match, ...(sni ? { sni } : {}) };
  return [
    ...own,
    { ...chain, match, tls: { ...rest, ...(certificates?.length ? { certificates } : {}) }, virtualHosts: others },
  ];
}

/** Of one host, chosen by its names, with its certificate, that of a wildcard above it, or that of all others. */
function chainOf(chain: HttpChain, tls: TlsContext, host: VirtualHost): HttpChain & { readonly tls: TlsContext } {
  const certificate =
    tls.certificates?.find(({ hosts }) => host.domains.some((d) => isAmong(d, hosts))) ??
    tls.certificates?.find(({ hosts }) => host.domains.some((d) => isBelowOne(d, hosts)));
  const { certificates: _, ownCertificate, ...rest } = tls;
  return {
    ...chain,
    match: { ...chain.match, sni: host.domains },
    tls: {
      ...rest,
      ...(certificate ? { credentials: [certificate.credential] } : ownCertificate ? { ownCertificate } : {}),
      ...(certificate?.origin ? { origin: certificate.origin } : {}),
    },
    // Names of a wildcard that are hosts of their own stay these, and its deeper hosts go on to what answers for every host.
    virtualHosts: [host, ...chain.virtualHosts.filter((v) => v !== host && (!isNamed(v) || isFreeBelow(v, host)))],
  };
}

function handshake(chain: HttpChain, tls: TlsContext, host: VirtualHost, { clients }: Asked): HttpChain {
  const own = chainOf(chain, tls, host);
  const authority = { kind: 'Secret', ...clients.ca } as const;
  return { ...own, tls: { ...own.tls, mode: clients.optional ? 'optional-mutual' : 'mutual', clients: { authority } } };
}

/** A host that asks nobody, for names of the other's wildcard. */
const isFreeBelow = (host: VirtualHost, wide: VirtualHost): boolean =>
  isNamed(host) && !askedAt(host) && host.domains.some((d) => isBelowOne(d, wide.domains));

/** It is a name of one of these wildcards. */
const isBelowOne = (domain: DomainPattern, list: readonly DomainPattern[]): boolean =>
  list.some(
    (d) =>
      hostText(d).startsWith('*.') &&
      hostText(domain) !== hostText(d) &&
      hostText(domain).endsWith(hostText(d).slice(1)),
  );

const isAmong = (domain: DomainPattern, list: readonly DomainPattern[]): boolean =>
  list.some((d) => hostText(d) === hostText(domain));

/** The items of such a question, and of the fields that say more of it. `named`: the output names the Secret with the authority. */
export function noteHandshake(
  { summary, clients, origin, details = [] }: Asked,
  named: boolean,
  { add }: Report,
): void {
  const { ca, subject } = clients;
  // The gateway asks for a certificate in either case.
  add('condition.client-certificate.told', 'destinations get X-Forwarded-Client-Cert from the target', origin);
  if (subject !== undefined) {
    const key = 'condition.client-certificate';
    add(key, `${summary}: the target has no test for the name in the certificate`, origin);
    for (const detail of details) add(key, 'belongs to what is not translated', detail.origin);
    return;
  }
  const key = 'condition.client-certificate.handshake';
  const authority = named
    ? `It reads the authority from ca.crt of Secret ${ca.namespace}/${ca.name}`
    : `Copy ca.crt of Secret ${ca.namespace}/${ca.name}, under the key cacert, into a Secret beside the gateway's pods whose name is that of the host's Secret with -cacert at its end`;
  add(
    key,
    `${summary}: the gateway asks in the TLS handshake, and closes the connection of a client without a good certificate. ${authority}`,
    origin,
  );
  for (const detail of details)
    add(key, 'is decided in the TLS handshake of the gateway, with the settings of Envoy', detail.origin);
}
