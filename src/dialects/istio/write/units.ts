// Which servers the target needs: the listeners' filter chains as servers of Istio Gateways.
//
// Istio makes virtual hosts of every pair (server host, VirtualService host) that intersect, and keeps the narrower one
// (pilot/pkg/networking/core/gateway.go). A VirtualService for `*.example.com` on a Gateway with a server for `a.example.com` therefore adds its routes to
// `a.example.com` too. Servers that would leak like this get a Gateway of their own.

import { subsetOf } from '../../../implementations/istio/hosts.js';
import {
  chainPlaces,
  type EffectiveGateway,
  type HttpChain,
  hostText,
  isNotFound,
  type L4Chain,
  type Listener,
  type Route,
  type TlsContext,
  type VirtualHost,
} from '../../../model/index.js';
import { withoutOwn } from '../../nginx-internal-endpoints.js';
import { clientFields } from '../features/client-authority.js';

export interface ServerUnit {
  readonly port: number;
  readonly bind?: string;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS' | 'TCP';
  /** As Istio writes hosts: `a.example.com`, `*.example.com`, `*`. */
  readonly hosts: readonly string[];
  readonly tls?: Readonly<Record<string, unknown>>;
  readonly chain: HttpChain | L4Chain;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name of one label. */
export const isLabel = (host: string): boolean => LABEL.test(host);

/**
 * A name that Gateway and VirtualService take: DNS labels, a wildcard in front, at least two labels (ValidateGateway and
 * ValidateVirtualService, pkg/config/validation, Istio 2026-08; one label would be completed with a namespace).
 */
export const isHost = (host: string): boolean =>
  host === '*' ||
  (host.length <= 253 &&
    host.includes('.') &&
    host
      .replace(/^\*\.?/, '')
      .split('.')
      .every((label) => LABEL.test(label)));

/** The host `b` has every request of the host `a`. */
export const covers = (b: string, a: string): boolean => subsetOf(a, b);

/** Lists of which none holds a host that covers another: one VirtualService takes no such two (ValidateVirtualService, Istio 2026-08). */
export function apart(hosts: readonly string[]): string[][] {
  const lists: string[][] = [];
  for (const h of hosts) {
    const free = lists.find((list) => !list.some((other) => covers(other, h) || covers(h, other)));
    if (free) free.push(h);
    else lists.push([h]);
  }
  return lists;
}

const isWildcard = (host: string): boolean => host.startsWith('*');

/** `a` takes in more than the host `b` that it meets: on `b`'s server it would add routes to `b`. */
const leaks = (a: string, b: string): boolean => a !== b && covers(a, b) && !covers(b, a);

export type HttpUnit = ServerUnit & { readonly chain: HttpChain };

/** HTTP chains as server units, one per certificate; hosts are the virtual hosts' where that adds nothing. */
export function httpUnits(gateway: EffectiveGateway, defaultSecret: string | undefined): HttpUnit[] {
  const units: HttpUnit[] = [];
  for (const { listener, chain } of chainPlaces(gateway)) {
    if (chain.kind !== 'http') continue;
    if (!chain.tls) {
      const domains = plainHosts(answering(chain.virtualHosts));
      // A listener without routes listens all the same, and answers 404.
      units.push({
        port: listener.port,
        ...bindOf(listener),
        protocol: 'HTTP',
        hosts: domains.length > 0 ? domains : ['*'],
        chain,
      });
      continue;
    }
    const { tls } = chain;
    const at = { port: listener.port, ...bindOf(listener), protocol: 'HTTPS' as const, chain };
    for (const [name, hosts] of hostsBySecret(chain, listener, defaultSecret))
      units.push({ ...at, hosts: broadest(hosts), tls: tlsFields(tls.mode, name, tls) });
  }
  return units;
}

/**
 * Server names by the certificate that is shown for them. Without server names the source's TLS takes every connection that no other
 * chain of its port does. Names without a certificate have none in the target: the caller reports it.
 */
function hostsBySecret(
  { tls, match }: HttpChain,
  { filterChains }: Listener,
  defaultSecret: string | undefined,
): ReadonlyMap<string | undefined, readonly string[]> {
  const { certificates, credentials = [] } = tls ?? {};
  const found = new Map<string | undefined, readonly string[]>();
  if (match.sni && tls)
    for (const [name, hosts] of bySecret(match.sni.map(hostText), tls, defaultSecret)) found.set(name, hosts);
  else {
    const claimed = new Set(filterChains.flatMap((c) => c.match.sni?.map(hostText) ?? []));
    for (const [name, hosts] of tls ? hostsOfCertificates(tls, claimed) : []) found.set(name, hosts);
    const rest = credentials[0] ? credentialName(credentials[0]) : defaultSecret;
    found.set(rest, [...(found.get(rest) ?? []), '*']);
  }
  if (certificates) found.delete(undefined);
  return found;
}

/** A server has no name of one label: all names have one then. */
const plainHosts = (hosts: readonly VirtualHost[]): string[] =>
  hosts.some((v) => v.domains.some((d) => isLabel(hostText(d)))) ? ['*'] : broadest(domainsOf(hosts));

/** Hosts by the name of their certificate; `claimed`: those that other chains have. */
function hostsOfCertificates(
  { certificates = [] }: TlsContext,
  claimed: ReadonlySet<string>,
): ReadonlyMap<string, string[]> {
  const byName = new Map<string, string[]>();
  const taken = new Set(claimed);
  for (const c of certificates) {
    const key = credentialName(c.credential);
    // The first certificate of a host is shown.
    const hosts = c.hosts.map(hostText).filter((h) => isHost(h) && !taken.has(h));
    for (const host of hosts) taken.add(host);
    if (hosts.length > 0) byName.set(key, [...(byName.get(key) ?? []), ...hosts]);
  }
  return byName;
}

/** Without a host for all others that is there to answer 404: so does a server that does not list them. */
export const answering = (hosts: readonly VirtualHost[]): readonly VirtualHost[] =>
  hosts.filter((v) => v.domains.some((d) => d.kind !== 'any') || withoutOwn(v).routes.some((r) => !isPlainNotFound(r)));

/** Without a page that the configuration asks for: a controller's own is no part of it. */
const isPlainNotFound = (route: Route): boolean =>
  isNotFound(route) && !(route.action.kind === 'direct-response' && route.action.body && !route.action.defaultBackend);

/** The address of the listener, where it has one. */
const bindOf = ({ bind }: Listener): { readonly bind?: string } => (bind === undefined ? {} : { bind });

/** Without the hosts that another one of the same server covers: with a host of its own, a narrower name would get the broader one's routes. */
function broadest(hosts: readonly string[]): string[] {
  const wide = hosts.filter(isWildcard);
  return [...new Set(hosts)].filter((h) => !wide.some((other) => other !== h && covers(other, h))).sort();
}

export type L4Unit = ServerUnit & { readonly chain: L4Chain };

/** Passthrough and TCP chains; `defaultSecret`: for names without a certificate of their own. */
export function l4Units(gateway: EffectiveGateway, defaultSecret: string | undefined): L4Unit[] {
  return [...chainPlaces(gateway)].flatMap(({ listener, chain }): L4Unit[] => {
    if (chain.kind !== 'l4') return [];
    const hosts = chain.match.sni?.map(hostText) ?? ['*'];
    const at = { port: listener.port, ...bindOf(listener) };
    const { tls } = chain;
    if (tls)
      return [...bySecret(hosts, tls, defaultSecret)].map(([name, named]) => ({
        ...at,
        protocol: 'TLS',
        hosts: named,
        tls: tlsFields(tls.mode, name, tls),
        chain,
      }));
    if (chain.l4 === 'tls') return [{ ...at, protocol: 'TLS', hosts, tls: { mode: 'PASSTHROUGH' }, chain }];
    return [{ ...at, protocol: 'TCP', hosts: ['*'], chain }];
  });
}

/** Server names by the certificate that is shown for them. */
function bySecret(
  hosts: readonly string[],
  { credentials, certificates = [] }: TlsContext,
  defaultSecret: string | undefined,
): Map<string | undefined, string[]> {
  const found = new Map<string | undefined, string[]>();
  for (const host of hosts) {
    const own = certificates.find((c) => c.hosts.some((h) => covers(hostText(h), host)));
    const credential = own?.credential ?? credentials[0];
    const name = credential ? credentialName(credential) : defaultSecret;
    found.set(name, [...(found.get(name) ?? []), host]);
  }
  return found;
}

export const domainsOf = (hosts: readonly VirtualHost[]): string[] =>
  [...new Set(hosts.flatMap((v) => v.domains.map(hostText)))].filter(isHost).sort();

/** Units that may stand in one Gateway: together while no host of one unit leaks into another, else each alone. */
export function gatewayGroups(units: readonly ServerUnit[], hosts: readonly string[]): ServerUnit[][] {
  const wide = hosts.filter(isWildcard);
  const together = units.every((u) => u.hosts.every((h) => wide.every((d) => !leaks(d, h))));
  return together ? (units.length > 0 ? [[...units]] : []) : units.map((u) => [u]);
}

/** A VirtualService for `host` belongs on this unit: the unit serves the host, and would not lend it a narrower one. */
export const serves = (unit: ServerUnit, host: string): boolean => unit.hosts.some((h) => covers(h, host));

const credentialName = (c: { readonly namespace: string; readonly name: string }): string => c.name;

const MODES = {
  simple: 'SIMPLE',
  mutual: 'MUTUAL',
  'optional-mutual': 'OPTIONAL_MUTUAL',
  'istio-mutual': 'ISTIO_MUTUAL',
} as const;

function tlsFields(
  mode: keyof typeof MODES,
  name: string | undefined,
  tls: {
    minVersion?: string | undefined;
    maxVersion?: string | undefined;
    cipherSuites?: readonly string[] | undefined;
    clients?: TlsContext['clients'];
  },
): Record<string, unknown> {
  const version = (v: string | undefined) => (v === undefined ? undefined : `TLSV${v.replace('.', '_')}`);
  const fields = {
    mode: MODES[mode],
    credentialName: mode === 'istio-mutual' ? undefined : name,
    ...(tls.clients && clientFields(tls.clients)),
    minProtocolVersion: version(tls.minVersion),
    maxProtocolVersion: version(tls.maxVersion),
    cipherSuites: tls.cipherSuites?.length ? [...tls.cipherSuites] : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined));
}
