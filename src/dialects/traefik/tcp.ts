// IngressRouteTCPs as routers of connections: loadIngressRouteTCPConfiguration in pkg/provider/kubernetes/crd/kubernetes_tcp.go and
// addTCPHandlers in pkg/server/router/tcp/manager.go.

import {
  isObject,
  type JsonObject,
  type Origin,
  originOf,
  type Resource,
  type Unsupported,
  type WeightedDestination,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import {
  at,
  booleanOf,
  compareText,
  numberOf,
  objectOf,
  objectsOf,
  specOf,
  stringOf,
  stringsOf,
} from '../../resources/fields.js';
import { isTaken, listed } from './api-server.js';
import { numeric } from './ingress-routes.js';
import type { MiddlewareContext } from './middlewares/middleware.js';
import { Disabled, Dropped, idOf } from './names.js';
import { middlewareKeys, resolveReference } from './references.js';
import { isAddress } from './rules/literals.js';
import { RuleError } from './rules/parse.js';
import { portRef } from './services/crd.js';
import { findServicePort, hasEndpoints } from './services/kubernetes.js';
import type { EntryPoint } from './static.js';
import { compiled, snisOf, type TcpLiteral } from './tcp-rules.js';
import { DEFAULT_OPTIONS, type TlsOptions } from './tls-options.js';

/** A router of connections that works, at one entry point. */
export interface TcpEntry {
  /** Its object and rule. */
  readonly key: string;
  readonly rule: string;
  readonly matchOrigin: Origin;
  readonly entryPoint: EntryPoint;
  readonly alternatives: readonly (readonly TcpLiteral[])[];
  readonly priority: number;
  /** The rule is `HostSNI(`*`)` alone. */
  readonly catchAll: boolean;
  /** Absent: plain bytes. `broken`: its TLS options are not there, connections are closed. */
  readonly tls?: 'passthrough' | 'broken' | { readonly options: string };
  /** Ranges that the middlewares let in, all of them; others are hung up on. */
  readonly allowed: readonly { readonly cidrs: readonly string[]; readonly origin: Origin }[];
  readonly destinations: readonly WeightedDestination[];
  readonly origin: Origin;
}

export function tcpEntries(
  context: MiddlewareContext,
  options: TlsOptions,
  unsupported: Unsupported[],
): readonly TcpEntry[] {
  const { catalog, provider, verdicts } = context;
  const found = new Map<string, readonly TcpEntry[]>();
  for (const resource of listed(catalog, 'IngressRouteTCP')) {
    if (!isTaken(resource, provider)) continue;
    const spec = specOf(resource);
    for (const [i, route] of objectsOf(spec.routes).entries()) {
      const match = stringOf(route.match) ?? '';
      const origin = originOf(resource, 'spec', 'routes', i);
      try {
        found.set(
          `${idOf(resource.namespace, resource.name)}|${match}`,
          routeEntries({ resource, spec, route, index: i }, context, options, unsupported),
        );
      } catch (error) {
        if (error instanceof Dropped) verdicts.dropped(origin, error.message);
        else if (error instanceof Disabled || error instanceof RuleError)
          verdicts.disabled({ matchOrigin: at(origin, 'match') }, error.message);
        else throw error;
      }
    }
  }
  // Which of two with one priority decides is chance: the same one first, whatever the order of the files.
  return [...found.values()].flat().sort((a, b) => b.priority - a.priority || compareText(a.key, b.key));
}

interface Place {
  readonly resource: Resource;
  readonly spec: JsonObject;
  readonly route: JsonObject;
  readonly index: number;
}

function routeEntries(
  { resource, spec, route, index }: Place,
  context: MiddlewareContext,
  options: TlsOptions,
  unsupported: Unsupported[],
): readonly TcpEntry[] {
  const { provider } = context;
  const { namespace } = resource;
  const match = stringOf(route.match) ?? '';
  if (match === '') throw new Dropped('the match is empty');
  const middlewares = middlewareKeys(objectsOf(route.middlewares), namespace, provider);
  const { state, optionsName } = tlsState(spec, resource, context, options);
  const destinations = destinationsOf(resource, route, index, context);
  const { tree, alternatives } = compiled(match, (stringOf(route.syntax) || context.config.defaultRuleSyntax) === 'v2');
  const names = snisOf(tree);
  if (names.length > 0 && !isObject(spec.tls) && names[0] !== '*')
    throw new Disabled('HostSNI other than * needs TLS, and the route has no tls');
  const catchAll = tree.kind === 'call' && tree.args.length === 1 && tree.args[0] === '*' && tree.matcher === 'HostSNI';
  const priority = numeric(route.priority) || (catchAll ? -1 : Buffer.byteLength(match));
  const origin = originOf(resource, 'spec', 'routes', index);
  if (state === 'broken')
    context.verdicts.disabled({ matchOrigin: at(origin, 'match') }, `there is no TLSOption ${optionsName}`);
  else if (!destinations) throw new Disabled('none of its services is there');
  const allowed = state === 'broken' ? [] : allowedBy(middlewares, context);
  noteProtocols(alternatives, at(origin, 'match'), unsupported);
  return entryPointsOf(stringsOf(spec.entryPoints), context, at(origin, 'match')).map((entryPoint) => ({
    key: `${idOf(namespace, resource.name)}|${match}`,
    rule: match,
    matchOrigin: at(origin, 'match'),
    entryPoint,
    alternatives,
    priority,
    catchAll,
    ...(state === undefined ? {} : { tls: state }),
    allowed,
    destinations: destinations ?? [],
    origin,
  }));
}

/** @throws Dropped */
function tlsState(
  spec: JsonObject,
  { namespace }: Resource,
  { provider }: MiddlewareContext,
  options: TlsOptions,
): { readonly state: TcpEntry['tls']; readonly optionsName: string } {
  const tls = objectOf(spec.tls);
  const wanted = objectOf(tls?.options);
  const name = stringOf(wanted?.name);
  const optionsName = name
    ? resolveReference({ name, namespace: stringOf(wanted?.namespace) }, namespace, provider, 'TLSOption')
    : DEFAULT_OPTIONS;
  if (!tls) return { state: undefined, optionsName };
  if (booleanOf(tls.passthrough) === true) return { state: 'passthrough', optionsName };
  return { state: options.known(optionsName) ? { options: optionsName } : 'broken', optionsName };
}

function entryPointsOf(
  names: readonly string[],
  { config, verdicts }: MiddlewareContext,
  matchOrigin: Origin,
): readonly EntryPoint[] {
  const defaults = config.entryPoints.filter((e) => e.asDefault);
  const usual = (defaults.length > 0 ? defaults : config.entryPoints.filter((e) => e.name !== 'traefik')).map(
    (e) => e.name,
  );
  const found = [...new Set(names.length > 0 ? names : usual)].flatMap((name) => {
    const entryPoint = config.entryPoints.find((e) => e.name === name);
    if (!entryPoint) verdicts.warning({ matchOrigin }, `there is no entry point ${name}`);
    return entryPoint ? [entryPoint] : [];
  });
  if (found.length === 0) throw new Disabled('none of its entry points is there');
  return found;
}

/** What a client speaks is not in a request: without ALPN none of these rules matches. */
function noteProtocols(alternatives: TcpEntry['alternatives'], origin: Origin, unsupported: Unsupported[]): void {
  if (alternatives.some((a) => a.some((l) => l.on === 'alpn')))
    unsupported.push({
      feature: 'traefik.alpn',
      detail:
        'which protocols a client offers in its TLS handshake is not part of a request: it counts as offering none',
      effect: 'routing',
      origin,
    });
}

/** Undefined: no service is there. A service that is not is left out. */
function destinationsOf(
  resource: Resource,
  route: JsonObject,
  index: number,
  { catalog, provider, verdicts }: MiddlewareContext,
): readonly WeightedDestination[] | undefined {
  const { namespace } = resource;
  const services = objectsOf(route.services);
  const found: WeightedDestination[] = [];
  let any = false;
  for (const [i, service] of services.entries()) {
    const origin = originOf(resource, 'spec', 'routes', index, 'services', i);
    const ns = stringOf(service.namespace) || namespace;
    const name = stringOf(service.name) ?? '';
    try {
      if (ns !== namespace && !provider.allowCrossNamespace)
        throw new Dropped(`the Service ${ns}/${name} is in another namespace, and allowCrossNamespace is not set`);
      const port = findServicePort(catalog, ns, name, portRef(service.port), {
        externalName: provider.allowExternalNameServices,
        looksForExternalPort: true,
      });
      const empty = !hasEndpoints(catalog, port, { condition: 'ready', absent: false });
      if (empty && !provider.allowEmptyServices) throw new Dropped(`the Service ${ns}/${name} has no endpoints`);
      any = true;
      found.push({
        to: {
          ...port.to,
          protocol: 'tcp',
          ...(empty || !canShakeHands(service, namespace, catalog) ? { missing: 'service' as const } : {}),
          origin,
        },
        weight: numberOf(service.weight) ?? 1,
        origin,
      });
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      verdicts.note('traefik-warning', origin, `Traefik leaves the service out: ${error.message}`);
    }
  }
  return any ? found : undefined;
}

/** TLS to the destination needs a name to check, or leave not to check it (crypto/tls refuses the handshake otherwise). */
function canShakeHands(service: JsonObject, namespace: string, catalog: Catalog): boolean {
  if (booleanOf(service.tls) !== true) return true;
  const transport = catalog.find('traefik.io/ServersTransportTCP', namespace, stringOf(service.serversTransport) ?? '');
  const tls = objectOf(specOf(transport ?? ({ object: {} } as Resource)).tls);
  return booleanOf(tls?.insecureSkipVerify) === true || Boolean(stringOf(tls?.serverName)) || isObject(tls?.spiffe);
}

/** MiddlewareTCP: `ipAllowList` and `inFlightConn`. @throws Disabled */
function allowedBy(names: readonly string[], { catalog }: MiddlewareContext): TcpEntry['allowed'] {
  const all = new Map(listed(catalog, 'MiddlewareTCP').map((r) => [`${idOf(r.namespace, r.name)}@kubernetescrd`, r]));
  return names.flatMap((name) => {
    const resource = all.get(name);
    if (!resource) throw new Disabled(`there is no MiddlewareTCP ${name}`);
    const spec = specOf(resource);
    const key = isObject(spec.ipAllowList) ? 'ipAllowList' : isObject(spec.ipWhiteList) ? 'ipWhiteList' : undefined;
    if (key === undefined && !isObject(spec.inFlightConn)) throw new Disabled(`the MiddlewareTCP ${name} is empty`);
    if (key !== undefined && isObject(spec.inFlightConn))
      throw new Disabled(`the MiddlewareTCP ${name} has several kinds`);
    if (key === undefined) return [];
    const cidrs = stringsOf(objectOf(spec[key])?.sourceRange);
    if (cidrs.length === 0) throw new Disabled(`sourceRange of the MiddlewareTCP ${name} is empty`);
    for (const cidr of cidrs) if (!isAddress(cidr)) throw new Disabled(`${cidr} is no address and no range`);
    return [{ cidrs, origin: originOf(resource, 'spec', key) }];
  });
}
