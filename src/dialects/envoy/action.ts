// What a route does, in Envoy's words (envoy.config.route.v3 Route).

import {
  type Delivery,
  type Destination,
  type Forward,
  type HeaderOps,
  ISTIO_RETRY_ON,
  literalText,
  type Mirror,
  type PathRewrite,
  RETRIABLE_STATUSES,
  type Redirect,
  type Route,
  retryOnOf,
  type Template,
  type WeightedDestination,
  wholeLocation,
  withoutUncomputed,
} from '../../model/index.js';
import { quoteRegex } from '../../regex/quote.js';
import { pathOfRewrite } from '../engine-losses.js';
import { stringMatcher } from './match.js';

type Fields = Record<string, unknown>;

/** Istio's cluster names: `outbound|8000|v1|httpbin.default.svc.cluster.local`. */
export const clusterName = (d: Destination): string => `outbound|${d.port}|${d.subset ?? ''}|${d.host}`;

const CODES: Record<number, string> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

/** The action with its own headers; undefined: Envoy has no such route. */
export function routeAction(route: Route): Fields | undefined {
  const { action } = route;
  switch (action.kind) {
    case 'forward':
      return forwardAction(action, route);
    case 'redirect':
      return redirectAction(action);
    case 'direct-response':
      return {
        direct_response: { status: action.status, ...(action.body ? { body: { inline_string: action.body } } : {}) },
      };
    case 'none':
      return undefined;
  }
}

/** RouteAction.ClusterNotFoundResponseCode. */
const NOT_FOUND: Record<number, string> = {
  404: 'NOT_FOUND',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};
/** Istio's name for it. */
const NOWHERE = 'UnknownService';

function forwardAction(forward: Forward, route: Route): Fields {
  const [first] = forward.destinations;
  const fields: Fields = {};
  const alone = forward.destinations.length === 1 && first && !('host' in first.to) ? first.to.status : undefined;
  if (alone !== undefined && !NOT_FOUND[alone]) return { direct_response: { status: alone } };
  const answers = forward.destinations.some((d) => !('host' in d.to));
  // What is answered with 500 is a cluster that does not exist, with that status (as Istio generates for the Gateway API).
  if (answers) fields.cluster_not_found_response_code = NOT_FOUND[alone ?? 500];
  if (forward.destinations.length === 1 && first) fields.cluster = 'host' in first.to ? clusterName(first.to) : NOWHERE;
  else fields.weighted_clusters = { clusters: forward.destinations.map(weightedCluster) };
  Object.assign(fields, rewriteFields(pathOfRewrite(forward.rewrite), route));
  const only = forward.destinations.length === 1 ? first?.hostRewrite : undefined;
  Object.assign(fields, hostFields(forward.rewrite?.host ?? only));
  if (forward.mirrors?.length) fields.request_mirror_policies = forward.mirrors.map(mirrorPolicy);
  return { route: { ...fields, ...deliveryFields(forward.delivery) } };
}

/** The value of one header, or a text; nothing for what else is computed (see `hostHeader`). */
function hostFields(host: Template | undefined): Fields {
  const header = host && hostHeader(host);
  if (header) return { host_rewrite_header: header };
  const text = host === undefined ? undefined : literalText(host);
  return text === undefined ? {} : { host_rewrite_literal: text };
}

/** The header whose value the host is. */
export const hostHeader = (host: Template): string | undefined => /^%REQ\(([^?%]+)\)%$/.exec(host)?.[1];

const weightedCluster = (d: WeightedDestination): Fields => ({
  name: 'host' in d.to ? clusterName(d.to) : NOWHERE,
  weight: d.weight,
  ...headerFields(d.requestHeaders, d.responseHeaders),
  ...(d.hostRewrite ? { host_rewrite_literal: d.hostRewrite } : {}),
});

const mirrorPolicy = (m: Mirror): Fields => ({
  cluster: clusterName(m.destination),
  runtime_fraction: { default_value: percentage(m.percent) },
  ...(m.hostSuffix ? {} : { disable_shadow_host_suffix_append: true }),
});

/** Of a template without commands: these fields of Envoy are no templates. */
const plain = (template: string): string => template.replaceAll('%%', '%');

function rewriteFields(rewrite: PathRewrite | undefined, route: Route): Fields {
  if (!rewrite) return {};
  const kind = route.match.path?.kind;
  const regex = (pattern: string, substitution: string) => ({
    regex_rewrite: { pattern: { regex: pattern }, substitution },
  });
  switch (rewrite.kind) {
    case 'prefix':
      // Envoy replaces what its path specifier matched; an empty replacement is no replacement to it.
      if (rewrite.to !== '' && (kind === undefined || kind === 'prefix' || kind === 'segment-prefix'))
        return { prefix_rewrite: rewrite.to };
      return regex(`^${quoteRegex(rewrite.from)}`, rewrite.to.replaceAll('\\', '\\\\'));
    case 'full':
      if (kind === 'exact' || kind === 'regex') return { prefix_rewrite: plain(rewrite.to) };
      return regex('^(?s:.*)$', plain(rewrite.to).replaceAll('\\', '\\\\'));
    case 'regex':
      return regex(rewrite.pattern, rewrite.substitution);
    case 'strip-trailing-slash':
      return regex('^(.+)/$', '\\1');
  }
}

