// What the fields of Kuma's resources become in the model.

import { type Json, type Part, type Resource, valueAt } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { type Feed, type Feeds, type FeedsOf, feedsBelow, headerFeeds } from '../accounts.js';
import { bodyOf } from './fields.js';
import { GROUP } from './profile.js';
import { selectorsOf } from './tags.js';

const BINDING = ['VirtualHost.domains', 'L4Chain.l4'] as const;
const BACKEND = ['WeightedDestination.to', 'DirectResponse.status', 'Destination.host'] as const;

const usually = (parts: readonly Part[], value: Json): Feed => ({ parts, usual: (given) => given === value });

/** Tags that routes of the files choose listeners by. */
function askedTags(catalog: Catalog): ReadonlySet<string> {
  const routes = catalog.all.filter(({ group, kind }) => group === GROUP && kind.endsWith('Route'));
  return new Set(
    routes.flatMap((route) => {
      const { value } = bodyOf(route);
      return [...selectorsOf(value), stringMapOf(objectOf(value.targetRef)?.tags)].flatMap((tags) => Object.keys(tags));
    }),
  );
}

const tagsOf = (catalog: Catalog): Feed => ({
  parts: BINDING,
  usual: (_, path) => !askedTags(catalog).has(String(path.at(-1))) && 'no route chooses listeners by it',
});

const gatewayFeeds = (catalog: Catalog): Feeds => ({
  'selectors[].match.*': ['Gateway.id'],
  'tags.*': tagsOf(catalog),
  'conf.listeners[].port': ['Listener.port'],
  'conf.listeners[].protocol': ['ChainMatch.transport'],
  'conf.listeners[].hostname': ['ChainMatch.sni', 'VirtualHost.domains'],
  'conf.listeners[].tags.*': tagsOf(catalog),
  'conf.listeners[].tls.mode': ['L4Chain.l4', 'TlsContext.mode'],
  'conf.listeners[].tls.certificates[].**': ['TlsContext.credentials'],
  'conf.listeners[].tls.options.**': { without: 'has no fields' },
  'conf.listeners[].crossMesh': ['Listener.port'],
  'conf.listeners[].resources.**': { without: 'limits connections; no answer of one request depends on it' },
});

const FILTERS: Feeds = {
  // Kuma looks at the other fields (makeHttpRouteEntry in meshhttproute/plugin/v1alpha1/gateway_routes.go).
  type: { without: 'the other field of the filter names the same' },
  ...feedsBelow('requestHeader', headerFeeds('Request')),
  ...feedsBelow('requestHeaderModifier', headerFeeds('Request')),
  ...feedsBelow('responseHeader', headerFeeds('Response')),
  ...feedsBelow('responseHeaderModifier', headerFeeds('Response')),
  'mirror.percentage': ['Mirror.percent'],
  'requestMirror.percentage': usually(['Mirror.percent'], 100),
  'mirror.**': ['Destination.host', 'Destination.port'],
  'requestMirror.**': ['Destination.host', 'Destination.port'],
  ...Object.fromEntries(
    ['redirect.', 'requestRedirect.'].flatMap((name) =>
      Object.entries({
        scheme: ['Redirect.scheme'],
        hostname: ['Redirect.host'],
        port: ['Redirect.port'],
        statusCode: ['Redirect.status'],
        'path.**': ['Redirect.path'],
      } as const).map(([key, parts]) => [`${name}${key}`, parts]),
    ),
  ),
  'rewrite.hostToBackendHostname': usually([], false),
  'urlRewrite.hostToBackendHostname': usually([], false),
  'rewrite.**': ['Rewrite.path', 'Rewrite.host'],
  'urlRewrite.hostname': ['Rewrite.host'],
  'urlRewrite.path.**': ['Rewrite.path'],
};

