// Protection that the target cannot express: the rules that it guards are closed before they are written, so that nobody gets in whom the
// source would have refused. With --fail-open they are written without it. Either way the item of the loss says which (decision 19).

import {
  type Action,
  type Condition,
  type EffectiveGateway,
  type FilterChain,
  formatPath,
  hostPlaces,
  type L4Chain,
  mapChains,
  mapRoutes,
  type Origin,
  type Route,
  type RoutePlace,
  reaches,
  routePlaces,
  type StringMatcher,
} from '../model/index.js';
import { FEATURES } from './features/index.js';
import type { ConversionItem, LossItem } from './item.js';
import { isMadeFrom } from './made-from.js';

/** What is closed of the gateways of a source. */
export interface Closed {
  /** Rule of the source → the one that is written in its place. */
  readonly rules: ReadonlyMap<Route, Route>;
  /** Chains that forward bytes, written without destinations. */
  readonly chains: ReadonlySet<L4Chain>;
  /** What the writer says of a loss → the item of the loss that says that they are closed. */
  readonly items: ReadonlyMap<string, LossItem>;
}

export const NOTHING_CLOSED: Closed = { rules: new Map(), chains: new Set(), items: new Map() };

const idOf = ({ key, feature, origin, message, lost = message }: ConversionItem): string =>
  JSON.stringify([key, feature, origin.resource.order, formatPath(origin.path), lost]);

/** The gateways as they are written. */
export const withClosed = (gateways: readonly EffectiveGateway[], { rules, chains }: Closed): EffectiveGateway[] =>
  gateways.map((gateway) => {
    const changed =
      rules.size === 0 ? gateway : mapRoutes(gateway, (list) => list.map((route) => rules.get(route) ?? route));
    const close = (chain: FilterChain): FilterChain =>
      chain.kind === 'l4' && chains.has(chain) ? { ...chain, destinations: [] } : chain;
    return chains.size === 0 ? changed : mapChains(changed, close);
  });

export interface Closing {
  /** What a closed rule does in the target. */
  readonly close: (route: Route) => Action;
  /** The rules that lose it are written as they are. */
  readonly isOpen: (item: LossItem) => boolean;
}

/**
 * What has to be closed besides, where `items` are lost of the gateways as they are written now: `closed` itself if nothing has.
 * What is left out counts when all protection has been looked at.
 */
export function closedFor(
  sources: readonly EffectiveGateway[],
  items: readonly LossItem[],
  closed: Closed,
  closing: Closing,
): Closed {
  const shut = items.filter((item) => !closing.isOpen(item));
  const guarded = closedBecause(sources, shut.filter(isProtection), closed, closing);
  return guarded === closed ? closedBecause(sources, shut.filter(leavesOut), closed, closing) : guarded;
}

/** The same with the items that say what is open: `closed` itself if nothing is. */
export function withOpen(
  sources: readonly EffectiveGateway[],
  items: readonly LossItem[],
  closed: Closed,
  closing: Closing,
): Closed {
  const open = items.filter(closing.isOpen);
  const guarded = closedBecause(sources, open.filter(isProtection), closed, closing);
  return closedBecause(sources, open.filter(leavesOut), guarded, closing);
}

function closedBecause(
  sources: readonly EffectiveGateway[],
  items: readonly LossItem[],
  closed: Closed,
  { close, isOpen }: Closing,
): Closed {
  const originals = new Map([...closed.rules].map(([source, copy]) => [copy, source]));
  const rules = new Map(closed.rules);
  const chains = new Set(closed.chains);
  const found = new Map<string, LossItem>();
  for (const item of items) {
    const guarded = guardedRules(sources, item, closed, originals).filter((route) => !rules.has(route));
    const tunnels = guardedChains(sources, item).filter((chain) => !chains.has(chain));
    if (guarded.length === 0 && tunnels.length === 0) continue;
    const { ofField: _, ...rest } = item;
    const lost = item.lost ?? item.message;
    const open = isOpen(item);
    const message = `${lost.replace(/\.$/, '')}; ${consequence(item, open)}`;
    if (open) {
      found.set(idOf(item), { ...item, lost, message });
      continue;
    }
    const remark = remarkOf(item, closed);
    const instead = new Map(item.closed ? item.instead : []);
    for (const route of guarded) instead.set(route, closedCopy(route, remark, close));
    for (const [route, copy] of instead) rules.set(route, copy);
    for (const chain of tunnels) chains.add(chain);
    const more = tunnels.length > 0 ? { chains: [...(item.chains ?? []), ...tunnels] } : {};
    found.set(idOf(item), { ...rest, lost, message, closed: true, instead, ...more });
  }
  return found.size === 0 ? closed : { rules, chains, items: new Map([...closed.items, ...found]) };
}

