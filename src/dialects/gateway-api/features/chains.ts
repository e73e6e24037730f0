// Listeners of a Gateway by port, as filter chains: plain HTTP listeners of a port share one chain, every HTTPS listener
// has its own by SNI, TLS and TCP listeners forward bytes (mergeGateways in pilot/pkg/model/gateway.go,
// buildGatewayTCPBasedFilterChains in pilot/pkg/networking/core/gateway.go, 2026-08-22). Servers come in the order of
// their listeners' names, since the generated Gateways are all of one age.

import { append, type FilterChain, type Listener, originOf, type VirtualHost } from '../../../model/index.js';
import { compareText } from '../fields.js';
import type { SurveyedGateway } from '../survey.js';
import { domainOf } from './hostname.js';
import { tcpDestinations, tlsRouteChains } from './l4-chains.js';
import { nowhere } from './l4-rule.js';
import type { GatewayListener } from './listener.js';
import type { SurveyedRoute } from './surveyed-route.js';

/** Ports without any chain are left out: nothing listens there. `skipped` is called with listeners that lose their port. */
export function listenersByPort(
  gateway: SurveyedGateway,
  routes: readonly SurveyedRoute[],
  skipped: (listener: GatewayListener, by: GatewayListener) => void,
): readonly Listener[] {
  const byName = gateway.programmed.toSorted((a, b) => compareText(a.name, b.name));
  const ports = [...new Set(gateway.programmed.map((l) => l.port))];
  return ports.flatMap((port) => {
    const here = onPort(
      byName.filter((l) => l.port === port),
      skipped,
    );
    const virtualHosts = (listeners: readonly GatewayListener[]): readonly VirtualHost[] =>
      gateway.implementation.virtualHosts(listeners, gateway.programmed, routes);
    const plain = here.filter((l) => l.protocol === 'HTTP');
    const chains: FilterChain[] = [];
    if (plain[0]) {
      const origin = plain.length === 1 ? plain[0].origin : originOf(gateway.resource, 'spec', 'listeners');
      chains.push({
        kind: 'http',
        match: { transport: 'any' },
        name: `http.${port}`,
        virtualHosts: virtualHosts(plain),
        origin,
      });
    }
    for (const listener of here) {
      if (listener.protocol !== 'HTTP')
        append(
          chains,
          chainsOf(listener, routes, () => virtualHosts([listener])),
        );
    }
    const origin = here[0]?.origin;
    return chains.length === 0 ? [] : [{ port, filterChains: withoutDuplicates(chains), ...(origin && { origin }) }];
  });
}

/** Plain text first takes the port for plain text; TLS first leaves room for it (mergeGateways). */
function onPort(
  listeners: readonly GatewayListener[],
  skipped: (listener: GatewayListener, by: GatewayListener) => void,
): readonly GatewayListener[] {
  const kept: GatewayListener[] = [];
  for (const listener of listeners) {
    const plain = kept.find((l) => l.tls === undefined);
    const both = plain?.protocol === 'HTTP' && listener.protocol === 'HTTP';
    if (plain && !both) skipped(listener, plain);
    else kept.push(listener);
  }
  return kept;
}

const sniOf = (listener: GatewayListener) => (listener.hostname === '*' ? {} : { sni: [domainOf(listener.hostname)] });

function chainsOf(
  listener: GatewayListener,
  routes: readonly SurveyedRoute[],
  virtualHosts: () => readonly VirtualHost[],
): readonly FilterChain[] {
  const { name, origin, tls } = listener;
  if (tls === undefined) {
    const destinations = tcpDestinations(listener, routes);
    return destinations ? [{ kind: 'l4', l4: 'tcp', match: { transport: 'any' }, name, ...destinations }] : [];
  }
  if (tls.mode === 'Passthrough') return tlsRouteChains(listener, routes);
  const match = { transport: 'tls', ...sniOf(listener) } as const;
  if (listener.protocol === 'TLS') {
    const destinations = tcpDestinations(listener, routes);
    if (destinations === undefined) return [];
    const context = tls.context ? { tls: tls.context } : {};
    const to = tls.context ? destinations.destinations : nowhere(origin);
    return [{ kind: 'l4', l4: 'tcp', match, name, ...context, destinations: to, origin: destinations.origin }];
  }
  // Without a certificate the handshake fails: the model says so as a connection that goes nowhere.
  if (tls.context === undefined) return [{ kind: 'l4', l4: 'tls', match, name, destinations: nowhere(origin), origin }];
  return [{ kind: 'http', match, tls: tls.context, name, virtualHosts: virtualHosts(), origin }];
}

/** Envoy takes no two chains with one match; the first stays (model.CheckDuplicates). */
function withoutDuplicates(chains: readonly FilterChain[]): readonly FilterChain[] {
  const seen = new Set<string>();
  return chains.filter((chain) => {
    const key = JSON.stringify([chain.match.transport === 'any' ? 'any' : 'tls', chain.match.sni]);
    return seen.has(key) ? false : seen.add(key);
  });
}
