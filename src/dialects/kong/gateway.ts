// Kong's objects as a gateway: classes of hosts, the order of the router in each, plugins and services behind it.

import {
  append,
  type EffectiveGateway,
  type Engine,
  type FilterChain,
  formatResource,
  type HttpChain,
  type Listener,
  type Route,
  type TlsContext,
  type Unsupported,
  type VirtualHost,
} from '../../model/index.js';
import type { Flavor, KongCertificate, KongConfig, KongRoute } from './entities.js';
import { guardsByName, isRead, isSilent } from './plugins/index.js';
import { configured, pluginSet } from './plugins/run.js';
import { compatibleOrder } from './router/compatible.js';
import type { Entry } from './router/entry.js';
import { domainOf, type HostClass, hostClasses, hostSpecFor } from './router/hosts.js';
import { overlap } from './router/overlap.js';
import { entryRoutes, noRoute, type RouteContext } from './router/routes.js';
import { ties, traditionalOrder, traditionalRouter } from './router/traditional.js';
import { unknownsOf } from './upstream-policy.js';

const ENGINES: Readonly<Record<Flavor, Engine>> = {
  traditional_compatible: 'kong',
  traditional: 'kong-traditional',
  expressions: 'kong-expressions',
};

type Names = Pick<EffectiveGateway, 'id' | 'aliases' | 'usual'>;

export function gatewayOf(names: Names, config: KongConfig, more: readonly Unsupported[] = []): EffectiveGateway {
  const unsupported = new Map<string, Unsupported>();
  const collect = (item: Unsupported): void => {
    const { resource, path } = item.origin;
    const key = `${item.feature}|${resource.order}|${path.join('/')}|${item.detail}`;
    const known = unsupported.get(key);
    const objects = [...new Set([...(known?.reach?.objects ?? []), ...(item.reach?.objects ?? [])])];
    unsupported.set(key, objects.length > 0 ? { ...item, reach: { objects } } : item);
  };
  for (const item of [...more, ...otherPlugins(config), ...healthChecks(config)]) collect(item);
  const http = config.routes.filter(({ protocols }) => protocols.some((p) => /^(https?|grpcs?|wss?)$/.test(p)));
  const plugins = pluginSet(config.plugins, config.consumers);
  const { origin } = config;
  const hosts = (scheme: 'http' | 'https', sni: string | undefined): readonly VirtualHost[] =>
    virtualHosts(
      http.filter((r) => (scheme === 'http' || takesSni(r, sni)) && takesScheme(r, scheme)),
      {
        flavor: config.flavor,
        scheme,
        plugins,
        unsupported: collect,
        origin: http[0]?.origin ?? origin,
      },
    );
  const { streams = [] } = config;
  const ofHttp = (): readonly Listener[] => [
    { port: 80, filterChains: [{ kind: 'http', match: { transport: 'raw' }, virtualHosts: hosts('http', undefined) }] },
    { port: 443, filterChains: secureChains(http, config.certificates, (sni) => hosts('https', sni)) },
  ];
  // Without any route nothing else says where the answers come from.
  const placed = (listener: Listener): Listener =>
    listener.filterChains.some((c) => c.kind === 'http' && c.virtualHosts.some((host) => host.routes.length > 0))
      ? listener
      : { ...listener, filterChains: listener.filterChains.map((chain) => ({ ...chain, origin })) };
  // Of a Kong for bytes alone, its 404 for every request is left out.
  const listeners = [...(http.length === 0 && streams.length > 0 ? [] : ofHttp().map(placed)), ...streams];
  return {
    ...names,
    dialect: 'kong',
    engine: ENGINES[config.flavor],
    podLabels: [{ 'app.kubernetes.io/component': 'app', 'app.kubernetes.io/name': 'kong' }],
    listeners,
    unsupported: [...unsupported.values()],
  };
}

