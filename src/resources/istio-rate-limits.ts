// Local rate limits that an EnvoyFilter puts in front of a gateway, in the two forms that Istio documents: HTTP_FILTER with
// envoy.filters.http.local_ratelimit and a token bucket, for the whole gateway; and that filter with buckets for routes or
// virtual hosts (istio.io, Tasks, "Enabling Rate Limits using Envoy"; tests/integration/telemetry/policy/testdata/
// enable_envoy_local_ratelimit{,_per_route}.yaml, Istio source of 2026-08-22). Every other patch is named as unsupported.

import type { JsonObject, Origin, RateLimit, Resource, Unsupported } from '../model/index.js';
import { originOf } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { compareAge, createdAt } from './creation.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf } from './fields.js';
import { type GatewayWorkload, labelsInclude, ROOT_NAMESPACE } from './istio-destination-rules.js';
import { type Bucket, bucketOf, FILTER } from './istio-token-bucket.js';

export interface RateLimits {
  readonly rateLimits: readonly RateLimit[];
  /** Patches that are not read. */
  readonly unsupported: readonly Unsupported[];
}

interface Patch {
  readonly patch: JsonObject;
  readonly resource: Resource;
  readonly origin: Origin;
}

export function rateLimits(catalog: Catalog, workload: GatewayWorkload): RateLimits {
  const unsupported: Unsupported[] = [];
  const skip = ({ resource, origin }: Patch, what: string): undefined => {
    unsupported.push({
      feature: 'envoyfilter',
      detail: `EnvoyFilter ${resource.namespace}/${resource.name} patches the gateway's Envoy: ${what} is not simulated.`,
      effect: 'routing',
      origin,
    });
  };
  const patches = patchesFor(catalog, workload);
  const filters = patches.flatMap((patch) => {
    if (patch.patch.applyTo === 'HTTP_FILTER') {
      const read = readFilter(patch.patch);
      if (typeof read !== 'string') return [{ ...read, origin: patch.origin }];
      skip(patch, read);
    }
    return [];
  });
  const scoped = patches.flatMap((patch): RateLimit[] => {
    if (patch.patch.applyTo === 'HTTP_FILTER') return [];
    const read = readScoped(patch.patch);
    const place = filters[0]?.place;
    if (typeof read === 'string') skip(patch, read);
    else if (place === undefined) skip(patch, `a limit without ${FILTER} among the filters`);
    else return [{ ...read.bucket, on: read.on, place, origin: patch.origin }];
    return [];
  });
  const whole = filters.flatMap(({ bucket, place, origin }) => (bucket ? [{ ...bucket, place, origin }] : []));
  return { rateLimits: [...whole, ...scoped], unsupported };
}

/** Oldest first. */
function patchesFor(catalog: Catalog, workload: GatewayWorkload): Patch[] {
  return catalog
    .ofKind('networking.istio.io/EnvoyFilter')
    .filter((r) => r.namespace === ROOT_NAMESPACE || r.namespace === workload.namespace)
    .filter((r) => labelsInclude(workload.labels, stringMapOf(objectOf(specOf(r).workloadSelector)?.labels)))
    .map((resource) => ({
      resource,
      createdAt: createdAt(resource),
      name: resource.name,
      namespace: resource.namespace,
    }))
    .sort(compareAge)
    .flatMap(({ resource }) =>
      objectsOf(specOf(resource).configPatches).map((patch, i) => ({
        patch,
        resource,
        origin: originOf(resource, 'spec', 'configPatches', i),
      })),
    )
    .filter(({ patch }) => ['ANY', 'GATEWAY'].includes(stringOf(objectOf(patch.match)?.context) ?? 'ANY'));
}

/** The filter in the chain, with or without a bucket of its own; or what is not read. */
function readFilter(patch: JsonObject): { bucket?: Bucket; place: RateLimit['place'] } | string {
  const change = objectOf(patch.patch);
  const value = objectOf(change?.value);
  const operation = stringOf(change?.operation) ?? '';
  if (stringOf(value?.name) !== FILTER) return 'HTTP_FILTER';
  if (!/^(INSERT_BEFORE|INSERT_AFTER|INSERT_FIRST|ADD)$/.test(operation)) return `${operation} of a filter`;
  const bucket = bucketOf(objectOf(value?.typed_config) ?? objectOf(value?.typedConfig) ?? {});
  if (typeof bucket === 'string') return bucket;
  const listener = objectOf(objectOf(patch.match)?.listener);
  if (listener?.portNumber !== undefined || listener?.name !== undefined) return 'a limit for one listener';
  const subFilter = stringOf(objectOf(objectOf(objectOf(listener?.filterChain)?.filter)?.subFilter)?.name);
  if (subFilter !== undefined && subFilter !== 'envoy.filters.http.router') return `a limit beside ${subFilter}`;
  const place = subFilter === undefined && operation !== 'ADD' ? 'first' : 'last';
  return bucket ? { bucket, place } : { place };
}

/** A bucket for routes or virtual hosts; or what is not read. */
function readScoped(patch: JsonObject): { bucket: Bucket; on: NonNullable<RateLimit['on']> } | string {
  const applyTo = stringOf(patch.applyTo) ?? '';
  const change = objectOf(patch.patch);
  const value = objectOf(change?.value) ?? {};
  const configs = objectOf(value.typed_per_filter_config) ?? objectOf(value.typedPerFilterConfig);
  const typed = objectOf(configs?.[FILTER]);
  if (!/^(HTTP_ROUTE|VIRTUAL_HOST)$/.test(applyTo) || !typed) return applyTo || 'a patch';
  if (change?.operation !== 'MERGE' || Object.keys(value).length > 1 || Object.keys(configs ?? {}).length > 1)
    return `${applyTo} with more than a local rate limit`;
  const bucket = bucketOf(typed);
  if (typeof bucket === 'string' || !bucket) return bucket ?? `${FILTER} without a bucket`;
  const match = objectOf(objectOf(patch.match)?.routeConfiguration) ?? {};
  const vhost = objectOf(match.vhost);
  const route = objectOf(vhost?.route);
  const action = stringOf(route?.action) ?? 'ANY';
  if (match.gateway !== undefined || match.portName !== undefined || action !== 'ANY')
    return `${applyTo} chosen by gateway, port name or action`;
  const [configuration, virtualHost, name] = [match.name, vhost?.name, route?.name].map((v) => stringOf(v));
  const port = numberOf(match.portNumber);
  return {
    bucket,
    on: {
      level: applyTo === 'HTTP_ROUTE' ? 'route' : 'virtual-host',
      ...(configuration === undefined ? {} : { configuration }),
      ...(port === undefined ? {} : { port }),
      ...(virtualHost === undefined ? {} : { virtualHost }),
      ...(name === undefined ? {} : { route: name }),
    },
  };
}