/** A prefix `/` is what an empty one is. */
const prefixOf = ({ object }: Resource): Feed => ({
  parts: ['RouteMatch.path'],
  usual: (value, path) => {
    const beside = (key: string) => stringOf(valueAt(object, [...path.slice(0, -1), key]));
    return value === '/' && (beside('match') === 'PREFIX' || beside('type') === 'PathPrefix');
  },
});

const matchesOf = (resource: Resource): Feeds => ({
  'path.value': prefixOf(resource),
  'path.match': usually(['RouteMatch.path'], 'EXACT'),
  'path.**': ['RouteMatch.path'],
  method: ['RouteMatch.headers'],
  'headers[].match': usually(['RouteMatch.headers'], 'EXACT'),
  'headers[].type': usually(['RouteMatch.headers'], 'Exact'),
  'headers[].*': ['RouteMatch.headers'],
  'queryParameters[].match': usually(['RouteMatch.query'], 'EXACT'),
  'queryParams[].type': usually(['RouteMatch.query'], 'Exact'),
  'queryParameters[].*': ['RouteMatch.query'],
  'queryParams[].*': ['RouteMatch.query'],
});

/** A share says something only beside others. `absent`: what holds without it. */
const shareOf = (resource: Resource, absent: number): Feed => ({
  parts: ['WeightedDestination.weight', 'WeightedDestination.to'],
  usual: (weight, path) =>
    weight === absent ||
    (objectsOf(valueAt(resource.object, path.slice(0, -2))).length === 1 && 'it is the only destination of the rule'),
});

/** Of an entry of `to`: what chooses requests of the gateway's clients. */
const ofClients = (resource: Resource): Feed => ({
  parts: BINDING,
  usual: (_, path) => {
    const kind = valueAt(resource.object, [...path.slice(0, path.indexOf('to') + 2), 'targetRef', 'kind']);
    return stringOf(kind) !== 'Mesh' && 'the entry is about calls inside of the mesh';
  },
});

const routeFeeds = (resource: Resource): Feeds => ({
  'selectors[].match.*': BINDING,
  'targetRef.**': BINDING,
  'conf.http.hostnames[]': BINDING,
  'to[].hostnames[]': ofClients(resource),
  'to[].targetRef.**': ofClients(resource),
  ...feedsBelow('conf.http.rules[].matches[]', matchesOf(resource)),
  'conf.http.rules[].matches[]': ['RouteMatch.path'],
  'to[].rules[].matches[]': ['RouteMatch.path'],
  ...feedsBelow('to[].rules[].matches[]', matchesOf(resource)),
  ...feedsBelow('conf.http.rules[].filters[]', FILTERS),
  ...feedsBelow('to[].rules[].default.filters[]', FILTERS),
  'conf.http.rules[].backends[].weight': shareOf(resource, 0),
  'conf.tcp.rules[].backends[].weight': shareOf(resource, 0),
  'conf.http.rules[].backends[].**': BACKEND,
  'conf.tcp.rules[].backends[].**': BACKEND,
  'to[].rules[].default.backendRefs[].weight': shareOf(resource, 1),
  'to[].rules[].default.backendRefs[].namespace': usually(BACKEND, resource.namespace),
  'to[].rules[].default.backendRefs[].**': BACKEND,
  'to[].rules[].default': { without: 'is empty' },
});

/** `queryParameters` is `query_parameters` as well, in messages of protobuf. */
const inSnakeCase = (pattern: string): string => pattern.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Below `spec` in Kubernetes, at the top outside of it. */
const anywhere = (feeds: Feeds): Feeds => {
  const both = Object.fromEntries(
    Object.entries(feeds).flatMap(([pattern, feed]) => [
      [pattern, feed],
      [inSnakeCase(pattern), feed],
    ]),
  );
  return { ...feedsBelow('spec', both), ...both };
};

export const feeds: FeedsOf = (resource, catalog) =>
  anywhere(resource.kind === 'MeshGateway' ? gatewayFeeds(catalog) : routeFeeds(resource));
