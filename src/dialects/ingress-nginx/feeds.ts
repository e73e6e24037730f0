// What the fields and annotations of an Ingress become for ingress-nginx. An annotation that is not listed is looked up by the places that
// parts of the model come from: most of them leave theirs there.

import { own, type Part, type Resource } from '../../model/index.js';
import type { Feeds, FeedsOf } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';
import { readSettings, SNIPPETS } from './annotations/settings.js';
import { annotationTable } from './annotations/table.js';
import { annotationsOf } from './annotations/values.js';
import { readSnippet } from './snippets/snippet.js';

const CORS = ['ResponseHeaders.set', 'RouteMatch.headers'] as const;
const HASH = ['Delivery.hash'] as const;
const UPSTREAM_TLS = ['Delivery.tls', 'Destination.protocol'] as const;
const CANARY = ['WeightedDestination.weight', 'RouteMatch.headers', 'WeightedDestination.to'] as const;

const ANNOTATIONS: Feeds = {
  'rewrite-target': ['Rewrite.path', 'Redirect.location', 'RouteMatch.path'],
  'use-regex': ['RouteMatch.path'],
  'ssl-redirect': ['Redirect.scheme', 'Redirect.location', 'Redirect.status'],
  'force-ssl-redirect': ['Redirect.scheme', 'Redirect.location', 'Redirect.status'],
  'preserve-trailing-slash': ['Redirect.path', 'Redirect.location'],
  'permanent-redirect-code': ['Redirect.status'],
  'temporal-redirect-code': ['Redirect.status'],
  'relative-redirects': ['Redirect.relative'],
  'use-port-in-redirects': ['Redirect.port', 'Redirect.location'],
  'upstream-vhost': ['Rewrite.host'],
  'x-forwarded-prefix': ['RequestHeaders.set'],
  'custom-headers': ['ResponseHeaders.set'],
  'cors-allow-origin': CORS,
  'cors-allow-methods': CORS,
  'cors-allow-headers': CORS,
  'cors-allow-credentials': CORS,
  'cors-expose-headers': CORS,
  'cors-max-age': CORS,
  'enable-cors': CORS,
  'canary-by-header': CANARY,
  'canary-by-header-value': CANARY,
  'canary-by-header-pattern': CANARY,
  'canary-by-cookie': CANARY,
  'canary-weight': CANARY,
  'canary-weight-total': CANARY,
  canary: CANARY,
  'backend-protocol': ['Destination.protocol'],
  affinity: HASH,
  'session-cookie-name': HASH,
  'session-cookie-path': HASH,
  'session-cookie-domain': HASH,
  'session-cookie-max-age': HASH,
  'session-cookie-samesite': HASH,
  'session-cookie-secure': HASH,
  'upstream-hash-by': HASH,
  'load-balance': ['Delivery.balance'],
  'proxy-connect-timeout': ['Delivery.connectTimeoutMs'],
  'proxy-read-timeout': ['Delivery.idleTimeoutMs'],
  'proxy-next-upstream': ['Delivery.retries'],
  'proxy-next-upstream-tries': ['Delivery.retries'],
  'proxy-ssl-secret': UPSTREAM_TLS,
  'proxy-ssl-name': UPSTREAM_TLS,
  'proxy-ssl-verify': UPSTREAM_TLS,
  'proxy-ssl-server-name': UPSTREAM_TLS,
  'proxy-body-size': ['Route.maxRequestBytes'],
  'server-alias': ['VirtualHost.domains'],
  'mirror-target': ['Destination.host', 'Destination.port', 'Mirror.path'],
  'mirror-host': ['Mirror.host'],
  'default-backend': ['Destination.host'],
  'connection-proxy-header': ['RequestHeaders.set'],
  'disable-proxy-intercept-errors': {
    without: 'switches error pages of the controller off, which the target does not have',
  },
};

/** Hosts and paths of a canary say which rule it takes a share of. */
const CANARY_PLACE: Feeds = {
  'spec.rules[].host': ['WeightedDestination.to'],
  'spec.rules[].http.paths[].path': ['WeightedDestination.to'],
  'spec.rules[].http.paths[].pathType': ['WeightedDestination.to'],
};

/** Of an annotation that is nowhere in the model. */
function otherwise(resource: Resource): { readonly otherwise: string } {
  const settings = readSettings(resource);
  const denied = 'denied' in settings ? settings.denied : undefined;
  return {
    otherwise: denied
      ? `the controller refuses every request because of ${denied.annotation}`
      : 'has no effect beside the other settings of the Ingress',
  };
}

/** Under the names that the user wrote: aliases, and the prefix. */
export const feeds: FeedsOf = (resource) => ({
  ...ingressFeeds(['Prefix', 'ImplementationSpecific']),
  ...byWrittenName(resource),
  ...(annotationsOf(resource).bool('canary').value ? CANARY_PLACE : {}),
});

function byWrittenName(resource: Resource): Feeds {
  const annotations = annotationsOf(resource);
  const pattern = (name: string) => `metadata.annotations."${String(annotations.origin(name).path.at(-1))}"`;
  const names = annotationTable.map(({ name }) => name).filter((name) => annotations.has(name));
  const rest = otherwise(resource);
  const snippet = (name: string) =>
    SNIPPETS.some((known) => known === name) ? snippetFeed(annotations.text(name).value) : undefined;
  return Object.fromEntries(names.map((name) => [pattern(name), snippet(name) ?? own(ANNOTATIONS, name) ?? rest]));
}

/** As far as the snippet has them. */
function snippetFeed(text: string | undefined): Feeds[string] | undefined {
  if (text === undefined) return undefined;
  const { moreHeaders, addHeaders, hidden, inputHeaders, proxyHeaders, answers, access } = readSnippet(text);
  const parts: Part[] = [
    ...(moreHeaders.length + addHeaders.length + hidden.length > 0 ? OF_ANSWERS : []),
    ...(inputHeaders.length + proxyHeaders.length > 0 ? OF_REQUESTS : []),
    ...(answers.length > 0 ? OWN_ANSWERS : []),
    ...(access.length > 0 ? (['RouteMatch.source'] as const) : []),
  ];
  return parts.length > 0 ? parts : undefined;
}

const OF_ANSWERS: readonly Part[] = ['ResponseHeaders.set', 'ResponseHeaders.add', 'ResponseHeaders.remove'];
const OF_REQUESTS: readonly Part[] = ['RequestHeaders.set', 'RequestHeaders.remove'];
const OWN_ANSWERS: readonly Part[] = ['DirectResponse.status', 'Redirect.location', 'Redirect.status'];
