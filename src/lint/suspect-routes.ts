// Which virtual hosts could have a route that nothing reaches: a quick test that never says no where there is one, so
// that the algebra looks only where it has to. Most configs have none.

import {
  type EffectiveGateway,
  type Engine,
  mapHosts,
  type Route,
  type RouteMatch,
  type VirtualHost,
} from '../model/index.js';
import { literalPrefix } from '../regex/index.js';
import { areSurelyReached, atomsOf, type Product } from '../space/index.js';
import { areMissed } from './missed-request.js';

/** Conditions that can exclude each other, or what a port receives: pseudo headers, negations, one name twice. */
function mayContradict({ headers, query, source, claims }: RouteMatch): boolean {
  if (source?.length || claims?.length) return true;
  const names = [...headers.map((h) => h.name), ...query.map((q) => `?${q.name}`)];
  return (
    headers.some((h) => (h.name.startsWith(':') && h.name !== ':method') || h.invert) ||
    query.some((q) => q.invert) ||
    new Set(names).size !== names.length
  );
}

/** What every value of a path predicate begins with (case does not count here), or the value itself. */
function beginning(path: RouteMatch['path']): string {
  if (!path) return '';
  if (path.kind === 'exact' || path.kind === 'prefix' || path.kind === 'segment-prefix')
    return path.value.toLowerCase();
  return path.kind === 'regex' ? literalPrefix(path.pattern).prefix.toLowerCase() : '';
}

/**
 * A route is covered only if some earlier route takes the shortest path that it takes. For `/a` as a prefix that is `/a`.
 * A pattern's shortest path is not worked out: such a route is suspect as soon as a beginning fits.
 */
function isSuspect({ routes }: VirtualHost): boolean {
  const exact = new Map<string, RouteMatch[]>();
  const open = new Map<string, RouteMatch[]>();
  const lengths = new Set<number>();
  for (const { match } of routes) {
    if (mayContradict(match)) return true;
    const start = beginning(match.path);
    const kind = match.path?.kind ?? 'any';
    const takes = (earlier: readonly RouteMatch[] = []) => !areMissed(earlier, match);
    if (takes(exact.get(start))) return true;
    for (const length of lengths) if (length <= start.length && takes(open.get(start.slice(0, length)))) return true;
    // A pattern after anything more special: its shortest path may be one of theirs.
    if (kind !== 'exact' && kind !== 'prefix' && kind !== 'segment-prefix' && exact.size + open.size > 0) return true;
    const known = kind === 'exact' ? exact : open;
    const same = known.get(start);
    if (same) same.push(match);
    else known.set(start, [match]);
    if (kind !== 'exact') lengths.add(start.length);
  }
  return false;
}

const allReached = ({ routes }: VirtualHost, engine: Engine): boolean =>
  areSurelyReached(
    routes.map(({ match }): Product => ({ atoms: atomsOf(match, engine) })),
    engine,
  );

/**
 * The gateway with the routes of suspect virtual hosts only; undefined where there are none. All hosts stay: they decide
 * who takes a request. `left` gets the routes that are not looked at.
 */
export function suspectRoutes(
  gateway: EffectiveGateway,
  left: (routes: readonly Route[]) => void = () => {},
  suspicious: (host: VirtualHost) => boolean = (host) => isSuspect(host) && !allReached(host, gateway.engine),
): EffectiveGateway | undefined {
  let any = false;
  const narrowed = mapHosts(gateway, (host) => {
    if (host.routes.length === 0) return host;
    if (!suspicious(host)) {
      left(host.routes);
      return { ...host, routes: [] };
    }
    any = true;
    return host;
  });
  return any ? narrowed : undefined;
}
