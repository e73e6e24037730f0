// The host names that a filter chain needs listeners for, each with its certificates: a listener of the Gateway API has one name, for the
// SNI and for the hosts of its routes.

import { type FilterChain, hostText, type Origin, type TlsContext } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { asksByStandard, isIstio } from './frontend.js';
import { nameOfHost } from './names.js';
import type { Report } from './report.js';

export type Protocol = 'HTTP' | 'HTTPS' | 'TLS' | 'TCP';

export interface ListenerTls {
  readonly mode: 'Terminate' | 'Passthrough';
  readonly certificates: readonly { readonly namespace: string; readonly name: string }[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface Section {
  readonly hostname: string;
  readonly tls?: ListenerTls;
}

/**
 * A TLSRoute needs host names: TLS of every name that is passed through is a listener of TCP, which takes the same bytes where it has
 * the port to itself. Beside others (`all`: the chains of the port) it cannot be written.
 */
export function protocolOf(chain: FilterChain, all: readonly FilterChain[], report: Report): Protocol | undefined {
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

/** Chains that an engine has by itself come from the first rule that they serve. */
export const originOf = (chain: FilterChain): Origin | undefined =>
  chain.origin ?? (chain.kind === 'http' ? chain.virtualHosts.flatMap((v) => v.routes)[0]?.origin : undefined);

const PASSTHROUGH: ListenerTls = { mode: 'Passthrough', certificates: [] };

/** `namespace`: of the Gateway. `hasFrontend`: it says for the port who signs the certificates of clients. `claimed`: names of the port's chains. */
export function sectionsOf(
  chain: FilterChain,
  protocol: Protocol,
  options: WriteOptions & {
    readonly namespace: string;
    readonly hasFrontend: boolean;
    readonly claimed: ReadonlySet<string>;
  },
  report: Report,
): readonly Section[] {
  const names = protocol === 'TCP' ? ['*'] : namesOf(chain);
  const { tls } = chain;
  if (!tls) return names.map((hostname) => ({ hostname, ...(protocol === 'TLS' && { tls: PASSTHROUGH }) }));
  const ofIstio = isIstio(options);
  const origin = tls.origin ?? originOf(chain);
  const { hasFrontend } = options;
  const isAsked = hasFrontend && asksByStandard(tls);
  if (origin) noteLosses(tls, ofIstio || isAsked, origin, report);
  const own = ofIstio ? optionsOf(tls, isAsked) : undefined;
  const terminate = (certificates: TlsContext['credentials']): ListenerTls => ({
    mode: 'Terminate',
    certificates,
    ...(own && { options: own }),
  });
  const certified = new Map<string, Section>();
  for (const { hosts, credential } of tls.certificates ?? [])
    for (const hostname of shownFor(hosts.map(hostText), chain, options.claimed))
      if (!certified.has(hostname)) certified.set(hostname, { hostname, tls: terminate([credential]) });
  const rest = names.filter((name) => !certified.has(name));
  const certificates = certificatesOf(tls, options);
  if (certificates.length > 0 || tls.mode === 'istio-mutual')
    return [...certified.values(), ...rest.map((hostname) => ({ hostname, tls: terminate(certificates) }))];
  if (certified.size > 0) {
    const message = `no Secret holds the certificate for ${rest.join(', ')}: --default-tls-secret NAMESPACE/NAME names one`;
    if (origin && rest.length > 0) report.add('tls.certificate-files', message, origin);
    return [...certified.values()];
  }
  // A listener without a certificate is refused, and its whole Gateway with it.
  return rest.map((hostname) => {
    const secret = { namespace: options.namespace, name: `${nameOfHost(hostname)}-cert` };
    const message = `the certificate for ${hostname} is in files on the gateway: put it into the Secret ${secret.namespace}/${secret.name}, or name another with --default-tls-secret NAMESPACE/NAME`;
    if (origin) report.add('tls.certificate-files', message, origin);
    return { hostname, tls: terminate([secret]) };
  });
}

/** The names of a certificate, as listeners of the chain have them: those of its own names, or those that no other chain of the port has. */
const shownFor = (hosts: readonly string[], { match }: FilterChain, claimed: ReadonlySet<string>): readonly string[] =>
  match.sni
    ? match.sni
        .map(hostText)
        .filter((name) => hosts.some((host) => host === name || host === name.replace(/^[^.]+/, '*')))
    : hosts.filter((host) => !claimed.has(host));

/** For names without a certificate of their own. */
const certificatesOf = ({ credentials }: TlsContext, { defaultTlsSecret }: WriteOptions): TlsContext['credentials'] =>
  credentials.length > 0 || !defaultTlsSecret ? credentials : [defaultTlsSecret];

function noteLosses({ minVersion, maxVersion, mode }: TlsContext, asks: boolean, origin: Origin, report: Report) {
  if (minVersion || maxVersion) report.add('tls.versions', 'TLS versions are left to Istio', origin);
  if (!asks && mode !== 'simple')
    report.add(
      'tls.client-certificate',
      'the standard asks for client certificates of one named authority on all listeners of a port, and has no certificate that is optional and checked',
      origin,
    );
}

/** Istio's own options of a listener (features/listener-tls.ts). `isAsked`: `spec.tls.frontend` asks for the certificate, which an option would go before. */
function optionsOf(tls: TlsContext, isAsked: boolean): Readonly<Record<string, string>> | undefined {
  const mode = {
    simple: undefined,
    mutual: 'MUTUAL',
    'optional-mutual': 'OPTIONAL_MUTUAL',
    'istio-mutual': 'ISTIO_MUTUAL',
  }[tls.mode];
  const ciphers = tls.cipherSuites?.join(',');
  const ownMode = isAsked ? undefined : mode;
  if (ownMode === undefined && !ciphers) return undefined;
  return {
    ...(ownMode && { 'gateway.istio.io/tls-terminate-mode': ownMode }),
    ...(ciphers && { 'gateway.istio.io/tls-cipher-suites': ciphers }),
  };
}
