// Filters of rules of both kinds of routes: header changes add up, of the others the last counts (makeHttpRouteEntry in
// pkg/plugins/runtime/gateway/gateway_route_generator.go and meshhttproute/plugin/v1alpha1/gateway_routes.go, v2.13.9).

import {
  type HeaderOps,
  type Json,
  type JsonObject,
  type Mirror,
  type Origin,
  own,
  plainTemplate,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, numberOf, objectOf, objectsOf, stringOf, stringsOf } from '../../resources/fields.js';
import { backendByTags, byServiceTag } from './destination.js';
import { either } from './fields.js';
import type { Filters, PathChange, RewriteFilter } from './rule.js';

/** Names of a filter and its fields in one of the two kinds. */
interface Spelling {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly mirror: string;
  readonly redirect: string;
  readonly rewrite: string;
  pathOf(written: JsonObject): PathChange | undefined;
  mirrorOf(filter: JsonObject, origin: Origin, catalog: Catalog): Mirror | undefined;
}

/** Kuma leaves to Envoy what copies have behind their host. */
const SHADOW = '-shadow';

export const OF_GATEWAY_ROUTE: Spelling = {
  requestHeaders: ['requestHeader', 'request_header'],
  responseHeaders: ['responseHeader', 'response_header'],
  mirror: 'mirror',
  redirect: 'redirect',
  rewrite: 'rewrite',
  pathOf(written) {
    const full = stringOf(either(written, 'replaceFull', 'replace_full'));
    const prefix = stringOf(either(written, 'replacePrefixMatch', 'replace_prefix_match'));
    return full !== undefined
      ? { kind: 'full', to: full }
      : prefix !== undefined
        ? { kind: 'prefix', to: prefix }
        : undefined;
  },
  mirrorOf(filter, origin, catalog) {
    const destination = backendByTags(objectOf(filter.backend) ?? {}, at(origin, 'backend'), catalog)?.to;
    // Absent: nothing is copied (a percentage of 0 in RouteMirror, route/configurers.go).
    const percent = numberOf(filter.percentage) ?? 0;
    return destination && 'host' in destination && percent > 0
      ? { destination, percent, hostSuffix: SHADOW, origin }
      : undefined;
  },
};

export const OF_MESH_ROUTE: Spelling = {
  requestHeaders: ['requestHeaderModifier'],
  responseHeaders: ['responseHeaderModifier'],
  mirror: 'requestMirror',
  redirect: 'requestRedirect',
  rewrite: 'urlRewrite',
  pathOf(written) {
    const type = stringOf(written.type);
    if (type === 'ReplaceFullPath') return { kind: 'full', to: stringOf(written.replaceFullPath) ?? '' };
    return type === 'ReplacePrefixMatch'
      ? { kind: 'prefix', to: stringOf(written.replacePrefixMatch) ?? '' }
      : undefined;
  },
  mirrorOf(filter, origin, catalog) {
    const name = stringOf(objectOf(filter.backendRef)?.name);
    const percent = filter.percentage === undefined ? 100 : (numberOf(filter.percentage) ?? 0);
    const destination = byServiceTag(name, at(origin, 'backendRef'), catalog);
    return destination && percent > 0 ? { destination, percent, hostSuffix: SHADOW, origin } : undefined;
  },
};

export function filtersOf(written: Json | undefined, spelling: Spelling, origin: Origin, catalog: Catalog): Filters {
  let found: Filters = {};
  for (const [i, filter] of objectsOf(written).entries()) {
    const below = (name: string) => at(origin, i, name);
    found = { ...found, ...oneFilter(found, filter, { spelling, below, catalog }) };
  }
  return found;
}

interface Place {
  readonly spelling: Spelling;
  readonly below: (name: string) => Origin;
  readonly catalog: Catalog;
}

function oneFilter(before: Filters, filter: JsonObject, { spelling, below, catalog }: Place): Filters {
  const body = (name: string) => objectOf(own(filter, name));
  for (const name of spelling.requestHeaders) {
    const request = body(name);
    if (request) return requestChange(before, request, below(name));
  }
  for (const name of spelling.responseHeaders) {
    const response = body(name);
    if (response) return { responseHeaders: joined(before.responseHeaders, response, below(name)) };
  }
  const mirror = body(spelling.mirror);
  if (mirror) {
    const read = spelling.mirrorOf(mirror, below(spelling.mirror), catalog);
    return read ? { mirror: read } : {};
  }
  const redirect = body(spelling.redirect);
  if (redirect) return { redirect: redirectOf(redirect, spelling) };
  const rewrite = body(spelling.rewrite);
  return rewrite ? { rewrite: rewriteOf(rewrite, spelling, below(spelling.rewrite)) } : {};
}

function joined(before: HeaderOps | undefined, written: JsonObject, origin: Origin): HeaderOps {
  const pairs = (key: string) =>
    objectsOf(own(written, key)).map(
      ({ name, value }) => [nameOf(name), plainTemplate(stringOf(value) ?? '')] as const,
    );
  return {
    origin,
    set: [...(before?.set ?? []), ...pairs('set')],
    add: [...(before?.add ?? []), ...pairs('add')],
    remove: [...(before?.remove ?? []), ...stringsOf(written.remove).map((name) => name.toLowerCase())],
  };
}

/** A host that is set is the rewritten host (GenerateVirtualHost in route_table_generator.go); every other name is a header. */
function requestChange(before: Filters, written: JsonObject, origin: Origin): Filters {
  const { set, ...rest } = joined(before.requestHeaders, written, origin);
  const host = set?.filter(([name]) => HOST.has(name)).at(-1)?.[1];
  const requestHeaders = { ...rest, set: (set ?? []).filter(([name]) => !HOST.has(name)) };
  return { requestHeaders, ...(host !== undefined && { host: { value: host, origin } }) };
}

const HOST: ReadonlySet<string> = new Set(['host', ':authority']);

const nameOf = (written: Json | undefined): string => (stringOf(written) ?? '').toLowerCase();

function redirectOf(written: JsonObject, { pathOf }: Spelling): NonNullable<Filters['redirect']> {
  const path = objectOf(written.path);
  const change = path && pathOf(path);
  const scheme = stringOf(written.scheme);
  const host = stringOf(written.hostname);
  const port = numberOf(written.port);
  return {
    status: numberOf(either(written, 'statusCode', 'status_code')) ?? 302,
    ...(scheme && { scheme }),
    ...(host && { host }),
    ...(port && { port }),
    ...(change && { path: change }),
  };
}

function rewriteOf(written: JsonObject, { pathOf }: Spelling, origin: Origin): RewriteFilter {
  // A MeshGatewayRoute has the change of the path beside the rest, a MeshHTTPRoute below `path`.
  const path = pathOf(objectOf(written.path) ?? written);
  const host = stringOf(written.hostname);
  return {
    ...(path && { path }),
    ...(host && { host }),
    origin,
  };
}
