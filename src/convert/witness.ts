// A request for each approximation of a report, with both answers: what the loss means, shown. The comparison has found some; for
// the others, requests of the kind that the loss is about are asked on both sides.

import { type EffectiveGateway, type GatewayRequest, hostPlaces, type Origin, type Position } from '../model/index.js';
import { compile, decide, toResult } from '../simulate/index.js';
import type { Translation } from './convert.js';
import type { ConversionItem } from './item.js';
import { expectationOf, pairsOf, type VerifiedDifference } from './verify.js';

export type Witness = Pick<VerifiedDifference, 'request' | 'before' | 'after'>;

/** Requests that are asked at most, per gateway. */
const MOST = 600;

/** `differences`: those that the comparison has found. `after`: the gateways that the output means. */
export function witnesses(
  translation: Translation,
  differences: readonly VerifiedDifference[],
  after: readonly EffectiveGateway[],
  locate: (origin: Origin) => Position,
): Map<ConversionItem, Witness> {
  const found = new Map<ConversionItem, Witness>();
  const open = new Set(translation.items.filter((i) => i.severity !== 'exact'));
  const keep = (items: readonly ConversionItem[], { request, before, after: answer }: Witness) => {
    for (const item of items) if (open.delete(item)) found.set(item, { request, before, after: answer });
  };
  for (const d of differences) keep(d.announcedBy, d);
  const expected = expectationOf(translation, locate);
  for (const [source, target] of pairsOf(translation, after)) {
    if (open.size === 0) break;
    const [before, gateway] = [translation.gateways.find((g) => g.id === source), after.find((g) => g.id === target)];
    if (!before || !gateway) continue;
    const compiled = compile(gateway);
    for (const request of [...likely(before)].slice(0, MOST)) {
      const answer = toResult(decide(compiled, request, { now: 0 }), request, { locate });
      const items = expected.explain({ gateway: source, request }, answer) ?? [];
      if (items.some((item) => open.has(item)))
        keep(items, { request, before: expected.answer({ gateway: source, request }), after: answer });
    }
  }
  return found;
}

/** For each host and literal path: the request itself, then odd spellings of path, host and server name. */
function* likely(gateway: EffectiveGateway): Generator<GatewayRequest> {
  for (const { listener, chain, virtualHost } of hostPlaces(gateway)) {
    const domain = virtualHost.domains.find((d) => d.kind === 'exact');
    const name = domain?.kind === 'exact' ? domain.value : 'www.example';
    const paths = virtualHost.routes.flatMap(({ match: { path } }) => (path && 'value' in path ? [path.value] : []));
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
