// The model as networking.k8s.io/v1 Ingress, by the Kubernetes specification: hosts, paths, backends, certificates. Nothing else can be
// said, so every other condition or change of a route refuses the route, and a string prefix becomes the narrower segment prefix.

import {
  type Destination,
  type DomainPattern,
  type EffectiveGateway,
  type FilterChain,
  greatest,
  type HttpChain,
  hostPlaces,
  ingressHostText,
  isNotFound,
  type Listener,
  type Route,
  routesOf,
  type StringMatcher,
  type VirtualHost,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { type AddItem, addUnsupported, type ItemList, itemList } from '../item-list.js';
import { noteLeftCheck } from '../without-check.js';
import { type Path, pathKey, pathList, trimmed } from './path-list.js';

/** A rule that an earlier one of its host takes whole. */
interface Covered {
  readonly name: string;
  readonly path: Path;
  readonly route: Route;
}

/** A route as a path, or why not. */
type Written =
  | { readonly path: Path; readonly namespace: string; readonly narrower?: boolean }
  | { readonly impossible: string };

/** What comes into the Ingress of one namespace. */
interface OfNamespace {
  /** By host, then by `pathKey`. */
  readonly rules: Map<string, Map<string, Path>>;
  /** Hosts by the Secret of their certificate. */
  readonly tls: Map<string, Set<string>>;
}

/** One Ingress per namespace of backends; rules sorted as the model has its hosts. */
export function write(gateways: readonly EffectiveGateway[], _catalog: Catalog, options: WriteOptions): WriteResult {
  const report = { ...itemList(), remarks: new Map<object, string>() };
  const { items, add, rules } = report;
  const namespaces = new Map<string, OfNamespace>();
  const of = (namespace: string) => {
    let entry = namespaces.get(namespace);
    if (!entry) namespaces.set(namespace, (entry = { rules: new Map(), tls: new Map() }));
    return entry;
  };
  const covered: Covered[] = [];
  for (const source of gateways) {
    const gateway = withCertificates(source, options, { add });
    for (const u of gateway.unsupported) addUnsupported(u, { add });
    const anywhere = firstRoute(gateway)?.origin ?? originOf(gateway);
    if (anywhere && gateway.engine !== 'plain')
      add(
        'engine.path-normalisation',
        `${gateway.engine} resolves /../ and escapes in paths before it matches; whether the controller of an Ingress does so depends on the controller`,
        anywhere,
      );
    if (anywhere)
      add(
        'ingress.ports',
        'an Ingress does not set ports and server names: its controller listens on 80, and on 443 if there is TLS',
        anywhere,
      );
    if (anywhere && gateways.length > 1)
      add(
        'ingress.one-gateway',
        `${gateway.id} is one of ${gateways.length} gateways: their hosts and paths become those of one controller`,
        anywhere,
      );
    for (const listener of gateway.listeners) {
      for (const chain of listener.filterChains) {
        if (chain.kind === 'l4') {
          add('l4', 'an Ingress forwards HTTP only; TCP and TLS passthrough are not supported', chain.origin);
          continue;
        }
        notePolicies(chain, add);
        const asked = chain.tls?.origin ?? chain.origin ?? listener.origin ?? anywhere;
        if (asked && chain.tls && chain.tls.mode !== 'simple')
          add('tls.client-certificate', 'an Ingress asks for no client certificate', asked);
        const wide = chain.tls !== undefined && chain.match.sni?.some((d) => d.kind !== 'exact');
        if (anywhere && chain.tls && (wide || chain.virtualHosts.every((v) => v.routes.length === 0)))
          add(
            'tls.without-routes',
            'TLS is answered for names without a route (404); an Ingress has certificates for its rules only',
            anywhere,
          );
        if (anywhere && wide)
          add(
            'tls.other-hosts',
            'an Ingress answers TLS for the names of its rules; here every name that the certificate is for is answered',
            anywhere,
          );
        if (listener.port !== 80 && listener.port !== 443 && chain.virtualHosts[0]?.routes[0])
          add(
            'port',
            `an Ingress answers on its controller's ports, 80 and 443, not on ${listener.port}`,
            chain.virtualHosts[0].routes[0].origin,
          );
        for (const host of chain.virtualHosts) {
          for (const domain of host.domains) {
            if (!isTakenByOther(domain, chain, listener)) addHost(domain, host, chain, of, covered, report, options);
            else if (host.routes[0]) {
              for (const route of host.routes) report.needless(route);
              add(
                'tls.other-hosts',
                `${ingressHostText(domain)} is answered by these rules only on TLS connections for another server name: not in the Ingress`,
                host.routes[0].origin,
              );
            }
          }
        }
      }
    }
  }
  // What another port has is in the Ingress all the same.
  const isWritten = ({ name, path }: Covered) =>
    [...namespaces.values()].some((n) => n.rules.get(name)?.has(pathKey(path)));
  for (const rule of covered)
    if (!isWritten(rule))
      add(
        'route.order',
        'an earlier rule matches these requests; an Ingress prefers the longest path, so the rule is left out',
        rule.route.origin,
        { route: rule.route, hosts: [rule.name] },
      );
  noteFallbacks(gateways, new Set([...namespaces.values()].flatMap((n) => [...n.rules.keys()])), add);
  const objects = [...namespaces]
    .filter(([, n]) => n.rules.size > 0)
    .map(([namespace, n]) => ingress(namespace, n.rules, n.tls));
  // Whoever reads them: what an Ingress means by itself is one gateway.
  return { objects, items, rules, remarks: report.remarks, renamed: new Map(gateways.map((g) => [g.id, 'ingress'])) };
}

/** Of a gateway without rules. */
const originOf = ({ listeners }: EffectiveGateway): Route['origin'] | undefined =>
  listeners.flatMap((l) => [l.origin, ...l.filterChains.map((c) => c.origin)]).find((o) => o !== undefined);

function notePolicies({ policies, bodyLimit }: HttpChain, add: AddItem): void {
  if (bodyLimit?.maxBytes !== undefined)
    add('policies.body-limit', 'requests that no rule matches have no body limit', bodyLimit.origin);
  for (const { origin } of [...(policies?.authentication ?? []), ...(policies?.authorization ?? [])])
    add('policies', `an Ingress has no field for what ${origin.resource.kind} ${origin.resource.name} refuses`, origin);
  for (const { origin } of policies?.rateLimits ?? [])
    add('policies.rate-limit', 'an Ingress has no rate limits', origin);
}

/** A host of which nothing could be said is not in the Ingress: rules for more hosts take its requests. */
function noteFallbacks(gateways: readonly EffectiveGateway[], written: ReadonlySet<string>, add: AddItem): void {
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

const firstRoute = (gateway: EffectiveGateway): Route | undefined => routesOf(gateway)[0];

function addHost(
  domain: DomainPattern,
  host: VirtualHost,
  chain: HttpChain,
  of: (namespace: string) => OfNamespace,
  covered: Covered[],
  report: ItemList & { readonly remarks: Map<object, string> },
  options: WriteOptions,
): void {
  const { add, wrote, needless } = report;
  const name = ingressHostText(domain);
  const first = host.routes[0];
  if (domain.kind === 'suffix' && first)
    add('host.wildcard', `${name} of an Ingress matches one label; here it matches any number`, first.origin);
  const written = pathList();
  const exact = exactBackends(host.routes);
  for (const route of host.routes) {
    const result = writeRoute(route);
    for (const c of route.conditions ?? []) noteLeftCheck(c, add);
    if ('impossible' in result) {
      if (route === host.routes.at(-1) && isNotFound(route)) {
        noteAnswer(route, add);
        needless(route);
      } else
        add('route', `${result.impossible}; the rule is left out`, route.matchOrigin ?? route.origin, {
          route,
        });
      continue;
    }
    noteSideConditions(route, add);
    // A path that an earlier one takes whole is never reached: an Ingress, which prefers the longest path, would bring it to life.
    const taker = written.takerOf(result.path);
    if (taker) {
      needless(route);
      if (JSON.stringify(taker.backend) !== JSON.stringify(result.path.backend))
        covered.push({ name, path: result.path, route });
      continue;
    }
    // `/cart/` and the same for `/cart` is just what Prefix means.
    const slash =
      result.path.path.endsWith('/') && exact.get(trimmed(result.path.path))?.has(JSON.stringify(result.path.backend));
    if (result.narrower && !slash)
      add(
        'path.prefix',
        result.path.path.endsWith('/')
          ? `Prefix ${result.path.path} of an Ingress also matches ${result.path.path.slice(0, -1)}`
          : `prefix ${result.path.path} also matches ${result.path.path}x here; Prefix of an Ingress ends at a slash`,
        route.matchOrigin ?? route.origin,
      );
    written.add(result.path);
    if (route.remark !== undefined) report.remarks.set(result.path, route.remark);
    wrote(route);
    const entry = of(result.namespace);
    const paths = entry.rules.get(name) ?? new Map<string, Path>();
    entry.rules.set(name, paths);
    if (!paths.has(pathKey(result.path))) paths.set(pathKey(result.path), result.path);
    const secrets = secretsFor(domain, chain, options);
    if (chain.tls && secrets.length === 0)
      add(
        'tls.certificate-files',
        `no Secret holds the certificate for ${name || 'any host'}: --default-tls-secret NAMESPACE/NAME names one`,
        first!.origin,
      );
    for (const secret of secrets) {
      if (secret.namespace !== undefined && secret.namespace !== result.namespace)
        add(
          'tls.secret-namespace',
          `copy Secret ${secret.namespace}/${secret.name} to ${result.namespace}: an Ingress reads certificates from its own namespace`,
          first!.origin,
        );
      entry.tls.set(secret.name, (entry.tls.get(secret.name) ?? new Set()).add(name));
    }
  }
}

/** "404 for everything else" needs no rule; what comes with it is lost. */
function noteAnswer(route: Route, add: AddItem): void {
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

/** What a rule asks besides, which an Ingress has no field for. */
function noteSideConditions(route: Route, add: AddItem): void {
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

function secretsFor(
  domain: DomainPattern,
  chain: HttpChain,
  options: WriteOptions,
): { namespace?: string; name: string }[] {
  const { sni } = chain.match;
  if (!chain.tls || (sni && !sni.some((s) => takes(s, domain)))) return [];
  const own = chain.tls.certificates?.find((c) =>
    c.hosts.some(
      (h) => h.kind === domain.kind && (h.kind === 'any' || (domain.kind !== 'any' && h.value === domain.value)),
    ),
  );
  const secret = own?.credential ?? chain.tls.credentials[0] ?? options.defaultTlsSecret;
  return secret ? [secret] : [];
}

/** A client that asks in TLS for the name it wants comes to another chain, whose names are closer to it: the most specific one wins. */
function isTakenByOther(domain: DomainPattern, chain: HttpChain, { filterChains }: Listener): boolean {
  const closest = ({ match }: FilterChain): number =>
    greatest(
      (match.sni ?? [ANY]).filter((s) => takes(s, domain)).map((s) => (s.kind === 'any' ? 0 : s.value.length)),
      -1,
    );
  const own = closest(chain);
  return (
    chain.tls !== undefined &&
    own >= 0 &&
    filterChains.some((c) => c.match.transport === 'tls' && !c.match.source && !c.match.destination && closest(c) > own)
  );
}

const ANY: DomainPattern = { kind: 'any' };

/** Every name of `inner` is one of `outer`. */
function takes(outer: DomainPattern, inner: DomainPattern): boolean {
  if (outer.kind === 'any') return true;
  if (inner.kind === 'any') return false;
  return outer.value === inner.value
    ? outer.kind === inner.kind || outer.kind === 'suffix'
    : outer.kind !== 'exact' && inner.value.endsWith(outer.value);
}

function writeRoute(route: Route): Written {
  const { match, action } = route;
  if (match.headers.length || match.query.length || match.claims?.length || match.source?.length)
    return { impossible: 'an Ingress decides by host and path only' };
  if (action.kind !== 'forward') return { impossible: 'an Ingress only forwards' };
  if (
    action.rewrite ||
    route.requestHeaders ||
    route.responseHeaders ||
    route.cors ||
    route.fault ||
    action.mirrors?.length
  )
    return { impossible: 'an Ingress changes neither requests nor answers (rewrite, headers, CORS, faults, mirrors)' };
  const live = action.destinations.filter((d) => d.weight > 0 || action.destinations.length === 1);
  const [only] = live;
  if (live.length !== 1 || !only || !('host' in only.to)) return { impossible: 'an Ingress has one backend per path' };
  if (only.requestHeaders || only.responseHeaders || only.hostRewrite || only.to.subset)
    return { impossible: 'an Ingress backend is a Service and a port, without subset or changes' };
  const service = serviceOf(only.to);
  if (!service) return { impossible: `${only.to.host} is not a Service of the cluster` };
  const path = pathOf(match.path);
  if (!path) return { impossible: 'an Ingress path is exact or a prefix, not a regular expression' };
  const backend = {
    service: {
      name: service.name,
      port: only.to.portName === undefined ? { number: only.to.port } : { name: only.to.portName },
    },
  };
  return {
    path: { path: path.path, pathType: path.pathType, backend },
    namespace: service.namespace,
    ...(path.narrower ? { narrower: true } : {}),
  };
}

function pathOf(
  m: StringMatcher | undefined,
): { path: string; pathType: 'Exact' | 'Prefix'; narrower?: boolean } | undefined {
  if (!m || m.kind === 'any') return { path: '/', pathType: 'Prefix' };
  if (m.kind === 'regex' || m.ignoreCase || !(m.value === '' || m.value.startsWith('/'))) return undefined;
  if (m.kind === 'exact') return { path: m.value, pathType: 'Exact' };
  if (m.kind === 'segment-prefix') return { path: m.value || '/', pathType: 'Prefix' };
  if (m.kind !== 'prefix') return undefined;
  return m.value === '/' || m.value === ''
    ? { path: '/', pathType: 'Prefix' }
    : { path: m.value, pathType: 'Prefix', narrower: true };
}

/** Where exact paths are sent, by path: backends as texts. */
function exactBackends(routes: readonly Route[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const route of routes) {
    const { path } = route.match;
    if (path?.kind !== 'exact') continue;
    const result = writeRoute(route);
    if ('path' in result)
      found.set(path.value, (found.get(path.value) ?? new Set()).add(JSON.stringify(result.path.backend)));
  }
  return found;
}

function serviceOf(d: Destination): { name: string; namespace: string } | undefined {
  const m = /^([^.]+)\.([^.]+)\.svc(\.|$)/.exec(d.host);
  return m ? { name: m[1]!, namespace: m[2]! } : undefined;
}

function ingress(namespace: string, rules: OfNamespace['rules'], tls: ReadonlyMap<string, ReadonlySet<string>>) {
  const hosts = [...rules.keys()];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: hosts.length === 1 && hosts[0] ? hosts[0].replace(/^\*\./, 'any-').replace(/\./g, '-') : 'ingress',
      namespace,
    },
    spec: {
      ...(tls.size > 0
        ? { tls: [...tls].map(([secretName, names]) => ({ hosts: [...names].filter(Boolean), secretName })) }
        : {}),
      rules: [...rules].map(([host, paths]) => ({ ...(host ? { host } : {}), http: { paths: [...paths.values()] } })),
    },
  };
}
