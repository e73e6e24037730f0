// What the fields of Gateways and VirtualServices become in the model.

import { resolveShortName } from '../../implementations/istio/hosts.js';
import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { type ServiceIndex, serviceIndex } from '../../implementations/istio/services.js';
import { type FieldPath, type Json, type Resource, valueAt } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { perCatalog } from '../../resources/kept-answers.js';
import { type Feeds, type FeedsOf, feedsBelow } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';

const NAME = { without: 'a name without an effect on requests' } as const;
const BINDING = ['VirtualHost.domains', 'L4Chain.l4'] as const;
const DESTINATION = ['Destination.host', 'Destination.port'] as const;
const HEADERS = {
  'request.set.*': ['RequestHeaders.set', 'Rewrite.host', 'WeightedDestination.hostRewrite'],
  'request.add.*': ['RequestHeaders.add', 'Rewrite.host', 'WeightedDestination.hostRewrite'],
  'request.remove[]': ['RequestHeaders.remove'],
  'response.set.*': ['ResponseHeaders.set'],
  'response.add.*': ['ResponseHeaders.add'],
  'response.remove[]': ['ResponseHeaders.remove'],
} as const satisfies Feeds;
const MESH = { without: 'matches callers in the mesh, not requests to the gateway' } as const;

const GATEWAY: Feeds = {
  'spec.selector.*': ['Gateway.id'],
  'spec.servers[].port.number': ['Listener.port'],
  'spec.servers[].port.name': NAME,
  'spec.servers[].port.targetPort': NAME,
  'spec.servers[].name': NAME,
  'spec.servers[].port.protocol': ['ChainMatch.transport'],
  'spec.servers[].bind': ['Listener.bind'],
  'spec.servers[].hosts[]': ['ChainMatch.sni', 'VirtualHost.domains', 'ChainMatch.transport'],
  'spec.servers[].tls.mode': ['TlsContext.mode', 'L4Chain.l4'],
  'spec.servers[].tls.credentialName': ['TlsContext.credentials'],
  'spec.servers[].tls.credentialNames[]': ['TlsContext.credentials'],
  'spec.servers[].tls.caCertCredentialName': ['TlsContext.clients'],
  'spec.servers[].tls.insecureSkipVerify': ['TlsContext.clients'],
  'spec.servers[].tls.minProtocolVersion': ['TlsContext.minVersion'],
  'spec.servers[].tls.maxProtocolVersion': ['TlsContext.maxVersion'],
  'spec.servers[].tls.cipherSuites[]': ['TlsContext.cipherSuites'],
  'spec.servers[].tls.httpsRedirect': ['Redirect.scheme'],
};

const MATCH: Feeds = {
  name: ['Route.name'],
  'uri.prefix': { parts: ['RouteMatch.path'], usual: (prefix) => prefix === '/' },
  'uri.*': ['RouteMatch.path'],
  ignoreUriCase: ['RouteMatch.path'],
  'headers.**': ['RouteMatch.headers', 'RouteMatch.claims'],
  'withoutHeaders.**': ['RouteMatch.headers', 'RouteMatch.claims'],
  'queryParams.**': ['RouteMatch.query'],
  'method.*': ['RouteMatch.headers'],
  'authority.*': ['RouteMatch.headers'],
  'scheme.*': ['RouteMatch.headers'],
  port: ['Listener.port', 'RouteMatch.path'],
  'gateways[]': ['RouteMatch.path'],
  'sourceLabels.*': MESH,
  sourceNamespace: MESH,
  statPrefix: NAME,
};