/** The items of a report: those of `closed` stand for what the writer says of the same loss. */
export function withClosedItems<I extends ConversionItem>(
  items: readonly I[],
  closed: Pick<Closed, 'items'>,
): (I | LossItem)[] {
  const routes = new Map(items.map((item) => [idOf(item), item.routes]));
  const own = [...closed.items].map(([id, item]) => {
    const here = routes.get(id);
    return here ? { ...item, routes: here } : item;
  });
  return [...own, ...items.filter((item) => !closed.items.has(idOf(item)))];
}

const isProtection = ({ key }: LossItem): boolean => FEATURES[key].protects !== undefined;
const leavesOut = ({ key }: LossItem): boolean => FEATURES[key].leavesOut === true || key === 'rule-order';

const consequence = (item: LossItem, open: boolean): string => {
  const { protects } = FEATURES[item.key];
  if (open)
    return `written open (by --fail-open or a decision): ${protects ?? 'the rules behind it take its requests'}`;
  return protects === undefined
    ? 'the rules that would take its requests are closed'
    : `closed until somebody decides (--fail-open writes it open: ${protects})`;
};

/** A comment for whoever has to decide. */
function remarkOf(item: LossItem, { rules }: Closed): string {
  const { decision, title } = FEATURES[item.key];
  // Behind a closed rule that is left out: the same has to be decided.
  const first = item.routes?.map(({ remark }) => remark).find((remark) => remark !== undefined);
  if (!isProtection(item) && first !== undefined && rules.size > 0) return first;
  return [`CLOSED: ${(item.lost ?? item.message).replace(/\.$/, '')}.`, `To decide: ${decision ?? title}.`].join('\n');
}

/** Answers in place of its rule, for the same requests; a check of addresses turns away every address. */
function closedCopy(route: Route, remark: string, close: Closing['close']): Route {
  const { source, ...match } = route.match;
  const addresses = source && route.action.kind === 'forward' ? { source } : {};
  return {
    ...(route.name === undefined ? {} : { name: route.name }),
    match: { ...match, ...addresses },
    action: close(route),
    remark,
    origin: route.origin,
    ...(route.matchOrigin ? { matchOrigin: route.matchOrigin } : {}),
  };
}

/** The rules of the source that let in whom the lost protection refuses. */
function guardedRules(
  sources: readonly EffectiveGateway[],
  item: LossItem,
  closed: Closed,
  originals: ReadonlyMap<Route, Route>,
): Route[] {
  if (isProtection(item)) {
    const isGuarded = guardOf(item);
    const guarded = sources.flatMap((gateway) =>
      [...routePlaces(gateway)].filter((place) => isGuarded(place, gateway)).map(({ route }) => route),
    );
    return [...new Set(guarded)];
  }
  // A rule that keeps people out and is not written itself: those behind it get its requests.
  const isLost = (route: Route) =>
    item.routes?.some((made) => (originals.get(made) ?? made) === route || isMadeFrom(made, route)) ?? false;
  const found = new Set<Route>();
  for (const gateway of sources)
    for (const { virtualHost } of hostPlaces(gateway))
      for (const [i, lost] of virtualHost.routes.entries()) {
        if (!(closed.rules.has(lost) || keepsOut(lost)) || !isLost(lost)) continue;
        for (const route of heirsOf(lost, virtualHost.routes.slice(i + 1)))
          if (!item.rivals || item.rivals.some((rival) => isMadeFrom(rival, route))) found.add(route);
      }
  return [...found];
}

/** The rules that forward requests of a rule that is not there: up to the one that takes all that are left. */
function heirsOf(lost: Route, later: readonly Route[]): Route[] {
  const last = later.findIndex((route) => takesAll(route, lost));
  const near = last < 0 ? later : later.slice(0, last + 1);
  return near.filter((route) => route.action.kind === 'forward' && mayMeet(lost, route));
}

