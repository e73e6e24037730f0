// What of the flags of serve means nothing to the gateway that was read: a port that it does not have, a destination that no
// route names. Said, not refused: a reload may bring them.

import { nearestName } from '../../diagnostics/index.js';
import { chainPlaces, type Destination, type EffectiveGateway, type WeightedDestination } from '../../model/index.js';
import { upstreamNames } from '../../serve/endpoint.js';

/** What of the flags means nothing to a gateway, one sentence each. */
export function unusedFlags(
  gateway: EffectiveGateway,
  {
    listen,
    upstreams,
  }: { readonly listen: ReadonlyMap<number, number>; readonly upstreams: ReadonlyMap<string, unknown> },
): string[] {
  const ports = gateway.listeners.map(({ port }) => port);
  const destinations = [...destinationsOf(gateway)];
  const names = new Set(destinations.flatMap((to) => upstreamNames(to)));
  return [
    ...[...listen.keys()]
      .filter((port) => !ports.includes(port))
      .map(
        (port) => `--listen ${port}=${listen.get(port)}: the gateway has no port ${port}; it has ${ports.join(', ')}`,
      ),
    ...[...upstreams.keys()]
      .filter((name) => !names.has(name))
      .map((name) => {
        const near = nearestName(name, [...names]);
        return `--upstream ${name}: no destination of the gateway has this name${near === undefined ? '' : `; did you mean ${near}?`} ${knownNames(destinations)}`;
      }),
  ];
}

/** Names that are listed; the others are counted. */
const MOST_NAMES = 20;

function knownNames(destinations: readonly Destination[]): string {
  // The last name is the shortest, without port and subset.
  const short = destinations.flatMap((to) => {
    const name = upstreamNames(to).at(-1) as string;
    return to.subset === undefined ? [name] : [name, `${name}/${to.subset}`];
  });
  const names = [...new Set(short)].sort();
  if (names.length === 0) return '(it forwards to none)';
  const more = names.length - MOST_NAMES;
  return `(known: ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

function* destinationsOf(gateway: EffectiveGateway): Generator<Destination> {
  for (const { chain } of chainPlaces(gateway)) {
    if (chain.kind === 'l4') yield* targetsOf(chain.destinations);
    else
      for (const { action } of chain.virtualHosts.flatMap((h) => h.routes))
        if (action.kind === 'forward') {
          yield* targetsOf(action.destinations);
          for (const mirror of action.mirrors ?? []) yield mirror.destination;
        }
  }
}

const targetsOf = (weighted: readonly WeightedDestination[]): Destination[] =>
  weighted.flatMap(({ to }) => ('host' in to ? [to] : []));
