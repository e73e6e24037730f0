// What a patch of an EnvoyFilter can do to answers when nobody reads it: nothing, where it patches only what is logged, counted or
// carried, where the filter beside which it stands is not in what Istio generates, or where Istio does not carry out the operation; else
// anything.
// Operations and matching: pilot/pkg/networking/core/envoyfilter/*_patch.go, Istio source of 2026-08-22.

import { type Json, type JsonObject, table } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';

/** Why a patch changes no answer. */
export type Harmless =
  | { readonly because: 'telemetry' | 'delivery' }
  | { readonly because: 'no-anchor'; readonly anchor: string }
  | { readonly because: 'operation'; readonly operation: string };

const AROUND = ['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REMOVE', 'MERGE'];
/** The operations that Istio carries out, by `applyTo`. */
export const CARRIED_OUT = table<ReadonlySet<string>>({
  LISTENER: new Set(['ADD', 'REMOVE', 'MERGE']),
  FILTER_CHAIN: new Set(['ADD', 'REMOVE', 'MERGE']),
  LISTENER_FILTER: new Set([...AROUND, 'REPLACE']),
  NETWORK_FILTER: new Set([...AROUND, 'REPLACE']),
  HTTP_FILTER: new Set([...AROUND, 'REPLACE']),
  ROUTE_CONFIGURATION: new Set(['MERGE']),
  VIRTUAL_HOST: new Set(['ADD', 'REMOVE', 'MERGE', 'REPLACE']),
  HTTP_ROUTE: new Set(AROUND),
  CLUSTER: new Set(['ADD', 'REMOVE', 'MERGE']),
  EXTENSION_CONFIG: new Set(['ADD']),
  BOOTSTRAP: new Set(['MERGE']),
});
/** `patch`: an item of `configPatches`. */
export function isWithoutEffect(patch: JsonObject): boolean {
  const operation = stringOf(objectOf(patch.patch)?.operation) ?? '';
  const known = CARRIED_OUT.get(stringOf(patch.applyTo) ?? '');
  return known !== undefined && operation !== '' && operation !== 'INVALID' && !known.has(operation);
}

/** HTTP filters of a gateway as Istio generates them (recorded config dumps), some only where a policy asks for them. */
const GENERATED = new Set([
  'istio.metadata_exchange',
  'istio.alpn',
  'istio.stats',
  'istio_authn',
  'envoy.filters.http.grpc_web',
  'envoy.filters.http.grpc_stats',
  'envoy.filters.http.jwt_authn',
  'envoy.filters.http.ext_authz',
  'envoy.filters.http.rbac',
  'envoy.filters.http.fault',
  'envoy.filters.http.cors',
  'envoy.filters.http.router',
]);

/** The kinds of objects without which Istio does not generate a filter. */
const ASKED_FOR = table<string>({
  'envoy.filters.http.jwt_authn': 'security.istio.io/RequestAuthentication',
  'envoy.filters.http.rbac': 'security.istio.io/AuthorizationPolicy',
  'envoy.filters.http.ext_authz': 'security.istio.io/AuthorizationPolicy',
});

/** Filters that count, log or copy, and pass everything on. */
const TELEMETRY_FILTERS = new Set([
  'istio.stats',
  'istio.metadata_exchange',
  'istio.access_log',
  'envoy.filters.http.grpc_stats',
  'envoy.filters.http.tap',
]);