/** An expression is for the schemes of the route alone (kong/router/expressions.lua), but for https, which redirects. */
function takesScheme({ priority, protocols }: KongRoute, scheme: 'http' | 'https'): boolean {
  if (priority === undefined || (protocols.length === 1 && protocols[0] === 'https')) return true;
  return protocols.some((word) => (word === 'grpc' ? 'http' : word === 'grpcs' ? 'https' : word) === scheme);
}

/** A name with a dot at its end is the name. */
const plainSni = (sni: string): string => (sni.length > 1 ? sni.replace(/\.$/, '') : sni);

function takesSni({ snis }: KongRoute, sni: string | undefined): boolean {
  return snis.length === 0 || (sni !== undefined && snis.some((name) => fitsSni(plainSni(name), sni)));
}

const fitsSni = (name: string, sni: string): boolean =>
  name.startsWith('*')
    ? sni.endsWith(name.slice(1))
    : name.endsWith('*')
      ? sni.startsWith(name.slice(0, -1))
      : name === sni;

/** One chain for each server name that routes ask for, and one for the others; certificates do not decide between routes. */
function secureChains(
  routes: readonly KongRoute[],
  certificates: readonly KongCertificate[],
  hosts: (sni: string | undefined) => readonly VirtualHost[],
): readonly FilterChain[] {
  const names = [...new Set(routes.flatMap(({ snis }) => snis.map(plainSni)))].filter((name) => !/\*$/.test(name));
  const tls = tlsContext(certificates);
  const chain = (sni: string | undefined): HttpChain => ({
    kind: 'http',
    match: {
      transport: 'tls',
      ...(sni === undefined
        ? {}
        : {
            sni: [
              sni.startsWith('*')
                ? { kind: 'suffix', value: sni.slice(1) }
                : { kind: 'exact', value: sni.toLowerCase() },
            ],
          }),
    },
    tls,
    virtualHosts: hosts(sni),
  });
  return [...names.map(chain), chain(undefined)];
}

/** Names without a certificate get Kong's own. */
function tlsContext(certificates: readonly KongCertificate[]): TlsContext {
  const named = certificates.filter(({ hosts }) => hosts.length > 0);
  return {
    mode: 'simple',
    credentials: [],
    ownCertificate: true,
    ...(named.length > 0
      ? {
          certificates: named.map(({ hosts, credential, origin }) => ({
            hosts: hosts.map((name) =>
              domainOf(
                name === '*'
                  ? { kind: 'any' }
                  : name.startsWith('*.')
                    ? { kind: 'suffix', value: name.slice(1) }
                    : { kind: 'exact', name },
              ),
            ),
            credential,
            origin,
          })),
        }
      : {}),
  };
}

function virtualHosts(routes: readonly KongRoute[], context: RouteContext): readonly VirtualHost[] {
  const { flavor } = context;
  const compatible = flavor === 'traditional' ? [] : compatibleOrder(routes);
  const router = flavor === 'traditional' ? traditionalRouter(routes) : undefined;
  for (const route of unreliable(compatible)) context.unsupported(unreliablePlace(route));
  if (router) for (const pair of ties(router)) for (const item of tied(pair)) context.unsupported(item);
  else for (const route of routes) if (dependsOnCache(route)) context.unsupported(cached(route));
  return hostClasses(routes.flatMap(({ hosts }) => hosts)).map((host) => ({
    name: host.kind === 'exact' ? host.name : host.kind === 'suffix' ? `*${host.value}` : '*',
    domains: [domainOf(host)],
    routes: [...routesFor(host, router ? traditionalOrder(router, host) : compatible, context), ...noRoute(context)],
  }));
}

function routesFor(host: HostClass, entries: readonly Entry[], context: RouteContext): readonly Route[] {
  const routes: Route[] = [];
  for (const entry of entries) {
    const spec = hostSpecFor(entry.route.hosts, host);
    if (spec !== 'no') append(routes, entryRoutes(entry, spec === 'yes' ? undefined : spec, context));
  }
  return routes;
}

