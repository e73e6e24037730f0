// The first half of a trace: how the connection came in, and which virtual host took the request, and why.

import { type DomainPattern, type GatewayRequest, hostText, type TraceStep, type VirtualHost } from '../model/index.js';
import type { CompiledGateway } from './compile.js';
import { connectionOf } from './connection-of.js';
import type { Decision } from './decision.js';
import type { Place } from './place.js';
import type { RequestView } from './request-view.js';

export function describeListener(
  compiled: CompiledGateway,
  request: GatewayRequest,
  decision: Decision,
  at: Place,
): TraceStep[] {
  const ports = [...compiled.ports.keys()].sort((a, b) => a - b);
  if (decision.kind === 'refused') {
    const others = ports.length > 0 ? `it listens on ${ports.join(', ')}` : 'it listens on no port';
    const text = `port ${request.port}: nothing listens; ${others}`;
    return [{ step: 'listener', outcome: 'rejected', text, ...at(decision.decidedBy) }];
  }
  const { listener } = decision;
  const steps: TraceStep[] = [
    { step: 'listener', outcome: 'chosen', text: `port ${request.port}`, ...at(listener?.origin) },
  ];
  const { transport, sni } = connectionOf(request, compiled.engine);
  const chain = 'chain' in decision ? decision.chain : undefined;
  const name = transport === 'raw' ? 'plain' : sni === null ? 'TLS without server name' : `TLS for server name ${sni}`;
  if (chain) {
    const doing = chain.tls
      ? `TLS is terminated (${chain.tls.mode})`
      : chain.kind === 'l4'
        ? 'bytes are forwarded'
        : 'plain HTTP';
    const outcome = decision.kind === 'closed' ? 'rejected' : 'chosen';
    const certificate =
      chain.tls?.mode === 'mutual' || chain.tls?.mode === 'istio-mutual' ? '; a client certificate is required' : '';
    steps.push({ step: 'filter-chain', outcome, text: `${name}: ${doing}${certificate}`, ...at(chain.origin) });
  } else if (listener) {
    const names = listener.filterChains.flatMap((c) => c.match.sni ?? []).map(hostText);
    steps.push({
      step: 'filter-chain',
      outcome: 'rejected',
      text: `${name}: no match; ${names.length > 0 ? `server names: ${[...new Set(names)].slice(0, 20).join(', ')}` : 'no server names are configured'}`,
    });
  }
  return steps;
}

const WHY: Readonly<Record<DomainPattern['kind'], string>> = {
  exact: 'exact match',
  suffix: 'longest matching wildcard',
  'one-label': 'matching wildcard (one label)',
  any: 'catch-all: no other virtual host matches',
};

export function describeVirtualHost(host: VirtualHost, domain: DomainPattern, view: RequestView, at: Place): TraceStep {
  return {
    step: 'virtual-host',
    outcome: 'chosen',
    text: `host ${view.host}: ${host.name} (${hostText(domain)}), ${WHY[domain.kind]}`,
    ...at(host.origin),
  };
}

/** No virtual host: what is served instead, the most similar name first. */
export function hostMiss(hosts: readonly VirtualHost[], host: string): TraceStep[] {
  const names = [...new Set(hosts.flatMap((h) => h.domains.map(hostText)))];
  const nearest = names.toSorted((a, b) => commonEnding(b, host) - commonEnding(a, host)).slice(0, 5);
  const text =
    nearest.length > 0
      ? `hosts served here: ${nearest.join(', ')}${names.length > 5 ? ', …' : ''}`
      : 'no host is served here';
  return [{ step: 'virtual-host', outcome: 'rejected', text: `host ${host}: nothing is configured for it; ${text}` }];
}

function commonEnding(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a.at(-1 - n) === b.at(-1 - n)) n++;
  return n;
}
