// Every part of a gateway that holds something, with the places in the files that it comes from.

import type { At } from '../../dialects/accounts.js';
import type { WriteOptions } from '../../dialects/dialect.js';
import {
  type Action,
  type Condition,
  type EffectiveGateway,
  type FilterChain,
  INNER,
  type NodeName,
  type Nodes,
  type Origin,
  own,
  type Part,
  type Route,
  routesOf,
  type WeightedDestination,
} from '../../model/index.js';

export interface PresentPart {
  readonly part: Part;
  readonly value: unknown;
  readonly node: unknown;
  readonly at: At;
  /** Nearest first: of the value itself, of its node, of what the node stands in. */
  readonly origins: readonly Origin[];
}

/** `isWritten`: a rule is in the output. */
export function* partsOf(
  gateway: EffectiveGateway,
  options: WriteOptions,
  isWritten: (route: Route) => boolean,
): Generator<PresentPart> {
  const at: At = { gateway, options, served: true };
  const places = gateway.listeners.flatMap((l) => [l.origin, ...l.filterChains.map((c) => c.origin)]).filter(isOrigin);
  const objects = new Map(
    [...places, ...routesOf(gateway).map((r) => r.origin)].map((o) => [o.resource, { ...o, path: [] }]),
  );
  yield* node('Gateway', gateway, at, []);
  for (const origin of objects.values()) yield* node('Gateway', gateway, at, [origin]);
  for (const listener of gateway.listeners) {
    const context = listed([], listener.origin);
    yield* node('Listener', listener, at, context);
    // What a listener is bound to is said where its rules come from, too.
    for (const chain of listener.filterChains) {
      const served = chain.kind === 'l4' || chain.virtualHosts.some((v) => v.routes.some(isWritten));
      yield* ofChain(chain, { ...at, chain, served }, context);
    }
  }
}

function* ofChain(chain: FilterChain, at: At, context: readonly Origin[]): Generator<PresentPart> {
  const here = listed(context, chain.origin);
  yield* node('ChainMatch', chain.match, at, here);
  if (chain.tls) yield* node('TlsContext', chain.tls, at, here);
  if (chain.kind === 'l4') {
    yield* node('L4Chain', chain, at, here);
    for (const d of chain.destinations) yield* ofDestination(d, at, here);
    if (chain.policies) yield* node('L4Policies', chain.policies, at, here);
    return;
  }
  yield* node('HttpChain', chain, at, here);
  if (chain.policies) yield* node('HttpPolicies', chain.policies, at, here);
  for (const host of chain.virtualHosts) {
    // A host is named by each object that has rules for it.
    const objects = new Map(host.routes.map((r) => [r.origin.resource, { resource: r.origin.resource, path: [] }]));
    const places = [...(host.origin ? [host.origin] : []), ...objects.values()];
    for (const place of places.length > 0 ? places : [undefined])
      yield* node('VirtualHost', host, at, place ? [place, ...here] : here);
    for (const route of host.routes) yield* ofRoute(route, { ...at, route }, here);
  }
}

function* ofRoute(route: Route, at: At, context: readonly Origin[]): Generator<PresentPart> {
  const here = [...(route.matchOrigin ? [route.matchOrigin] : []), route.origin, ...(route.shapedBy ?? []), ...context];
  const limit = route.bodyLimitOrigin;
  for (const found of node('Route', route, at, here)) {
    yield found.part === 'Route.maxRequestBytes' && limit ? { ...found, origins: [limit] } : found;
    // Fields that say how a check is made go with it.
    if (found.part === 'Route.conditions')
      for (const { origin } of (found.value as Condition).details ?? []) yield { ...found, origins: [origin] };
  }
  yield* node('RouteMatch', route.match, at, here);
  if (route.requestHeaders) yield* node('RequestHeaders', route.requestHeaders, at, here);
  if (route.responseHeaders) yield* node('ResponseHeaders', route.responseHeaders, at, here);
  if (route.cors) yield* node('CorsPolicy', route.cors, at, here);
  if (route.fault) yield* node('Fault', route.fault, at, here);
  yield* ofAction(route.action, at, here);
}

function* ofAction(action: Action, at: At, here: readonly Origin[]): Generator<PresentPart> {
  if (action.kind === 'redirect') yield* node('Redirect', action, at, here);
  else if (action.kind === 'direct-response') yield* node('DirectResponse', action, at, here);
  else if (action.kind === 'forward') {
    yield* node('Forward', action, at, here);
    for (const d of action.destinations) yield* ofDestination(d, at, here);
    if (action.rewrite) yield* node('Rewrite', action.rewrite, at, here);
    if (action.delivery) yield* node('Delivery', action.delivery, at, here);
    for (const m of action.mirrors ?? []) {
      yield* node('Mirror', m, at, here);
      yield* node('Destination', m.destination, at, listed(here, m.origin));
    }
  }
}

function* ofDestination(d: WeightedDestination, at: At, context: readonly Origin[]): Generator<PresentPart> {
  const here = listed(context, d.origin);
  yield* node('WeightedDestination', d, at, here);
  if ('host' in d.to) {
    yield* node('Destination', d.to, at, here);
    const { tls } = d.to;
    // Said by the gateway, the rest by a policy.
    if (tls?.own) yield { part: 'Destination.tls', value: tls, node: d.to, at, origins: [tls.own.origin] };
  }
  if (d.requestHeaders) yield* node('RequestHeaders', d.requestHeaders, at, here);
  if (d.responseHeaders) yield* node('ResponseHeaders', d.responseHeaders, at, here);
}

/** The fields of a node that hold something; of a list of objects, each element. */
function* node<N extends NodeName>(
  name: N,
  value: Nodes[N],
  at: At,
  context: readonly Origin[],
): Generator<PresentPart> {
  const inner: readonly string[] = INNER[name];
  const origins = listed(context, (value as { readonly origin?: Origin }).origin);
  const { places = {} } = value as { readonly places?: Readonly<Record<string, readonly Origin[]>> };
  for (const [key, field] of Object.entries(value)) {
    if (inner.includes(key) || field === undefined || (Array.isArray(field) && field.length === 0)) continue;
    const part = `${name}.${key}` as Part;
    const elements = Array.isArray(field) && typeof field[0] === 'object' ? field : [field];
    for (const element of elements as readonly { readonly origin?: Origin }[])
      for (const place of own(places, key) ?? [element?.origin])
        yield { part, value: element, node: value, at, origins: listed(origins, place) };
  }
}

const listed = (context: readonly Origin[], own: Origin | undefined): readonly Origin[] =>
  own && own !== context[0] ? [own, ...context] : context;

const isOrigin = (origin: Origin | undefined): origin is Origin => origin !== undefined;