/** Routes whose place is not reliable and matters: another route may take the same requests. */
const unreliable = (entries: readonly Entry[]): readonly KongRoute[] =>
  entries
    .filter(
      (a) => a.unreliable && entries.some((b) => b.route !== a.route && overlap(a.route, a.paths, b.route, b.paths)),
    )
    .map(({ route }) => route);

const unreliablePlace = (route: KongRoute): Unsupported => ({
  feature: 'kong.order',
  detail: `the place of route ${route.name} among the others is not reliable in Kong: four fields or more, or a regex-priority outside of 0 to 4095, overflow its priority`,
  effect: 'routing',
  reach: { objects: [formatResource(route.origin.resource)] },
  origin: route.origin,
});

/** Both are told of the other: which of them a request meets is not known. */
const tied = (pair: readonly [KongRoute, KongRoute]): readonly Unsupported[] =>
  pair.map((route, i) => ({
    feature: 'kong.tie',
    detail: `routes ${pair[0].name} and ${pair[1].name} are equal to the router: which of them takes a request that both match depends on a sort that is not stable`,
    effect: 'routing',
    reach: { objects: [formatResource(pair[1 - i]!.origin.resource), formatResource(route.origin.resource)] },
    origin: route.origin,
  }));

/** The router remembers its choice by path, host and headers, without the scheme and, for http, without the server name. */
const dependsOnCache = ({ priority, protocols, snis }: KongRoute): boolean =>
  snis.length > 0 || (priority !== undefined && protocols.length === 1 && protocols[0] !== 'https');

const cached = (route: KongRoute): Unsupported => ({
  feature: 'kong.cache',
  detail: `route ${route.name} is for one scheme or for server names, and Kong's router remembers its choices without the scheme: who asked first, over http or https, decides for the other`,
  effect: 'routing',
  ...(route.hosts.length > 0
    ? {
        reach: {
          hosts: hostClasses(route.hosts)
            .filter((h) => h.kind !== 'any')
            .map(domainOf),
        },
      }
    : {}),
  origin: route.origin,
});

/** What policies of upstreams can change, at the routes to their services. */
const healthChecks = ({ routes }: KongConfig): readonly Unsupported[] =>
  routes.flatMap(({ service, origin }) =>
    (service?.policy ? unknownsOf(service.policy) : []).map((item) => ({
      ...item,
      reach: { objects: [formatResource(origin.resource)] },
    })),
  );

/** What some plugins that are not read are there for. */
const NEEDS = new Map([
  ['grpc-gateway', 'protocol-conversion'],
  ['grpc-web', 'protocol-conversion'],
  ['ldap-auth', 'basic-auth'],
  ['hmac-auth', 'basic-auth'],
  ['oauth2', 'jwt'],
  ['response-ratelimiting', 'rate-limit'],
]);

/** Plugins that are not read, where they run. */
function otherPlugins({ plugins, routes }: KongConfig): readonly Unsupported[] {
  const others = plugins.filter(({ name, enabled }) => enabled && !isRead(name) && !isSilent(name));
  return others.map((plugin): Unsupported => {
    const at = routes.filter(
      (route) => configured([{ ...plugin }], route, undefined) !== undefined || plugin.consumer !== undefined,
    );
    const global = plugin.route === undefined && plugin.service === undefined;
    const need = NEEDS.get(plugin.name);
    return {
      feature: `plugin.${plugin.name}`,
      detail: `what the plugin ${plugin.name} does is not predicted`,
      effect: guardsByName(plugin.name) ? 'security' : 'change',
      ...(guardsByName(plugin.name) ? { guards: true } : {}),
      ...(need === undefined ? {} : { need }),
      ...(global ? {} : { reach: { objects: [...new Set(at.map((r) => formatResource(r.origin.resource)))] } }),
      content: plugin.config,
      origin: plugin.origin,
    };
  });
}