const HTTP: Feeds = {
  name: ['Route.name'],
  'match[]': ['RouteMatch.path'],
  ...feedsBelow('match[]', MATCH),
  'route[].destination.host': ['Destination.host'],
  'route[].destination.port.number': ['Destination.port'],
  'route[].destination.subset': ['Destination.subset'],
  'route[].weight': ['WeightedDestination.weight'],
  ...feedsBelow('route[].headers', HEADERS),
  ...feedsBelow('headers', HEADERS),
  timeout: ['Delivery.timeoutMs'],
  'retries.**': ['Delivery.retries'],
  'fault.delay.**': ['Fault.delay'],
  'fault.abort.**': ['Fault.abort'],
  'mirror.**': DESTINATION,
  'mirrorPercentage.**': ['Mirror.percent'],
  mirrorPercent: ['Mirror.percent'],
  mirror_percent: ['Mirror.percent'],
  'mirrors[].destination.**': DESTINATION,
  'mirrors[].percentage.**': ['Mirror.percent'],
  'rewrite.uri': ['Rewrite.path'],
  'rewrite.uriRegexRewrite.**': ['Rewrite.path'],
  'rewrite.authority': ['Rewrite.host'],
  'redirect.uri': ['Redirect.path'],
  'redirect.authority': ['Redirect.host'],
  'redirect.scheme': ['Redirect.scheme'],
  'redirect.port': ['Redirect.port'],
  'redirect.derivePort': ['Redirect.port'],
  'redirect.redirectCode': ['Redirect.status'],
  'directResponse.status': ['DirectResponse.status'],
  'directResponse.body.**': ['DirectResponse.body'],
  'corsPolicy.allowOrigins[].*': ['CorsPolicy.allowOrigins'],
  'corsPolicy.allowOrigin[]': ['CorsPolicy.allowOrigins'],
  'corsPolicy.allowMethods[]': ['CorsPolicy.allowMethods'],
  'corsPolicy.allowHeaders[]': ['CorsPolicy.allowHeaders'],
  'corsPolicy.exposeHeaders[]': ['CorsPolicy.exposeHeaders'],
  'corsPolicy.maxAge': ['CorsPolicy.maxAge'],
  'corsPolicy.allowCredentials': ['CorsPolicy.allowCredentials'],
  'corsPolicy.unmatchedPreflights': ['CorsPolicy.unmatchedPreflights'],
  'delegate.**': ['RouteMatch.path'],
};

const VIRTUAL_SERVICE: Feeds = {
  'spec.hosts[]': BINDING,
  'spec.gateways[]': BINDING,
  'spec.exportTo[]': BINDING,
  ...feedsBelow('spec.http[]', HTTP),
  'spec.tls[].match[].sniHosts[]': ['ChainMatch.sni', 'L4Chain.l4'],
  'spec.tls[].match[].port': ['Listener.port', 'L4Chain.l4'],
  'spec.tls[].match[].destinationSubnets[]': ['ChainMatch.destination'],
  'spec.tls[].match[].gateways[]': ['L4Chain.l4'],
  'spec.tls[].match[].sourceLabels.*': MESH,
  'spec.tls[].match[].sourceNamespace': MESH,
  'spec.tls[].route[].destination.host': ['Destination.host'],
  'spec.tls[].route[].destination.port.number': ['Destination.port'],
  'spec.tls[].route[].destination.subset': ['Destination.subset'],
  'spec.tls[].route[].weight': ['WeightedDestination.weight'],
  'spec.tcp[].match[].port': ['Listener.port', 'L4Chain.l4'],
  'spec.tcp[].match[].destinationSubnets[]': ['ChainMatch.destination'],
  'spec.tcp[].match[].sourceSubnet': ['ChainMatch.source'],
  'spec.tcp[].match[].gateways[]': ['L4Chain.l4'],
  'spec.tcp[].match[].sourceLabels.*': MESH,
  'spec.tcp[].match[].sourceNamespace': MESH,
  'spec.tcp[].route[].destination.host': ['Destination.host'],
  'spec.tcp[].route[].destination.port.number': ['Destination.port'],
  'spec.tcp[].route[].destination.subset': ['Destination.subset'],
  'spec.tcp[].route[].weight': ['WeightedDestination.weight'],
};

export const feeds: FeedsOf = (resource, catalog) =>
  resource.kind === 'Ingress'
    ? ingressFeeds(['Exact', 'ImplementationSpecific'])
    : resource.kind === 'Gateway'
      ? GATEWAY
      : { ...VIRTUAL_SERVICE, ...onlyPorts(resource, catalog) };

/** A Service of one port needs no port in its destination (resources/istio-clusters.ts). */
function onlyPorts(resource: Resource, catalog: Catalog): Feeds {
  const services = servicesOf(catalog);
  const usual = (port: Json, path: FieldPath): boolean => {
    const host = valueAt(resource.object, [...path.slice(0, -2), 'host']);
    const found =
      typeof host === 'string'
        ? services.preferring(resource.namespace, resolveShortName(host, resource.namespace))
        : undefined;
    return found?.ports.length === 1 && found.ports[0]?.number === port;
  };
  const parts = ['Destination.port'] as const;
  return Object.fromEntries(
    ['http', 'tls', 'tcp'].map((list) => [`spec.${list}[].route[].destination.port.number`, { parts, usual }]),
  );
}

/** One index for all objects of a translation. */
const servicesOf = perCatalog((catalog) => serviceIndex(catalog, meshConfig(catalog).rootNamespace));