/** Settings by what is patched that no answer shows, in snake case. */
const QUIET = table<ReadonlySet<string>>({
  BOOTSTRAP: new Set(['stats_config', 'stats_flush_interval', 'stats_sinks', 'stats_flush_on_admin', 'tracing']),
  LISTENER: new Set([
    'access_log',
    'per_connection_buffer_limit_bytes',
    'socket_options',
    'tcp_backlog_size',
    'connection_balance_config',
    'enable_reuse_port',
    'stat_prefix',
  ]),
  NETWORK_FILTER: new Set([
    'access_log',
    'access_log_options',
    'tracing',
    'stat_prefix',
    'stream_idle_timeout',
    'drain_timeout',
    'delayed_close_timeout',
    'generate_request_id',
  ]),
  CLUSTER: new Set([
    'connect_timeout',
    'circuit_breakers',
    'outlier_detection',
    'upstream_connection_options',
    'common_lb_config',
    'max_requests_per_connection',
    'per_connection_buffer_limit_bytes',
    'dns_refresh_rate',
    'dns_lookup_family',
    'respect_dns_ttl',
    'alt_stat_name',
    'track_cluster_stats',
  ]),
});

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** undefined: it can change answers. `patch`: an item of `configPatches` for the gateway. */
export function harmless(patch: JsonObject, catalog: Catalog): Harmless | undefined {
  const applyTo = stringOf(patch.applyTo) ?? '';
  const operation = stringOf(objectOf(patch.patch)?.operation) ?? '';
  if (isWithoutEffect(patch)) return { because: 'operation', operation: `${operation} of ${applyTo}` };
  const value = objectOf(objectOf(patch.patch)?.value) ?? {};
  const anchor = applyTo === 'HTTP_FILTER' && operation !== 'ADD' ? anchorOf(patch) : undefined;
  if (anchor !== undefined && !GENERATED.has(anchor) && !isInserted(anchor, catalog))
    return { because: 'no-anchor', anchor };
  if (applyTo === 'HTTP_FILTER')
    return operation !== 'REMOVE' &&
      operation !== 'MERGE' &&
      operation !== 'REPLACE' &&
      TELEMETRY_FILTERS.has(stringOf(value.name) ?? '')
      ? { because: 'telemetry' }
      : undefined;
  const quiet = QUIET.get(applyTo);
  if (operation !== 'MERGE' || !quiet) return undefined;
  const settings = applyTo === 'NETWORK_FILTER' ? configOf(value) : value;
  const keys = Object.keys(settings)
    .filter((key) => !key.startsWith('@'))
    .map(snakeCase);
  if (keys.length === 0 || !keys.every((key) => quiet.has(key))) return undefined;
  return { because: keys.some((key) => /log|stat|tracing/.test(key)) ? 'telemetry' : 'delivery' };
}

/** A filter that an object asks for, beside which a patch stands, and the kind of that object, where the files hold none of it. */
export function unaskedAnchor(
  patch: JsonObject,
  catalog: Catalog,
): { readonly anchor: string; readonly kind: string } | undefined {
  const anchor = stringOf(patch.applyTo) === 'HTTP_FILTER' ? anchorOf(patch) : undefined;
  const kind = anchor === undefined ? undefined : ASKED_FOR.get(anchor);
  return anchor !== undefined && kind !== undefined && catalog.ofKind(kind).length === 0 && !isInserted(anchor, catalog)
    ? { anchor, kind }
    : undefined;
}

/** The HTTP filter beside which the patch stands, or which it changes. */
function anchorOf(patch: JsonObject): string | undefined {
  const chain = objectOf(objectOf(objectOf(patch.match)?.listener)?.filterChain);
  return stringOf(objectOf(objectOf(chain?.filter)?.subFilter)?.name);
}

/** Another patch of the files puts a filter of this name in, or a WasmPlugin does (`<namespace>.<name>`). */
function isInserted(name: string, catalog: Catalog): boolean {
  const inserted = (value: Json | undefined) => stringOf(objectOf(objectOf(value)?.value)?.name) === name;
  return (
    catalog
      .ofKind('networking.istio.io/EnvoyFilter')
      .some((filter) => objectsOf(specOf(filter).configPatches).some(({ patch }) => inserted(patch))) ||
    catalog
      .ofKind('extensions.istio.io/WasmPlugin')
      .some((plugin) => name.includes(`${plugin.namespace}.${plugin.name}`))
  );
}

const configOf = (value: JsonObject): JsonObject =>
  objectOf(value.typed_config) ?? objectOf(value.typedConfig) ?? objectOf(value.config) ?? {};