/** Whether a protection guards a rule, by what the item is about. */
function guardOf(item: LossItem): (place: RoutePlace, gateway: EffectiveGateway) => boolean {
  const here = (origin: Origin | undefined) => isSame(origin, item.origin);
  const forwards = (guards: (place: RoutePlace, gateway: EffectiveGateway) => boolean) => {
    return (place: RoutePlace, gateway: EffectiveGateway) =>
      place.route.action.kind === 'forward' && guards(place, gateway);
  };
  switch (item.key) {
    case 'source-address.dropped': {
      const isCheck = (route: Route) =>
        route.action.kind === 'direct-response' && (item.routes ?? []).some((made) => isMadeFrom(made, route));
      return ({ route, virtualHost: { routes } }) =>
        isCheck(route) || (route.action.kind === 'forward' && routes.some((r) => isSameMatch(r, route) && isCheck(r)));
    }
    case 'policies':
      return forwards(({ chain: { policies } }) =>
        [...(policies?.authentication ?? []), ...(policies?.authorization ?? [])].some((p) => here(p.origin)),
      );
    case 'tls.client-certificate':
      return forwards(({ chain }) => chain.tls?.mode === 'mutual' || chain.tls?.mode === 'istio-mutual');
    case 'unsupported.security':
      return forwards((place, { unsupported }) =>
        unsupported.some(
          (u) =>
            u.guards &&
            u.feature === item.feature &&
            here(u.origin) &&
            (!u.reach || reaches(u.reach, { ...place, port: place.listener.port })),
        ),
      );
    case 'annotation.controller':
      return GUARD.test(String(item.origin.path.at(-1)))
        ? forwards(({ route }) => route.origin.resource === item.origin.resource)
        : () => false;
    default:
      return forwards(({ route }) => (route.conditions ?? []).some((c) => here(c.origin)));
  }
}

/** But for addresses. */
const isSameMatch = ({ match: { source: _, ...a } }: Route, { match: { source: __, ...b } }: Route): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Annotations of controllers by whose name somebody is kept out. */
const GUARD = /auth|oidc|jwt|allow-?list|white-?list|deny|black-?list|cidr|source-range|client-ca|waf|middlewares/i;

const L4_KEYS: ReadonlySet<string> = new Set(['policies', 'l4.policies', 'l4.addresses']);

/** The chains that forward bytes of connections which the lost protection refuses. */
function guardedChains(sources: readonly EffectiveGateway[], item: LossItem): L4Chain[] {
  if (!L4_KEYS.has(item.key)) return [];
  const isGuarded = (chain: L4Chain): boolean =>
    item.key === 'l4.addresses'
      ? isSame(chain.origin, item.origin)
      : (chain.policies?.authorization ?? []).some(({ origin }) => isSame(origin, item.origin));
  return sources.flatMap(({ listeners }) =>
    listeners
      .flatMap((l) => l.filterChains)
      .filter((chain): chain is L4Chain => chain.kind === 'l4' && chain.destinations.length > 0 && isGuarded(chain)),
  );
}

const KEEPS_OUT: ReadonlySet<Condition['kind']> = new Set(['external-auth', 'basic-auth', 'client-certificate']);

/** It refuses requests, or asks who sends them. */
const keepsOut = ({ action, conditions = [] }: Route): boolean =>
  (action.kind === 'direct-response' && (action.status === 401 || action.status === 403)) ||
  conditions.some(({ kind }) => KEEPS_OUT.has(kind));

const isSame = (a: Origin | undefined, b: Origin): boolean =>
  a !== undefined && a.resource === b.resource && formatPath(a.path) === formatPath(b.path);

/** Some path may be one of both: their literal beginnings do not exclude each other. */
function mayMeet(a: Route, b: Route): boolean {
  const [x, y] = [beginning(a.match.path), beginning(b.match.path)];
  if (x === undefined || y === undefined) return true;
  if (x.whole && y.whole) return x.text === y.text;
  return x.whole ? x.text.startsWith(y.text) : y.whole ? y.text.startsWith(x.text) : startsAlike(x.text, y.text);
}

/** Every request of `b` is one of `a`, as far as paths say it. */
function takesAll({ match }: Route, b: Route): boolean {
  if (match.headers.length + match.query.length + (match.source?.length ?? 0) + (match.claims?.length ?? 0) > 0)
    return false;
  if (!match.path || match.path.kind === 'any') return true;
  if (JSON.stringify(match.path) === JSON.stringify(b.match.path)) return true;
  const [x, y] = [beginning(match.path), beginning(b.match.path)];
  if (!x || !y || x.whole) return false;
  const below = match.path.kind === 'segment-prefix' && !x.text.endsWith('/') ? `${x.text}/` : x.text;
  return y.text.startsWith(below) || (y.whole && y.text === x.text);
}

const startsAlike = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

function beginning(path: StringMatcher | undefined): { readonly text: string; readonly whole: boolean } | undefined {
  if (!path || path.kind === 'any' || path.kind === 'regex' || path.ignoreCase) return undefined;
  if (path.kind === 'suffix' || path.kind === 'contains') return undefined;
  return { text: path.value, whole: path.kind === 'exact' };
}
