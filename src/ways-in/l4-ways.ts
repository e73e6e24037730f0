// Ways on which the gateway forwards bytes: TCP, passthrough chosen by server name, Services that open a port.

import type { EffectiveGateway, L4Chain } from '../model/index.js';
import { type ConnectionClass, type Witness, walk } from '../space/index.js';
import type { FoundWay } from './found-way.js';
import { goesTo, shares } from './http-ways.js';
import type { WaysOptions } from './input.js';

export function l4Ways(gateway: EffectiveGateway, { answer }: Pick<WaysOptions, 'answer'>): FoundWay[] {
  if (!gateway.listeners.some((l) => l.filterChains.some((c) => c.kind === 'l4'))) return [];
  const { connections } = walk([gateway]);
  return gateway.listeners.flatMap((listener) =>
    listener.filterChains.flatMap((chain) => {
      if (chain.kind !== 'l4') return [];
      const witnesses = connections
        .filter((c) => c.receptions[0] === chain && c.example.port === listener.port)
        .map((c) => witnessOf(gateway, chain, c))
        .flatMap((witness) => [witness, ...fromElsewhere(witness, chain)]);
      let before = 0;
      return shares(chain.destinations).map(({ destination, to, weight }): FoundWay => {
        // The draw that takes this destination and not another: one that is missing closes the connection.
        const middle = (before + weight / 2) / 100;
        before += weight;
        const draw = (max: number) => Math.floor(max * middle);
        const reach = (): FoundWay['reach'] => {
          if (to.missing) return { status: 'dead', reason: `${to.host} has no such ${to.missing}` };
          if (weight === 0) return { status: 'dead', reason: 'its weight is 0' };
          if (witnesses.length === 0) return { status: 'dead', reason: 'no connection reaches it' };
          const shown = witnesses.find((witness) => goesTo(answer(gateway, witness, draw).result, to));
          if (shown) return { status: 'reached', witness: shown };
          return { status: 'undecided', reason: 'every connection that was tried is closed', witness: witnesses[0]! };
        };
        return {
          gateway,
          listener,
          chain,
          destination: to,
          weight,
          rule: destination.origin ?? chain.origin,
          reach: reach(),
        };
      });
    }),
  );
}

/** Documentation addresses (RFC 5737) and a private one: outside of most ranges. */
const ADDRESSES = ['192.0.2.1', '203.0.113.9', '10.0.0.1'];

/** The same connection from addresses that the chain's policies name, and from some that they may not name. */
function fromElsewhere(witness: Witness, { policies }: L4Chain): Witness[] {
  const conditions = (policies?.authorization ?? []).flatMap((p) =>
    p.rules.flatMap(({ from, to, when }) => [...from.flat(), ...to.flat(), ...when]),
  );
  if (conditions.length === 0) return [];
  const named = conditions.flatMap(({ test }) =>
    test.on === 'address' ? [...(test.values ?? []), ...(test.notValues ?? [])] : [],
  );
  return [...named.map((range) => range.split('/')[0]!), ...ADDRESSES].map((source) => ({
    ...witness,
    request: { ...witness.request, source },
  }));
}

/** A client that begins with TLS where that is what the chain takes, and names its server. */
function witnessOf(gateway: EffectiveGateway, chain: L4Chain, { example, names }: ConnectionClass): Witness {
  const { port, scheme, source } = example;
  const name = names.find((n) => n !== null) ?? null;
  const sni = scheme === 'https' && chain.l4 === 'tls' ? (name ?? example.sni) : example.sni;
  return {
    request: {
      gateway: gateway.id,
      port,
      scheme,
      method: 'GET',
      host: sni ?? 'example.com',
      path: '/',
      ...(scheme === 'https' && sni === null ? { sni: null } : {}),
      ...(source === '127.0.0.1' ? {} : { source }),
    },
  };
}
