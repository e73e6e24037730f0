// A request for one route, made of the texts in its match: cheap, not proven. Whoever shows it asks `answer` first.

import {
  type DomainPattern,
  type EffectiveGateway,
  type GatewayRequest,
  type HttpChain,
  hostPlaces,
  type Listener,
  put,
  type Route,
  type StringMatcher,
  type VirtualHost,
} from '../model/index.js';
import { compileDfa, findWord, parseRegex } from '../regex/index.js';

/** Characters of examples: what one can type and send as it stands. */
export const VISIBLE = [0x21, 0x7e];

/** A route and what it is in. */
export interface RoutePlace {
  readonly gateway: EffectiveGateway;
  readonly listener: Pick<Listener, 'port'>;
  readonly chain: HttpChain;
  readonly virtualHost: VirtualHost;
  readonly route: Route;
}

/** Visits every route of HTTP, in the order of the data plane. */
const places = new WeakMap<readonly EffectiveGateway[], readonly RoutePlace[]>();

/** In the order of the model. The places are made once for all rules. */
export function eachRoute(gateways: readonly EffectiveGateway[], visit: (place: RoutePlace) => void): void {
  let known = places.get(gateways);
  if (!known) {
    const found: RoutePlace[] = [];
    for (const gateway of gateways)
      for (const { listener, chain, virtualHost } of hostPlaces(gateway))
        for (const route of virtualHost.routes) found.push({ gateway, listener, chain, virtualHost, route });
    places.set(gateways, (known = found));
  }
  for (const place of known) visit(place);
}

const hostOf = (domain: DomainPattern | undefined): string =>
  domain === undefined || domain.kind === 'any'
    ? 'example.com'
    : domain.kind === 'exact'
      ? domain.value
      : `www${domain.value.startsWith('.') ? '' : '.'}${domain.value}`;

/** A value that the test takes, where one can be read off; of a pattern the shortest. */
function exampleValue(matcher: StringMatcher | undefined, otherwise: string): string | undefined {
  if (!matcher || matcher.kind === 'any') return otherwise;
  if (matcher.kind !== 'regex') return matcher.value;
  try {
    return findWord([compileDfa(parseRegex(matcher.pattern), VISIBLE)], ([a]) => a!, 2000);
  } catch {
    return undefined;
  }
}

/** `path` in place of one that the match takes. Undefined where a condition has no value that can be read off. */
export function exampleRequest(
  { gateway, listener, chain, virtualHost, route }: RoutePlace,
  path = exampleValue(route.match.path, '/'),
): GatewayRequest | undefined {
  const { match } = route;
  if (path === undefined || !path.startsWith('/') || match.source?.length || match.claims?.length) return undefined;
  let method = 'GET';
  let host = hostOf(virtualHost.domains[0]);
  const headers: Record<string, string> = {};
  for (const { name, value, invert } of match.headers) {
    if (invert) continue;
    const wanted = exampleValue(value, 'x');
    if (wanted === undefined || name === ':path' || name === ':scheme') return undefined;
    if (name === ':method') method = wanted;
    else if (name === ':authority') host = wanted;
    else put(headers, name, wanted);
  }
  const query: string[] = [];
  for (const { name, value, invert } of match.query) {
    if (invert) continue;
    const wanted = exampleValue(value, '1');
    if (wanted === undefined) return undefined;
    query.push(`${name}=${wanted}`);
  }
  return {
    gateway: gateway.id,
    port: listener.port,
    scheme: chain.tls ? 'https' : 'http',
    method,
    host,
    path: query.length ? `${path}?${query.join('&')}` : path,
    ...(Object.keys(headers).length ? { headers } : {}),
  };
}
