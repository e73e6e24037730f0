// A configuration less what the report gives up wholly: with one known loss on nearly every rule (a body limit, HSTS), a rule differs
// anyway, and the loss would hide whatever else is wrong with it. Compared without them, what remains has to be explained on its own.
// And one spelling for what the two dialects spell differently, so that equal rules are seen to be equal.

import type { ConversionItem } from '../dialects/dialect.js';
import type { EffectiveGateway, HeaderOps, Route, VirtualHost } from '../model/index.js';

/** Takes one loss out of a virtual host. */
type Change = (host: VirtualHost) => VirtualHost;

const onRoutes =
  (change: (route: Route) => Route): Change =>
  (host) => ({ ...host, routes: host.routes.map(change) });

const CHANGES: readonly (readonly [feature: RegExp, change: Change])[] = [
  [/^max-request-bytes$/, onRoutes(({ maxRequestBytes: _, ...route }) => route)],
  [/^condition\./, onRoutes(({ conditions: _, ...route }) => route)],
  [/^hsts$/, onRoutes(withoutHsts)],
];

/** What both sides are compared as: without what the report gives up wholly, and answers spelled in one way. */
export function comparable(
  losses: readonly ConversionItem[],
): (gateways: readonly EffectiveGateway[]) => EffectiveGateway[] {
  const given = CHANGES.filter(([feature]) => losses.some((l) => feature.test(l.feature)));
  const changes = [
    ...given.map(([, change]) => change),
    onRoutes(plainAnswer),
    onRoutes(plainRewrite),
    onRoutes(plainHeaders),
  ];
  const changed = (host: VirtualHost) => changes.reduce((h, change) => change(h), host);
  return (gateways) =>
    gateways.map((g) => ({
      ...g,
      listeners: g.listeners.map((l) => ({
        ...l,
        filterChains: l.filterChains.map((c) =>
          c.kind === 'http' ? { ...c, virtualHosts: c.virtualHosts.map(changed) } : c,
        ),
      })),
    }));
}

/**
 * A redirect to a whole Location is an answer with that header, and a rule whose only destination is an invalid reference is an
 * answer with its status: no client sees a difference, and each dialect has one of the two spellings.
 */
function plainAnswer(route: Route): Route {
  const { action } = route;
  if (action.kind === 'redirect' && action.location !== undefined) {
    const { responseHeaders } = route;
    return {
      ...route,
      action: { kind: 'direct-response', status: action.status },
      responseHeaders: { ...responseHeaders, set: [...(responseHeaders?.set ?? []), ['location', action.location]] },
    };
  }
  const only = action.kind === 'forward' && action.destinations.length === 1 ? action.destinations[0]?.to : undefined;
  if (only && 'status' in only) return { ...route, action: { kind: 'direct-response', status: only.status } };
  return route;
}

/** The writer's regex for "any path whatever". */
const ANY_PATH = '^(?s:.*)$';

function plainRewrite(route: Route): Route {
  const { action } = route;
  if (action.kind !== 'forward' || action.rewrite?.path?.kind !== 'regex') return route;
  const { pattern, substitution } = action.rewrite.path;
  if (pattern !== ANY_PATH || substitution.includes('\\')) return route;
  const path = { kind: 'full', to: substitution.replaceAll('%', '%%') } as const;
  return { ...route, action: { ...action, rewrite: { ...action.rewrite, path } } };
}

/** Of two values for one header the last one counts; different headers may change places unless one value reads another. */
function plainHeaders(route: Route): Route {
  const plain = (ops: HeaderOps): HeaderOps => {
    if (!ops.set) return ops;
    const last = [...new Map(ops.set)];
    const reads = last.some(([, value]) => last.some(([name]) => value.toLowerCase().includes(`(${name})`)));
    return { ...ops, set: reads ? ops.set : last.sort(([a], [b]) => (a < b ? -1 : 1)) };
  };
  const { requestHeaders, responseHeaders } = route;
  return {
    ...route,
    ...(requestHeaders ? { requestHeaders: plain(requestHeaders) } : {}),
    ...(responseHeaders ? { responseHeaders: plain(responseHeaders) } : {}),
  };
}

const HSTS = 'strict-transport-security';

function withoutHsts(route: Route): Route {
  if (!route.responseHeaders) return route;
  const others = (list: HeaderOps['set']) => list?.filter(([name]) => name !== HSTS);
  const { set, add, ...rest } = route.responseHeaders;
  const kept = { set: others(set), add: others(add) };
  return {
    ...route,
    responseHeaders: {
      ...rest,
      ...(kept.set?.length ? { set: kept.set } : {}),
      ...(kept.add?.length ? { add: kept.add } : {}),
    },
  };
}