function deliveryFields(delivery: Delivery | undefined): Fields {
  const fields: Fields = {
    timeout: duration(delivery?.timeoutMs ?? 0),
    // Between two reads, which is what settings of nginx say.
    ...(delivery?.settings && delivery.idleTimeoutMs ? { idle_timeout: duration(delivery.idleTimeoutMs) } : {}),
  };
  if (delivery?.retries && delivery.retries.attempts > 0) fields.retry_policy = retryPolicy(delivery.retries);
  if (delivery?.hash?.length)
    fields.hash_policy = delivery.hash.map((h) => {
      if (h.by === 'header') return { header: { header_name: h.name } };
      if (h.by === 'cookie') return { cookie: cookiePolicy(h) };
      return h.by === 'query' ? { query_parameter: { name: h.name } } : { connection_properties: { source_ip: true } };
    });
  return fields;
}

function retryPolicy({ on, attempts, perTryTimeoutMs, backoffMs }: NonNullable<Delivery['retries']>): Fields {
  const { conditions, statuses } = retryOnOf(on ?? ISTIO_RETRY_ON);
  const needed = statuses.length > 0 && !conditions.includes(RETRIABLE_STATUSES) ? [RETRIABLE_STATUSES] : [];
  return {
    retry_on: [...conditions, ...needed].join(','),
    num_retries: attempts,
    ...(statuses.length > 0 ? { retriable_status_codes: statuses } : {}),
    ...(perTryTimeoutMs ? { per_try_timeout: duration(perTryTimeoutMs) } : {}),
    ...(backoffMs ? { retry_back_off: { base_interval: duration(backoffMs) } } : {}),
  };
}

/** Without a lifetime Envoy sets no cookie; zero: until the browser is closed. */
const cookiePolicy = ({ name, ttlMs, path, attributes }: NonNullable<Delivery['hash']>[number]): Fields => ({
  name,
  ...(ttlMs === undefined ? {} : { ttl: duration(ttlMs) }),
  ...(path ? { path } : {}),
  ...(attributes ? { attributes: Object.entries(attributes).map(([key, value]) => ({ name: key, value })) } : {}),
});

/** A redirect that Envoy's fields cannot spell is a direct response with a location (see `locationHeader`). */
function redirectAction(redirect: Redirect): Fields {
  if (wholeLocation(redirect) !== undefined || !CODES[redirect.status])
    return { direct_response: { status: redirect.status } };
  const { path } = redirect;
  return {
    redirect: {
      ...(redirect.scheme ? { scheme_redirect: redirect.scheme } : {}),
      ...(redirect.host ? { host_redirect: redirect.host } : {}),
      ...(typeof redirect.port === 'number' ? { port_redirect: redirect.port } : {}),
      ...(path?.kind === 'full' ? { path_redirect: plain(path.to) } : {}),
      ...(path?.kind === 'prefix' ? { prefix_rewrite: path.to } : {}),
      ...(path?.kind === 'regex'
        ? { regex_rewrite: { pattern: { regex: path.pattern }, substitution: path.substitution } }
        : {}),
      ...(redirect.stripQuery ? { strip_query: true } : {}),
      response_code: CODES[redirect.status],
    },
  };
}

/** Response headers of a route: its own, and the location of a redirect that is a direct response. */
export function locationHeader(route: Route): HeaderOps | undefined {
  const location = route.action.kind === 'redirect' ? wholeLocation(route.action) : undefined;
  if (location === undefined) return route.responseHeaders;
  return {
    ...route.responseHeaders,
    set: [...(route.responseHeaders?.set ?? []), ['location', location]],
  };
}

/** `request_headers_to_add` and its three siblings. */
export function headerFields(request: HeaderOps | undefined, response: HeaderOps | undefined): Fields {
  const options = (ops: HeaderOps | undefined) => [
    ...(ops?.set ?? []).map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    })),
    ...(ops?.add ?? []).map(([key, value]) => ({ header: { key, value }, append_action: 'APPEND_IF_EXISTS_OR_ADD' })),
  ];
  const fields: Fields = {
    request_headers_to_add: options(withoutUncomputed(request)),
    request_headers_to_remove: request?.remove ?? [],
    response_headers_to_add: options(response),
    response_headers_to_remove: response?.remove ?? [],
  };
  return Object.fromEntries(Object.entries(fields).filter(([, list]) => (list as unknown[]).length > 0));
}

/** CORS and faults live in the per-route configuration of their filters. */
export function filterConfigs(route: Route): Fields {
  const configs: Fields = {};
  const { cors, fault } = route;
  if (cors)
    configs['envoy.filters.http.cors'] = {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
      allow_origin_string_match: cors.allowOrigins.map(stringMatcher),
      ...(cors.allowMethods !== undefined ? { allow_methods: cors.allowMethods } : {}),
      ...(cors.allowHeaders !== undefined ? { allow_headers: cors.allowHeaders } : {}),
      ...(cors.exposeHeaders !== undefined ? { expose_headers: cors.exposeHeaders } : {}),
      ...(cors.maxAge !== undefined ? { max_age: cors.maxAge } : {}),
      ...(cors.allowCredentials !== undefined ? { allow_credentials: cors.allowCredentials } : {}),
      ...(cors.unmatchedPreflights ? { forward_not_matching_preflights: cors.unmatchedPreflights === 'forward' } : {}),
      filter_enabled: { default_value: { numerator: 100 } },
    };
  if (fault)
    configs['envoy.filters.http.fault'] = {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
      ...(fault.delay
        ? { delay: { fixed_delay: duration(fault.delay.ms), percentage: percentage(fault.delay.percent) } }
        : {}),
      ...(fault.abort
        ? {
            abort: {
              [fault.abort.grpc ? 'grpc_status' : 'http_status']: fault.abort.status,
              percentage: percentage(fault.abort.percent),
            },
          }
        : {}),
    };
  return Object.keys(configs).length > 0 ? { typed_per_filter_config: configs } : {};
}

const percentage = (percent: number): Fields => ({ numerator: Math.round(percent * 10_000), denominator: 'MILLION' });
export const duration = (ms: number): string => `${ms / 1000}s`;
