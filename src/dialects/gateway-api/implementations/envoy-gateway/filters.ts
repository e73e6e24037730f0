// HTTPRouteFilter (internal/gatewayapi/filters.go, processExtensionRefHTTPFilter, v1.9.1): a rewrite by a pattern, an answer.

import type { DirectResponse, HeaderOps, JsonObject, Origin, PathRewrite } from '../../../../model/index.js';
import { originOf } from '../../../../model/index.js';
import type { ConfigError } from '../../features/config-error.js';
import { headerChange } from '../../features/header-modifier.js';
import type { BackendContext, ExtensionFilter } from '../../features/own-kinds.js';
import { has, listAt, numberAt, objectAt, stringAt } from '../../fields.js';
import { CONFIG_MAP, referencedKind } from '../../kinds.js';
import { HTTP_ROUTE_FILTER } from './kinds.js';

export function extensionFilter(
  reference: JsonObject,
  place: Origin,
  { catalog, routeNamespace }: BackendContext,
): ExtensionFilter | ConfigError {
  const kind = referencedKind(reference, HTTP_ROUTE_FILTER);
  const name = stringAt(reference, 'name') ?? '';
  const fail = (message: string): ConfigError => ({ reason: 'InvalidFilter', message, origin: place });
  if (kind !== HTTP_ROUTE_FILTER) return fail(`a filter of kind ${kind} is not supported`);
  const resource = catalog.find(HTTP_ROUTE_FILTER, routeNamespace, name);
  if (!resource) return fail(`there is no HTTPRouteFilter ${routeNamespace}/${name}`);
  const spec = objectAt(resource.object, 'spec');
  const rewrite = objectAt(spec, 'urlRewrite');
  const path = pathOf(objectAt(rewrite, 'path'));
  const host = hostOf(objectAt(rewrite, 'hostname'));
  const origin = originOf(resource, 'spec', 'directResponse');
  const answer = has(spec, 'directResponse')
    ? answerOf(objectAt(spec, 'directResponse'), routeNamespace, catalog)
    : undefined;
  const headers = answer && headersOf(objectAt(spec, 'directResponse'), origin);
  if (headers && 'reason' in headers) return headers;
  return {
    ...(path && { path }),
    ...(host !== undefined && { host }),
    ...(answer && { answer }),
    ...(headers && { responseHeaders: headers }),
  };
}

/** Envoy's regex_rewrite: every match is replaced. */
const pathOf = (path: JsonObject): PathRewrite | undefined => {
  const pattern = stringAt(objectAt(path, 'replaceRegexMatch'), 'pattern');
  if (stringAt(path, 'type') !== 'ReplaceRegexMatch' || !pattern) return undefined;
  const substitution = stringAt(objectAt(path, 'replaceRegexMatch'), 'substitution') ?? '';
  return { kind: 'regex', pattern, substitution, all: true };
};

/** From a header of the request; from the path or the destination: `unsupported.ts`. */
const hostOf = (hostname: JsonObject): string | undefined =>
  stringAt(hostname, 'type') === 'Header' ? `%REQ(${stringAt(hostname, 'header') ?? ''})%` : undefined;

function answerOf(response: JsonObject, namespace: string, catalog: BackendContext['catalog']): DirectResponse {
  const body = objectAt(response, 'body');
  const text =
    stringAt(body, 'type') === 'ValueRef' ? fromConfigMap(body, namespace, catalog) : stringAt(body, 'inline');
  return { kind: 'direct-response', status: numberAt(response, 'statusCode') ?? 200, ...(text && { body: text }) };
}

/** Its key `response.body`, else the first one (getCustomResponseBody in internal/gatewayapi/backendtrafficpolicy.go). */
function fromConfigMap(body: JsonObject, namespace: string, catalog: BackendContext['catalog']): string | undefined {
  const name = stringAt(objectAt(body, 'valueRef'), 'name') ?? '';
  const data = objectAt(catalog.find(CONFIG_MAP, namespace, name)?.object, 'data');
  return stringAt(data, 'response.body') ?? stringAt(data, Object.keys(data)[0] ?? '');
}

function headersOf(response: JsonObject, origin: Origin): HeaderOps | undefined | ConfigError {
  const written = objectAt(response, 'header');
  const change = headerChange({ set: [...listAt(written, 'set')], add: [...listAt(written, 'add')] }, origin);
  if ('reason' in change) return change;
  const contentType = stringAt(response, 'contentType');
  if (contentType === undefined) return change.ops;
  return { ...change.ops, set: [['content-type', contentType], ...(change.ops?.set ?? [])], origin };
}
