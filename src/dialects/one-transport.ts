// Ports that take plain requests and TLS: a port of the target takes one of them.

import type { EffectiveGateway, FilterChain, Listener, Route } from '../model/index.js';
import { hostText, isNotFound } from '../model/index.js';
import type { Report, RuleBooks } from './item-list.js';

/** Without chains that only close connections of some server names: a broader server of the target answers these. */
export function withoutClosedNames(gateway: EffectiveGateway, report: Report): EffectiveGateway {
  const closes = (c: FilterChain): boolean =>
    c.kind === 'l4' && c.destinations.length === 0 && c.l4 === 'tcp' && isOfTls(c) && !c.tls;
  /** Another chain has its names: nothing but the item of its check says that it is closed. */
  const isBeside = (c: FilterChain, all: readonly FilterChain[]): boolean =>
    c.kind === 'l4' &&
    c.destinations.length === 0 &&
    all.some((other) => other !== c && (other.kind === 'http' || does([other])) && namesOf(other) === namesOf(c));
  const goes = (c: FilterChain, all: readonly FilterChain[]): boolean => closes(c) || isBeside(c, all);
  if (!gateway.listeners.some((l) => l.filterChains.some((c) => goes(c, l.filterChains)))) return gateway;
  const listeners = gateway.listeners.map((listener) => {
    for (const chain of listener.filterChains.filter(closes))
      if (chain.origin)
        report.add(
          'listener.closed-names',
          'the source closes connections of some server names, which a server of the target for more names takes',
          chain.origin,
        );
    return { ...listener, filterChains: listener.filterChains.filter((c, _, all) => !goes(c, all)) };
  });
  return { ...gateway, listeners };
}

const namesOf = ({ match }: FilterChain): string =>
  JSON.stringify([isOfTlsMatch(match), match.sni?.map(hostText).sort()]);
const isOfTlsMatch = ({ transport }: FilterChain['match']): boolean => transport === 'tls';

/** Without chains for a pattern of server names. One-label wildcards of server names are told of. */
export function withoutNamePatterns(gateway: EffectiveGateway, report: Report): EffectiveGateway {
  const listeners = gateway.listeners.map((listener) => {
    const kept = listener.filterChains.filter((chain) => {
      noteDepth(chain, report);
      if (chain.kind !== 'l4' || !chain.match.sniTests?.length) return true;
      report.add(
        'l4.name-patterns',
        'connections are chosen by a pattern of their server name: these bytes are not forwarded',
        chain.origin,
      );
      return false;
    });
    return kept.length === listener.filterChains.length ? listener : { ...listener, filterChains: kept };
  });
  return listeners.every((l, i) => l === gateway.listeners[i]) ? gateway : { ...gateway, listeners };
}

function noteDepth({ match, origin, ...chain }: FilterChain, { add }: Report): void {
  const place = origin ?? ('virtualHosts' in chain ? chain.virtualHosts[0]?.routes[0]?.origin : undefined);
  for (const name of match.sni ?? [])
    if (name.kind === 'one-label' && place)
      add('listener.wildcard-depth', `connections for names deeper than *${name.value} are taken, too`, place, {
        hosts: [`*${name.value}`],
      });
}

/** Each listener with chains for one of them: the one with rules; of two with rules TLS on 443, plain requests elsewhere. */
export function withOneTransport(gateway: EffectiveGateway, report: Report & RuleBooks): EffectiveGateway {
  const listeners = gateway.listeners.map((listener) => oneOf(listener, gateway, report));
  return listeners.every((l, i) => l === gateway.listeners[i]) ? gateway : { ...gateway, listeners };
}

const isOfTls = ({ match }: FilterChain): boolean => isOfTlsMatch(match);

function oneOf(listener: Listener, gateway: EffectiveGateway, report: Report & RuleBooks): Listener {
  const { filterChains, port } = listener;
  const tls = filterChains.filter(isOfTls);
  const plain = filterChains.filter((c) => !isOfTls(c));
  // An HTTP chain for any transport is plain HTTP; bytes of any transport need no second chain.
  if (tls.length === 0 || plain.length === 0 || !plain.some((c) => c.match.transport === 'raw')) return listener;
  const keepsTls = does(tls) === does(plain) ? port === 443 : does(tls);
  const [kept, left] = keepsTls ? [tls, plain] : [plain, tls];
  const word = keepsTls ? 'TLS' : 'plain requests';
  const bytes = kept.find((c) => c.kind === 'l4');
  const twins = forwardsBytes(kept) && JSON.stringify(bytesOf(kept)) === JSON.stringify(bytesOf(left));
  if (!twins) noteLeft(left, `port ${port} takes ${word} only`, gateway, report);
  else if (bytes?.origin) report.add('l4.every-name', 'TLS is forwarded as other bytes are', bytes.origin);
  return { ...listener, filterChains: twins ? kept.map(ofAny) : kept };
}

const ofAny = (chain: FilterChain): FilterChain => ({ ...chain, match: { ...chain.match, transport: 'any' } });

const forwardsBytes = (chains: readonly FilterChain[]): boolean =>
  chains.every((c) => c.kind === 'l4' && c.tls === undefined && !c.match.sni && !c.match.sniTests);

/** What becomes of bytes, whatever they are. */
const bytesOf = (chains: readonly FilterChain[]): unknown =>
  chains.map((c) => (c.kind === 'l4' ? [c.destinations, c.match.source, c.origin.path] : c));

/** It has a rule that is more than a 404, or forwards bytes. */
const does = (chains: readonly FilterChain[]): boolean =>
  chains.some((c) => (c.kind === 'http' ? rulesOf(c).some((r) => !isNotFound(r)) : c.destinations.length > 0));

const rulesOf = (chain: FilterChain): readonly Route[] =>
  chain.kind === 'http' ? chain.virtualHosts.flatMap((v) => v.routes) : [];

function noteLeft(
  left: readonly FilterChain[],
  message: string,
  { listeners }: EffectiveGateway,
  report: Report & RuleBooks,
): void {
  const routes = left.flatMap(rulesOf);
  for (const route of routes)
    if (isNotFound(route)) report.needless(route);
    else
      report.add(
        'listener.other-transport',
        `${message}: the rule for the other is left out`,
        route.matchOrigin ?? route.origin,
        {
          route,
        },
      );
  for (const chain of left)
    if (chain.kind === 'l4' && chain.destinations.length > 0)
      report.add('listener.other-bytes', `${message}: these bytes are not forwarded`, chain.origin);
  const all = listeners.flatMap((l) => l.filterChains);
  const origin = all.flatMap(rulesOf)[0]?.origin ?? all.find((c) => c.origin)?.origin;
  if (origin)
    report.add(
      'listener.one-transport',
      'a port of the source takes plain requests and TLS, and answers 404 to what has no rule; a port of the target closes connections of the other kind',
      { resource: origin.resource, path: [] },
    );
}
