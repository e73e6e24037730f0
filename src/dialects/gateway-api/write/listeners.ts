// Filter chains as listeners: one for plain HTTP of a port, one per server name of a TLS chain (listener-sections.ts).

import {
  type EffectiveGateway,
  type FilterChain,
  type HttpChain,
  hostText,
  type L4Chain,
  type Listener,
} from '../../../model/index.js';
import type { FeatureKey, WriteOptions } from '../../dialect.js';
import { bySpecificity } from '../features/hostname.js';
import { compareText } from '../fields.js';
import { frontendsOf } from './frontend.js';
import { placeOf } from './gateway-place.js';
import {
  type ListenerTls,
  originOf,
  type Protocol,
  protocolOf,
  type Section,
  sectionsOf,
} from './listener-sections.js';
import { isHostPattern, nameOfHost, unused } from './names.js';
import type { Report } from './report.js';

export interface ListenerDraft {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** `*`: every host. */
  readonly hostname: string;
  readonly chain: HttpChain | L4Chain;
  readonly tls?: ListenerTls;
}

export function listenerDrafts(
  gateway: EffectiveGateway,
  options: WriteOptions,
  report: Report,
): readonly ListenerDraft[] {
  const drafts: ListenerDraft[] = [];
  const names = new Set<string>();
  const { namespace } = placeOf(gateway);
  const frontends = frontendsOf(gateway, options);
  for (const listener of gateway.listeners) {
    const { port, bind, filterChains, origin } = listener;
    if (bind !== undefined && origin)
      report.add('listener.bind', `the address ${bind} is not bound: a listener has all addresses`, origin);
    const isMixed = servesPlainBesideTls(filterChains);
    const claimed = new Set(filterChains.flatMap((c) => c.match.sni?.map(hostText) ?? []));
    for (const chain of filterChains) {
      const protocol = protocolOf(chain, filterChains, report);
      if (protocol === undefined) continue;
      refuseAddresses(chain, report);
      const prefix = isMixed && protocol === 'HTTP' ? 'plain' : protocol.toLowerCase();
      for (const section of sectionsOf(
        chain,
        protocol,
        { ...options, namespace, hasFrontend: frontends.has(port), claimed },
        report,
      )) {
        if (isRefused(section, chain, listener, drafts, report)) continue;
        const suffix = section.hostname === '*' ? '' : `-${nameOfHost(section.hostname)}`;
        drafts.push({ name: unused(`${prefix}-${port}${suffix}`, names), port, protocol, chain, ...section });
      }
    }
  }
  // Filter chains have no order; listeners are written by port, the most specific host name first.
  return drafts.sort(
    (a, b) => a.port - b.port || bySpecificity(a.hostname, b.hostname) || compareText(a.hostname, b.hostname),
  );
}

/** There can be no listener for the name: the report says why. */
function isRefused(
  { hostname }: Section,
  chain: FilterChain,
  { port, origin }: Listener,
  drafts: readonly ListenerDraft[],
  report: Report,
): boolean {
  const obstacle = obstacleTo(hostname, port, drafts);
  const at = originOf(chain) ?? origin;
  if (obstacle && at) report.add(...obstacle, at);
  return obstacle !== undefined;
}

/** Istio serves plain text beside TLS on one port only where the TLS listeners' names come first (features/chains.ts). */
const servesPlainBesideTls = (chains: readonly FilterChain[]): boolean =>
  chains.some((c) => c.tls) && chains.some((c) => !c.tls && c.kind === 'http');

function obstacleTo(
  hostname: string,
  port: number,
  drafts: readonly ListenerDraft[],
): [key: FeatureKey, message: string] | undefined {
  if (!isHostPattern(hostname)) return ['host.name', `${hostname} is not a valid host name of a listener`];
  return drafts.some((d) => d.port === port && d.hostname === hostname)
    ? ['listener.conflict', `a second listener for ${hostname} on port ${port}`]
    : undefined;
}

function refuseAddresses(chain: FilterChain, report: Report): void {
  const { match } = chain;
  const origin = originOf(chain);
  if (!origin || !(match.source?.length || match.destination?.length)) return;
  const isBytes = chain.kind === 'l4';
  report.add(isBytes ? 'l4.addresses' : 'listener.addresses', 'listeners do not look at addresses', origin);
}
