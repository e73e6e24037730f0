// Filter chains as listeners: one for plain HTTP of a port, one per server name of a TLS chain. A listener of the Gateway
// API has one host name, for the SNI and for the hosts of its routes.

import {
  type EffectiveGateway,
  type FilterChain,
  type HttpChain,
  hostText,
  type L4Chain,
  type Origin,
  type TlsContext,
} from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { bySpecificity } from '../features/hostname.js';
import { compareText } from '../fields.js';
import { placeOf } from './gateway-place.js';
import { isHostPattern, nameOfHost, unused } from './names.js';
import type { Report } from './report.js';

export interface ListenerDraft {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS' | 'TCP';
  /** `*`: every host. */
  readonly hostname: string;
  readonly chain: HttpChain | L4Chain;
  readonly tls?: {
    readonly mode: 'Terminate' | 'Passthrough';
    readonly certificates: readonly { readonly namespace: string; readonly name: string }[];
    readonly options?: Readonly<Record<string, string>>;
  };
}

export function listenerDrafts(
  gateway: EffectiveGateway,
  options: WriteOptions,
  report: Report,
): readonly ListenerDraft[] {
  const drafts: ListenerDraft[] = [];
  const names = new Set<string>();
  const { namespace } = placeOf(gateway);
  for (const { port, bind, filterChains, origin } of gateway.listeners) {
    if (bind !== undefined && origin) {
      report.add('listener.bind', `the address ${bind} is not bound: a listener has all addresses`, origin);
    }
    // Istio serves plain text beside TLS on one port only where the TLS listeners' names come first (features/chains.ts).
    const mixed = filterChains.some((c) => c.tls) && filterChains.some((c) => !c.tls && c.kind === 'http');
    for (const chain of filterChains) {
      const protocol = protocolOf(chain, filterChains, report);
      if (protocol === undefined) continue;
      refuseAddresses(chain, report);
      for (const { hostname, tls } of sectionsOf(chain, protocol, { ...options, namespace }, report)) {
        if (!isHostPattern(hostname)) {
          const at = originOf(chain) ?? origin;
          if (at) report.add('host.name', `${hostname} is not a valid host name of a listener`, at);
          continue;
        }
        const rival = drafts.find((d) => d.port === port && d.hostname === hostname);
        if (rival) {
          const at = originOf(chain) ?? origin;
          if (at) report.add('listener.conflict', `a second listener for ${hostname} on port ${port}`, at);
          continue;
        }
        const prefix = mixed && protocol === 'HTTP' ? 'plain' : protocol.toLowerCase();
        const suffix = hostname === '*' ? '' : `-${nameOfHost(hostname)}`;
        const name = unused(`${prefix}-${port}${suffix}`, names);
        drafts.push({ name, port, protocol, hostname, chain, ...(tls && { tls }) });
      }
    }
  }
  // Filter chains have no order; listeners are written by port, the most specific host name first.
  return drafts.sort(
    (a, b) => a.port - b.port || bySpecificity(a.hostname, b.hostname) || compareText(a.hostname, b.hostname),
  );
}

/**
 * A TLSRoute needs host names: TLS of every name that is passed through is a listener of TCP, which takes the same bytes where it has
 * the port to itself. Beside others it cannot be written.
 */
function protocolOf(
  chain: FilterChain,
  all: readonly FilterChain[],
  report: Report,
): ListenerDraft['protocol'] | undefined {
  if (chain.kind === 'http') return chain.tls ? 'HTTPS' : 'HTTP';
  if (chain.tls) return 'TLS';
  if (chain.l4 !== 'tls') return 'TCP';
  if (!namesOf(chain).includes('*')) return 'TLS';
  if (all.length === 1) {
    report.add('l4.every-name', 'a TLSRoute needs host names: a TCPRoute forwards the same bytes', chain.origin);
    return 'TCP';
  }
  report.add(
    'l4.other-names',
    'a TLSRoute needs host names: connections for names that no other listener of the port has are not forwarded',
    chain.origin,
  );
  return undefined;
}

/** The server names of a chain; `*`: every name, or none. */
const namesOf = ({ match }: FilterChain): readonly string[] =>
  match.sni?.length ? [...new Set(match.sni.map(hostText))] : ['*'];

