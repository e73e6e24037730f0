// A TrafficSplit (split.smi-spec.io) parts what is meant for its root Service among backends, wherever it comes from inside of the mesh
// (github.com/servicemeshinterface/smi-spec, apis/traffic-split). A gateway is read as if it were in the mesh, which is said as an
// assumption. Gateways of Istio are not: Istio never read these objects.

import {
  type Assumption,
  type EffectiveGateway,
  type FilterChain,
  formatResource,
  type Json,
  type JsonObject,
  originOf,
  type Resource,
  type Route,
  routesOf,
  type Unsupported,
  type WeightedDestination,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { listOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { knowsService } from '../../resources/services.js';

interface Split {
  readonly resource: Resource;
  /** The root Service, fully qualified. */
  readonly root: string;
  readonly backends: readonly { readonly host: string; readonly weight: number; readonly missing: boolean }[];
  /** Only requests of certain HTTPRouteGroups are parted. */
  readonly matches: boolean;
}

export function overGateways(
  gateways: readonly EffectiveGateway[],
  catalog: Catalog,
): { readonly gateways: readonly EffectiveGateway[]; readonly assumptions: readonly Assumption[] } {
  const splits = new Map(
    catalog.ofKind('split.smi-spec.io/TrafficSplit').flatMap((r) => {
      const split = splitOf(r, catalog);
      return split ? [[split.root, split] as const] : [];
    }),
  );
  const used = new Set<Split>();
  const changed = gateways.map((gateway): EffectiveGateway => {
    if (gateway.direct || gateway.controlPlane === 'istio' || gateway.engine.startsWith('envoy')) return gateway;
    const unknowns = [...partly(gateway, splits), ...accessOf(gateway, catalog), ...limitsOf(gateway, catalog)];
    const listeners = gateway.listeners.map((listener) => ({
      ...listener,
      filterChains: listener.filterChains.map((chain) => withSplits(chain, splits, used)),
    }));
    return { ...gateway, listeners, unsupported: [...gateway.unsupported, ...unknowns] };
  });
  const assumptions = [...used].map(
    ({ root, resource }): Assumption => ({
      code: 'traffic-split',
      message: `requests for ${root} are split by ${formatResource(resource)}, as if the gateway were in its mesh`,
      hint: 'leave the object out where that mesh is gone (--exclude)',
      origin: originOf(resource),
    }),
  );
  return used.size > 0 || changed.some((g, i) => g !== gateways[i])
    ? { gateways: changed, assumptions }
    : { gateways, assumptions };
}

function splitOf(resource: Resource, catalog: Catalog): Split | undefined {
  const spec = specOf(resource);
  const root = stringOf(spec.service);
  if (root === undefined) return undefined;
  const { namespace } = resource;
  return {
    resource,
    root: hostOf(root, namespace),
    backends: objectsOf(spec.backends).flatMap((b) => {
      const name = stringOf(b.service);
      const weight = weightOf(b.weight);
      if (name === undefined || weight <= 0) return [];
      const host = hostOf(name, namespace);
      const [service = '', at = ''] = host.split('.');
      const missing = knowsService(catalog, at, service) && !catalog.find('/Service', at, service);
      return [{ host, weight, missing }];
    }),
    matches: listOf(spec.matches).length > 0,
  };
}

/** `web`, `web.shop` or the full name. */
function hostOf(service: string, namespace: string): string {
  const [name = '', at = namespace] = service.split('.');
  return `${name}.${at}.svc.cluster.local`;
}

/** A number; v1alpha1 has quantities (`500m`). */
function weightOf(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  const [, digits, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(stringOf(value) ?? '') ?? [];
  return digits === undefined ? 0 : Number(digits) / (milli ? 1000 : 1);
}

function withSplits(chain: FilterChain, splits: ReadonlyMap<string, Split>, used: Set<Split>): FilterChain {
  if (chain.kind === 'l4') return { ...chain, destinations: parted(chain.destinations, splits, used) };
  return {
    ...chain,
    virtualHosts: chain.virtualHosts.map((host) => ({
      ...host,
      routes: host.routes.map((route): Route => {
        const { action } = route;
        if (action.kind !== 'forward') return route;
        const destinations = parted(action.destinations, splits, used);
        return destinations === action.destinations ? route : { ...route, action: { ...action, destinations } };
      }),
    })),
  };
}

/** Weights stay in proportion: those of the others grow by what the backends of a split have together. */
function parted(
  destinations: readonly WeightedDestination[],
  splits: ReadonlyMap<string, Split>,
  used: Set<Split>,
): readonly WeightedDestination[] {
  const splitAt = ({ to }: WeightedDestination): Split | undefined => {
    const split = 'host' in to ? splits.get(to.host) : undefined;
    return split && !split.matches && split.backends.length > 0 ? split : undefined;
  };
  const sums = destinations.map((d) => splitAt(d)?.backends.reduce((sum, b) => sum + b.weight, 0) ?? 1);
  const scale = sums.reduce((a, b) => a * b, 1);
  if (!destinations.some((d) => splitAt(d))) return destinations;
  return destinations.flatMap((d, i): readonly WeightedDestination[] => {
    const split = splitAt(d);
    if (!split || !('host' in d.to)) return [{ ...d, weight: d.weight * scale }];
    used.add(split);
    const { to } = d;
    return split.backends.map(({ host, weight, missing }) => ({
      ...d,
      to: { ...to, host, ...(missing ? { missing: 'service' as const } : {}) },
      // Of one destination the weights are those of the split, as people wrote them.
      weight: destinations.length === 1 ? weight : (d.weight * weight * scale) / sums[i]!,
    }));
  });
}

/** The rules that lead to a Service, by their objects. */
function objectsTo(gateway: EffectiveGateway, takes: (host: string) => boolean): string[] {
  const found = routesOf(gateway).filter(
    ({ action }) => action.kind === 'forward' && action.destinations.some(({ to }) => 'host' in to && takes(to.host)),
  );
  return [...new Set(found.map(({ origin }) => formatResource(origin.resource)))];
}

const unknown = (
  gateway: EffectiveGateway,
  resource: Resource,
  takes: (host: string) => boolean,
  about: Pick<Unsupported, 'feature' | 'detail' | 'effect'>,
): Unsupported[] => {
  const objects = objectsTo(gateway, takes);
  return objects.length > 0
    ? [{ ...about, reach: { objects }, content: specOf(resource), origin: originOf(resource, 'spec') }]
    : [];
};

function partly(gateway: EffectiveGateway, splits: ReadonlyMap<string, Split>): Unsupported[] {
  return [...splits.values()].flatMap(({ resource, root, matches }) =>
    matches
      ? unknown(gateway, resource, (host) => host === root, {
          feature: 'smi.traffic-split-matches',
          detail: `requests for ${root} that ${formatResource(resource)} names by HTTPRouteGroups are split in the mesh; here none is`,
          effect: 'routing',
        })
      : [],
  );
}

function accessOf(gateway: EffectiveGateway, catalog: Catalog): Unsupported[] {
  return catalog.ofKind('access.smi-spec.io/TrafficTarget').flatMap((resource) => {
    const namespace = stringOf(objectOf(specOf(resource).destination)?.namespace) ?? resource.namespace;
    return unknown(gateway, resource, (host) => host.split('.')[1] === namespace, {
      feature: 'smi.traffic-target',
      detail: `${formatResource(resource)} limits by service accounts who may call pods of namespace ${namespace}; whether the gateway may is not predicted`,
      effect: 'security',
    });
  });
}

function limitsOf(gateway: EffectiveGateway, catalog: Catalog): Unsupported[] {
  return ['RateLimit', 'CircuitBreaker'].flatMap((kind) =>
    catalog.ofKind(`specs.smi.nginx.com/${kind}`).flatMap((resource) => {
      const to: JsonObject = objectOf(specOf(resource).destination) ?? {};
      const host = hostOf(stringOf(to.name) ?? '', stringOf(to.namespace) ?? resource.namespace);
      return unknown(gateway, resource, (h) => h === host, {
        feature: `smi.${kind === 'RateLimit' ? 'rate-limit' : 'circuit-breaker'}`,
        detail: `${formatResource(resource)} of NGINX Service Mesh may answer requests for ${host} before they arrive`,
        effect: 'change',
      });
    }),
  );
}
