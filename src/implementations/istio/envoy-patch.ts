// One patch of an EnvoyFilter that is about an HTTP filter: which filter, where it stands in the chain, which routes it is for
// (pilot/pkg/networking/core/envoyfilter/{listener_patch,rc_patch}.go, Istio source of 2026-08-22).

import { type JsonObject, type Origin, own, type PatchTarget, type Resource } from '../../model/index.js';
import { numberOf, objectOf, stringOf } from '../../resources/fields.js';

export interface EnvoyPatch {
  readonly patch: JsonObject;
  readonly resource: Resource;
  readonly origin: Origin;
}

/** Says of a patch what of it is not read. */
export type Skip = (patch: EnvoyPatch, what: string) => void;

const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';
const ROUTER = 'envoy.filters.http.router';

const patchValue = (patch: JsonObject): JsonObject => objectOf(objectOf(patch.patch)?.value) ?? {};

const perFilter = (value: JsonObject): JsonObject =>
  objectOf(value.typed_per_filter_config) ?? objectOf(value.typedPerFilterConfig) ?? {};

/** Name of the HTTP filter that is put in, or whose settings are put on routes; undefined: another patch. */
export function patchedFilter(patch: JsonObject): string | undefined {
  const value = patchValue(patch);
  return patch.applyTo === 'HTTP_FILTER' ? stringOf(value.name) : Object.keys(perFilter(value))[0];
}

/** The filter that an HTTP_FILTER patch puts in and its place; or what is not read. */
export function insertedFilter(
  patch: JsonObject,
): { readonly value: JsonObject; readonly config: JsonObject; readonly place: 'first' | 'last' } | string {
  const value = patchValue(patch);
  const operation = stringOf(objectOf(patch.patch)?.operation) ?? '';
  if (!/^(INSERT_BEFORE|INSERT_AFTER|INSERT_FIRST|ADD)$/.test(operation)) return `${operation} of a filter`;
  const match = objectOf(patch.match);
  if (chosenByProxy(match)) return 'a limit for some versions of Envoy';
  const { filterChain, ...listener } = objectOf(match?.listener) ?? {};
  if (Object.keys(listener).length > 0) return 'a limit for one listener';
  const { filter, ...chain } = objectOf(filterChain) ?? {};
  if (Object.keys(chain).length > 0) return 'a limit for one filter chain';
  const name = stringOf(objectOf(filter)?.name) ?? HTTP_MANAGER;
  const subFilter = stringOf(objectOf(objectOf(filter)?.subFilter)?.name);
  if (name !== HTTP_MANAGER) return `a limit beside ${name}`;
  if (subFilter !== undefined && subFilter !== ROUTER) return `a limit beside ${subFilter}`;
  const inFront = operation === 'INSERT_FIRST' || (subFilter === undefined && operation !== 'ADD');
  const config = objectOf(value.typed_config) ?? objectOf(value.typedConfig) ?? {};
  return { value, config, place: inFront ? 'first' : 'last' };
}

/** What a MERGE patch sets for one filter, and on which routes; or what is not read. `what`: of what the patch has more. */
export function routeSettings(
  patch: JsonObject,
  filter: string,
  what: string,
): { readonly config: JsonObject; readonly on: PatchTarget } | string {
  const applyTo = stringOf(patch.applyTo) ?? '';
  const value = patchValue(patch);
  const configs = perFilter(value);
  const config = objectOf(own(configs, filter));
  if (!/^(HTTP_ROUTE|VIRTUAL_HOST)$/.test(applyTo) || !config) return applyTo || 'a patch';
  if (objectOf(patch.patch)?.operation !== 'MERGE' || Object.keys(value).length > 1 || Object.keys(configs).length > 1)
    return `${applyTo} with more than ${what}`;
  const match = objectOf(patch.match);
  if (chosenByProxy(match)) return `${applyTo} for some versions of Envoy`;
  const { gateway, portName, ...routes } = objectOf(match?.routeConfiguration) ?? {};
  const { name: hostName, route: chosen, ...host } = objectOf(routes.vhost) ?? {};
  const route = objectOf(chosen);
  if (gateway !== undefined || portName !== undefined || (stringOf(route?.action) ?? 'ANY') !== 'ANY')
    return `${applyTo} chosen by gateway, port name or action`;
  if (Object.keys(host).length > 0) return `${applyTo} chosen by domain`;
  const [configuration, virtualHost, name] = [routes.name, hostName, route?.name].map((v) => stringOf(v));
  const port = numberOf(routes.portNumber);
  return {
    config,
    on: {
      level: applyTo === 'HTTP_ROUTE' ? 'route' : 'virtual-host',
      ...(configuration === undefined ? {} : { configuration }),
      ...(port === undefined ? {} : { port }),
      ...(virtualHost === undefined ? {} : { virtualHost }),
      ...(name === undefined ? {} : { route: name }),
    },
  };
}

const chosenByProxy = (match: JsonObject | undefined): boolean => Object.keys(objectOf(match?.proxy) ?? {}).length > 0;
