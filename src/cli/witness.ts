// A request for each approximation of a report, with both answers: what the loss means, shown. The comparison has found some; for
// the others, requests of the kind that the loss is about are asked on both sides.

import { announces, type Compared, looksAlike } from '../convert/announce.js';
import type { Translation } from '../convert/convert.js';
import { pairsOf, type Verification, witnessOf } from '../convert/verify.js';
import type { ConversionItem } from '../dialects/dialect.js';
import type { EffectiveGateway, GatewayRequest } from '../model/index.js';
import { compile, decide, toResult } from '../simulate/index.js';
import { locate } from '../sources/index.js';

export type Witness = Pick<Compared, 'request' | 'before' | 'after'>;

/** Requests that are asked at most, per gateway. */
const MOST = 600;

/** `after`: the gateways that the output means. */
export function witnesses(
  translation: Translation,
  verification: Verification,
  after: readonly EffectiveGateway[],
): Map<ConversionItem, Witness> {
  const found = new Map<ConversionItem, Witness>();
  const open = new Set(translation.items.filter((i) => i.severity !== 'exact'));
  const keep = (item: ConversionItem, { request, before, after: answer }: Witness) => {
    found.set(item, { request, before, after: answer });
    open.delete(item);
  };
  for (const item of open) {
    const shown = witnessOf(item, verification);
    if (shown) keep(item, shown);
  }
  for (const [sourceId, targetId] of pairsOf(translation, after)) {
    if (open.size === 0) break;
    const sides = [translation.gateways.find((g) => g.id === sourceId), after.find((g) => g.id === targetId)];
    if (!sides[0] || !sides[1]) continue;
    const compiled = sides.map((g) => compile(g!));
    for (const request of [...likely(sides[0])].slice(0, MOST)) {
      const [a, b] = compiled.map((c) => toResult(decide(c, request, { now: 0 }), request, { locate }));
      const because = { before: a!.matched ?? null, after: b!.matched ?? null };
      const compared: Compared = { request, before: a!, after: b!, because };
      if (visible(a!) === visible(b!)) continue;
      // A request that shows nothing but HSTS is no witness of anything else.
      const alike = looksAlike(compared);
      for (const item of open)
        if ((!alike || item.feature === 'hsts') && announces(item, compared)) keep(item, compared);
    }
  }
  return found;
}

const visible = ({ status, connection, destination, upstream, headers }: Compared['before']): string =>
  JSON.stringify([status, connection, destination, upstream?.path, upstream?.host, upstream?.set, headers]);

/** For each host and literal path: the request itself, then odd spellings of path, host and server name. */
function* likely(gateway: EffectiveGateway): Generator<GatewayRequest> {
  for (const listener of gateway.listeners)
    for (const chain of listener.filterChains) {
      if (chain.kind !== 'http') continue;
      for (const host of chain.virtualHosts) {
        const domain = host.domains.find((d) => d.kind === 'exact');
        const name = domain?.kind === 'exact' ? domain.value : 'www.example';
        const paths = host.routes.flatMap(({ match: { path } }) => (path && 'value' in path ? [path.value] : []));
        for (const path of new Set(['/', ...paths])) {
          if (!path.startsWith('/')) continue;
          const scheme = chain.tls ? 'https' : 'http';
          const plain: GatewayRequest = { port: listener.port, scheme, method: 'GET', host: name, path };
          const below = path.endsWith('/') ? path : `${path}/`;
          yield plain;
          yield { ...plain, path: `${below}a/../b` };
          yield { ...plain, path: `${below}?x=1` };
          yield { ...plain, host: name.toUpperCase() };
          yield { ...plain, host: `${name}:8080` };
          if (chain.tls) yield { ...plain, sni: 'other.example' };
        }
      }
    }
}