interface Section {
  readonly hostname: string;
  readonly tls?: ListenerDraft['tls'];
}

/** The host names that a chain needs listeners for, each with its certificates. */
function sectionsOf(
  chain: FilterChain,
  protocol: ListenerDraft['protocol'],
  options: WriteOptions & { readonly namespace: string },
  report: Report,
): readonly Section[] {
  const names = protocol === 'TCP' ? ['*'] : namesOf(chain);
  if (protocol === 'TLS' && !chain.tls) {
    return names.map((hostname) => ({ hostname, tls: { mode: 'Passthrough', certificates: [] } }));
  }
  if (!chain.tls) return names.map((hostname) => ({ hostname }));
  const { tls } = chain;
  const origin = tls.origin ?? originOf(chain);
  if (origin && (tls.minVersion || tls.maxVersion)) {
    report.add('tls.versions', 'TLS versions are left to Istio', origin);
  }
  const isIstio = (options.implementation ?? 'istio') === 'istio';
  const istio = isIstio ? optionsOf(tls) : undefined;
  if (origin && !isIstio && tls.mode !== 'simple')
    report.add('tls.client-certificate', 'the standard has no field that asks for a client certificate', origin);
  const terminate = (certificates: TlsContext['credentials']) => ({
    mode: 'Terminate' as const,
    certificates,
    ...(istio && { options: istio }),
  });
  const own = new Map<string, Section>();
  for (const { hosts, credential } of tls.certificates ?? []) {
    for (const host of hosts.map(hostText)) {
      if (!own.has(host)) own.set(host, { hostname: host, tls: terminate([credential]) });
    }
  }
  const fallback = options.defaultTlsSecret;
  const certificates = tls.credentials.length > 0 || !fallback ? tls.credentials : [fallback];
  const rest = names.filter((name) => !own.has(name));
  if (certificates.length > 0 || tls.mode === 'istio-mutual') {
    return [...own.values(), ...rest.map((hostname) => ({ hostname, tls: terminate(certificates) }))];
  }
  if (own.size > 0) {
    const message = `no Secret holds the certificate for ${rest.join(', ')}: --default-tls-secret NAMESPACE/NAME names one`;
    if (origin && rest.length > 0) report.add('tls.certificate-files', message, origin);
    return [...own.values()];
  }
  // A listener without a certificate is refused, and its whole Gateway with it.
  return rest.map((hostname) => {
    const secret = { namespace: options.namespace, name: `${nameOfHost(hostname)}-cert` };
    const message = `the certificate for ${hostname} is in files on the gateway: put it into the Secret ${secret.namespace}/${secret.name}, or name another with --default-tls-secret NAMESPACE/NAME`;
    if (origin) report.add('tls.certificate-files', message, origin);
    return { hostname, tls: terminate([secret]) };
  });
}

/** Chains that an engine has by itself come from the first rule that they serve. */
const originOf = (chain: FilterChain): Origin | undefined =>
  chain.origin ?? (chain.kind === 'http' ? chain.virtualHosts.flatMap((v) => v.routes)[0]?.origin : undefined);

function refuseAddresses(chain: FilterChain, report: Report): void {
  const { match } = chain;
  const origin = originOf(chain);
  if (origin && (match.source?.length || match.destination?.length)) {
    report.add('listener.addresses', 'listeners do not look at addresses', origin);
  }
}

/** Istio's own options of a listener (features/listener-tls.ts). */
function optionsOf(tls: TlsContext): Readonly<Record<string, string>> | undefined {
  const mode = {
    simple: undefined,
    mutual: 'MUTUAL',
    'optional-mutual': 'OPTIONAL_MUTUAL',
    'istio-mutual': 'ISTIO_MUTUAL',
  }[tls.mode];
  const ciphers = tls.cipherSuites?.join(',');
  if (mode === undefined && !ciphers) return undefined;
  return {
    ...(mode && { 'gateway.istio.io/tls-terminate-mode': mode }),
    ...(ciphers && { 'gateway.istio.io/tls-cipher-suites': ciphers }),
  };
}
