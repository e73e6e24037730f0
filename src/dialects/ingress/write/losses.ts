// What an Ingress has no field for: the items about gateways, chains and rules, whatever becomes of their paths.

import {
  type EffectiveGateway,
  type HttpChain,
  hostPlaces,
  ingressHostText,
  type Listener,
  type Origin,
  type Route,
  routesOf,
} from '../../../model/index.js';
import type { AddItem } from '../../item-list.js';

/** Where an item about a whole gateway points: its first rule, else what listens. */
export const placeOf = (gateway: EffectiveGateway): Origin | undefined =>
  routesOf(gateway)[0]?.origin ??
  gateway.listeners
    .flatMap((l) => [l.origin, ...l.filterChains.map((c) => c.origin)])
    .find((origin) => origin !== undefined);

/** `count`: how many gateways are translated at once. */
export function noteGateway({ engine, id }: EffectiveGateway, place: Origin, count: number, add: AddItem): void {
  if (engine !== 'plain')
    add(
      'engine.path-normalisation',
      `${engine} resolves /../ and escapes in paths before it matches; whether the controller of an Ingress does so depends on the controller`,
      place,
    );
  add(
    'ingress.ports',
    'an Ingress does not set ports and server names: its controller listens on 80, and on 443 if there is TLS',
    place,
  );
  if (count > 1)
    add(
      'ingress.one-gateway',
      `${id} is one of ${count} gateways: their hosts and paths become those of one controller`,
      place,
    );
}

/** `place`: of the gateway. */
export function noteChain(chain: HttpChain, { port, origin }: Listener, place: Origin | undefined, add: AddItem): void {
  notePolicies(chain, add);
  const { tls, virtualHosts } = chain;
  const asked = tls?.origin ?? chain.origin ?? origin ?? place;
  if (asked && tls && tls.mode !== 'simple')
    add('tls.client-certificate', 'an Ingress asks for no client certificate', asked);
  if (place) noteServerNames(chain, place, add);
  const [first] = virtualHosts[0]?.routes ?? [];
  if (port !== 80 && port !== 443 && first)
    add('port', `an Ingress answers on its controller's ports, 80 and 443, not on ${port}`, first.origin);
}

function noteServerNames({ tls, match, virtualHosts }: HttpChain, place: Origin, add: AddItem): void {
  if (!tls) return;
  const isWide = match.sni?.some((d) => d.kind !== 'exact');
  if (isWide || virtualHosts.every((v) => v.routes.length === 0))
    add(
      'tls.without-routes',
      'TLS is answered for names without a route (404); an Ingress has certificates for its rules only',
      place,
    );
  if (isWide)
    add(
      'tls.other-hosts',
      'an Ingress answers TLS for the names of its rules; here every name that the certificate is for is answered',
      place,
    );
}

function notePolicies({ policies, bodyLimit }: HttpChain, add: AddItem): void {
  if (bodyLimit?.maxBytes !== undefined)
    add('policies.body-limit', 'requests that no rule matches have no body limit', bodyLimit.origin);
  for (const { origin } of [...(policies?.authentication ?? []), ...(policies?.authorization ?? [])])
    add('policies', `an Ingress has no field for what ${origin.resource.kind} ${origin.resource.name} refuses`, origin);
  for (const { origin } of policies?.rateLimits ?? [])
    add('policies.rate-limit', 'an Ingress has no rate limits', origin);
}

/** "404 for everything else" needs no rule; what comes with it is lost. */
export function noteNotFound(route: Route, add: AddItem): void {
  const { responseHeaders, origin, action } = route;
  const names = [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);
  const others = names.filter((name) => name !== 'strict-transport-security');
  const lost = "answers of 404 are the controller's own:";
  if (others.length < names.length)
    add('hsts', `${lost} whether they have Strict-Transport-Security depends on it`, origin, { route });
  if (others.length > 0) add('not-found.headers', `${lost} they lose ${others.join(', ')}`, origin, { route });
  if (action.kind === 'direct-response' && action.body && !action.defaultBackend)
    add('direct-response.body', `${lost} they have no body of yours`, origin, { route });
}

/** What a rule asks besides its path and its backend. */
export function noteSideConditions(route: Route, add: AddItem): void {
  for (const { to, origin } of route.action.kind === 'forward' ? route.action.destinations : [])
    if ('host' in to && to.missing)
      add(
        'destination.unchecked',
        `${to.host}:${to.port} does not exist: the response then depends on the controller`,
        origin ?? route.origin,
        { route },
      );
  if (route.maxRequestBytes !== undefined)
    add(
      'max-request-bytes',
      `request bodies over ${route.maxRequestBytes} bytes get 413 from the source; an Ingress leaves that to its controller`,
      route.bodyLimitOrigin ?? route.origin,
    );
}

/** A host of which no rule could be written is not in the Ingress: rules for more hosts take its requests. `written`: the hosts that are. */
export function noteFallbacks(gateways: readonly EffectiveGateway[], written: ReadonlySet<string>, add: AddItem): void {
  const tails = new Set([...written].flatMap((w) => (w.startsWith('*') ? [w.slice(1)] : [])));
  const isTail = (name: string) => Array.from(name, (_, i) => name.slice(i)).some((tail) => tails.has(tail));
  for (const gateway of gateways)
    for (const { chain, virtualHost: host } of hostPlaces(gateway))
      for (const domain of host.domains) {
        const name = ingressHostText(domain);
        const origin = host.routes[0]?.origin ?? host.origin ?? chain.origin;
        if (written.has(name) || !origin) continue;
        if (!written.has('') && !tails.has('') && !isTail(name)) continue;
        const message = `no rule of ${name} can be expressed: its requests go to the rules of broader hosts`;
        const [route] = host.routes;
        add('host.fallback', message, origin, { hosts: [name], ...(route ? { route } : {}) });
      }
}
