// Compiles a gateway once: ports to listeners, server names to filter chains, hosts to virtual hosts, paths to routes.

import type { EffectiveGateway, HttpChain, L4Chain, Listener, VirtualHost } from '../model/index.js';
import { type Choices, type CompiledRoute, compileChoices, compileRoute } from './action.js';
import { type ChainIndex, type ConnectionRequest, indexChains } from './connection.js';
import type { NoAnswer } from './decision.js';
import type { EngineRules } from './engines/engine-rules.js';
import { engines } from './engines/index.gen.js';
import { type HostIndex, indexHosts } from './host-index.js';
import { indexRoutes, type RouteIndex } from './route-index.js';

export interface CompiledVirtualHost {
  readonly virtualHost: VirtualHost;
  readonly routes: RouteIndex<CompiledRoute>;
}

export interface HttpConnection {
  readonly kind: 'http';
  readonly listener: Listener;
  readonly chain: HttpChain;
  readonly hosts: HostIndex<CompiledVirtualHost>;
}

export interface BytesConnection {
  readonly kind: 'l4';
  readonly listener: Listener;
  readonly chain: L4Chain;
  readonly choices: Choices;
}

export type Connection = NoAnswer | HttpConnection | BytesConnection;

export interface CompiledGateway {
  readonly gateway: EffectiveGateway;
  readonly engine: EngineRules;
  readonly ports: ReadonlyMap<number, ChainIndex<HttpConnection | BytesConnection>>;
}

/** Several listeners of one port (other addresses) count as one. */
export function compile(gateway: EffectiveGateway): CompiledGateway {
  const byPort = new Map<number, Listener>();
  for (const listener of gateway.listeners) {
    const known = byPort.get(listener.port);
    byPort.set(
      listener.port,
      known ? { ...known, filterChains: [...known.filterChains, ...listener.filterChains] } : listener,
    );
  }
  const ports = new Map<number, ChainIndex<HttpConnection | BytesConnection>>();
  for (const [port, listener] of byPort) {
    const chains = listener.filterChains.map((chain) => ({ chain, value: compileChain(listener, chain) }));
    ports.set(port, indexChains(listener, chains));
  }
  const engine = engines[gateway.engine];
  return { gateway, engine: (gateway.intake && engine.configured?.(gateway.intake)) ?? engine, ports };
}

function compileChain(listener: Listener, chain: HttpChain | L4Chain): HttpConnection | BytesConnection {
  if (chain.kind === 'l4') return { kind: 'l4', listener, chain, choices: compileChoices(chain.destinations) };
  const hosts = chain.virtualHosts.map((virtualHost) => {
    let routes: RouteIndex<CompiledRoute> | undefined;
    return {
      domains: virtualHost.domains,
      value: {
        virtualHost,
        // Compiled when the first request for the host comes: a run that asks about one host pays for one.
        get routes() {
          routes ??= indexRoutes(virtualHost.routes, compileRoute);
          return routes;
        },
      },
    };
  });
  return { kind: 'http', listener, chain, hosts: indexHosts(hosts) };
}

/** What a new connection meets: once per connection. */
export function selectChain(compiled: CompiledGateway, request: ConnectionRequest): Connection {
  const listener = compiled.ports.get(request.port);
  if (listener) return listener.select(request);
  const closed = compiled.gateway.closed?.find(({ port }) => port === request.port);
  return { kind: 'refused', cause: 'no-listener', ...(closed ? { detail: closed.why, decidedBy: closed.origin } : {}) };
}
