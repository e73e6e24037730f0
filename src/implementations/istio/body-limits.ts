// Limits of request bodies that an EnvoyFilter puts in front of a gateway: Envoy's buffer filter, for every request or switched off
// and on again by routes and virtual hosts (api/envoy/extensions/filters/http/buffer/v3/buffer.proto; HttpFilter.disabled in
// http_connection_manager.proto; asked of Istio 2026-08-22 with Envoy: fixtures/recorded/body-limits-*).

import {
  type BodyLimit,
  type HttpChain,
  isPatched,
  type JsonObject,
  type PatchTarget,
  type RequestPlace,
} from '../../model/index.js';
import { numberOf, objectOf, stringOf } from '../../resources/fields.js';
import { type EnvoyPatch, insertedFilter, routeSettings, type Skip } from './envoy-patch.js';

export const BUFFER = 'envoy.filters.http.buffer';

/** What is said for routes and virtual hosts; a limit that is absent: none. */
interface Scoped {
  readonly on: PatchTarget;
  readonly maxBytes?: number;
}

export interface BodyLimits {
  readonly filter: BodyLimit;
  /** Later ones go before earlier ones, those of routes before those of virtual hosts. */
  readonly scoped: readonly Scoped[];
}

/** Undefined: no such filter is in the chain. */
export function bodyLimits(patches: readonly EnvoyPatch[], skip: Skip): BodyLimits | undefined {
  let filter: BodyLimit | undefined;
  for (const patch of patches) {
    if (patch.patch.applyTo !== 'HTTP_FILTER') continue;
    const read = filter ? 'a second filter' : readFilter(patch);
    if (typeof read === 'string') skip(patch, `${read} (${BUFFER})`);
    else filter = read;
  }
  const scoped = patches.flatMap((patch): Scoped[] => {
    if (patch.patch.applyTo === 'HTTP_FILTER') return [];
    const read = filter ? readScoped(patch.patch) : `a limit without ${BUFFER} among the filters`;
    if (typeof read !== 'string') return [read];
    skip(patch, read);
    return [];
  });
  return filter && { filter, scoped };
}

function readFilter({ patch, origin }: EnvoyPatch): BodyLimit | string {
  const inserted = insertedFilter(patch);
  if (typeof inserted === 'string') return inserted;
  const { value, config, place } = inserted;
  const maxBytes = bytesOf(typed(config, 'Buffer'));
  if (maxBytes === undefined) return 'a filter whose limit is not read';
  return value.disabled === true ? { place, origin } : { maxBytes, place, origin };
}

function readScoped(patch: JsonObject): Scoped | string {
  const settings = routeSettings(patch, BUFFER, 'a limit of bodies');
  if (typeof settings === 'string') return settings;
  const { on } = settings;
  const config = typed(settings.config, 'BufferPerRoute');
  if (config?.disabled === true) return { on };
  const maxBytes = bytesOf(objectOf(config?.buffer));
  return maxBytes === undefined ? `a limit that is not read (${BUFFER})` : { on, maxBytes };
}

/** The configuration in an Any, or in a TypedStruct, if it is this message. */
function typed(config: JsonObject, message: string): JsonObject | undefined {
  const struct = objectOf(config.value);
  const type = stringOf(struct ? (config.type_url ?? config.typeUrl) : config['@type']) ?? '';
  return type.endsWith(`/envoy.extensions.filters.http.buffer.v3.${message}`) ? (struct ?? config) : undefined;
}

/** Envoy refuses 0 (buffer.proto: gt 0). */
function bytesOf(config: JsonObject | undefined): number | undefined {
  const bytes = numberOf(config?.max_request_bytes ?? config?.maxRequestBytes);
  return bytes !== undefined && Number.isInteger(bytes) && bytes > 0 && bytes < 2 ** 32 ? bytes : undefined;
}

/** A route has the limit that is said most precisely for it: Http::Utility::resolveMostSpecificPerFilterConfig of Envoy's buffer_filter.cc. */
export function withBodyLimits(chain: HttpChain, port: number, { filter, scoped }: BodyLimits): HttpChain {
  const ofRoutes = scoped.filter(({ on }) => on.level === 'route');
  const ofHosts = scoped.filter(({ on }) => on.level === 'virtual-host');
  const limitAt = (place: RequestPlace): number | undefined =>
    (
      ofRoutes.findLast(({ on }) => isPatched(on, place)) ??
      ofHosts.findLast(({ on }) => isPatched(on, place)) ??
      filter
    ).maxBytes;
  return {
    ...chain,
    bodyLimit: filter,
    virtualHosts: chain.virtualHosts.map((virtualHost) => ({
      ...virtualHost,
      routes: virtualHost.routes.map((route) => {
        const maxRequestBytes = limitAt({ port, chain, virtualHost, route });
        return maxRequestBytes === undefined ? route : { ...route, maxRequestBytes };
      }),
    })),
  };
}
