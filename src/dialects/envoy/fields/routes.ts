// Fields of route configurations, down to what a route does.

import type { Part } from '../../../model/index.js';
import { field, list, type Node } from '../read/node.js';
import { texts } from '../read/values.js';
import {
  HEADER_CHANGES,
  headerMatcher,
  metadataMatcher,
  queryMatcher,
  regex,
  runtimeFraction,
  template,
} from './matchers.js';
import {
  BYTES,
  type FieldOf,
  limitOfTime,
  type Message,
  NAME,
  off,
  TELEMETRY,
  TOLD,
  UNREAD_DELIVERY,
  usual,
  WEB_SOCKETS,
} from './message.js';

const PATH: readonly Part[] = ['RouteMatch.path'];
const HOSTS: readonly Part[] = ['VirtualHost.domains'];
const TO: readonly Part[] = ['WeightedDestination.to', 'Destination.host', 'Destination.port', 'DirectResponse.status'];
const REWRITES: readonly Part[] = ['Rewrite.path'];
const HOST: readonly Part[] = ['Rewrite.host', 'WeightedDestination.hostRewrite'];
const RETRIES: readonly Part[] = ['Delivery.retries'];
const HASH: readonly Part[] = ['Delivery.hash'];

const LIMITS = { without: 'descriptions for a rate limit, whose filter has an item of its own' };
const OF_RETRIES = { without: 'a header about retries' };
const ENDPOINT = { without: 'which endpoint a second try goes to: the target chooses' };

const regexRewrite = (parts: readonly Part[]): FieldOf => ({
  message: { pattern: regex(parts), substitution: parts },
});

/** Of a virtual host: every host, and no rule for it. */
const isEmptyRest = (host: Node | undefined): boolean =>
  list(host, 'routes').length === 0 && texts(host, 'domains').every((domain) => domain === '*');

const domains = ({ above }: Node): FieldOf =>
  isEmptyRest(above) ? { without: 'no rule is for the hosts that are not named: 404, as without it' } : HOSTS;

/** With rules for every host no port makes a difference. */
const portsOfHosts = ({ value, above }: Node): FieldOf =>
  list(above, 'virtual_hosts').every((host) => texts(host, 'domains').every((domain) => domain === '*'))
    ? { without: 'the rules are for every host, with and without a port' }
    : value === false
      ? { without: 'is the default value' }
      : HOSTS;

/** Every route of the virtual host has one of its own. */
const unlessOwn =
  (name: string, of: FieldOf) =>
  ({ above }: Node): FieldOf =>
    list(above, 'routes').every((route) => !field(route, 'route') || field(field(route, 'route'), name) !== undefined)
      ? { without: 'every route of the virtual host has one of its own' }
      : of;

export const ROUTES = {
  RouteConfiguration: {
    name: NAME,
    virtual_hosts: 'VirtualHost',
    vhds: TOLD,
    internal_only_headers: TOLD,
    ignore_path_parameters_in_path_matching: TOLD,
    validate_clusters: { without: 'whether Envoy refuses routes to clusters that are not there' },
    max_direct_response_body_size_bytes: BYTES,
    ignore_port_in_host_matching: portsOfHosts,
    most_specific_header_mutations_wins: off(['RequestHeaders.set', 'ResponseHeaders.set']),
    typed_per_filter_config: { mapOf: 'Any' },
    ...HEADER_CHANGES,
    metadata: NAME,
  },
  VirtualHost: {
    name: NAME,
    domains,
    routes: 'Route',
    matcher: TOLD,
    require_tls: usual(['Redirect.scheme', 'Redirect.status', 'Redirect.location'], 'NONE', 0),
    rate_limits: LIMITS,
    include_request_attempt_count: OF_RETRIES,
    include_attempt_count_in_response: OF_RETRIES,
    include_is_timeout_retry_header: OF_RETRIES,
    retry_policy: unlessOwn('retry_policy', 'RetryPolicy'),
    hedge_policy: UNREAD_DELIVERY,
    per_request_buffer_limit_bytes: UNREAD_DELIVERY,
    request_body_buffer_limit: UNREAD_DELIVERY,
    request_mirror_policies: unlessOwn('request_mirror_policies', 'MirrorPolicy'),
    cors: 'Cors',
    typed_per_filter_config: { mapOf: 'Any' },
    metadata: NAME,
    virtual_clusters: TELEMETRY,
    ...HEADER_CHANGES,
  },
  Route: {
    name: ['Route.name'],
    match: 'RouteMatch',
    route: 'RouteAction',
    redirect: 'RedirectAction',
    direct_response: 'DirectResponseAction',
    metadata: NAME,
    decorator: TELEMETRY,
    tracing: TELEMETRY,
    stat_prefix: NAME,
    per_request_buffer_limit_bytes: UNREAD_DELIVERY,
    request_body_buffer_limit: UNREAD_DELIVERY,
    typed_per_filter_config: { mapOf: 'Any' },
    ...HEADER_CHANGES,
  },
  RouteMatch: {
    prefix: usual(PATH, '/', ''),
    path: PATH,
    safe_regex: regex(PATH),
    regex: PATH,
    path_separated_prefix: PATH,
    path_match_policy: template(PATH),
    case_sensitive: usual(PATH, true),
    connect_matcher: ['RouteMatch.headers'],
    headers: { message: headerMatcher(['RouteMatch.headers']) },
    grpc: ['RouteMatch.headers'],
    query_parameters: { message: queryMatcher(['RouteMatch.query']) },
    dynamic_metadata: { message: metadataMatcher(['RouteMatch.claims']) },
    tls_context: TOLD,
    filter_state: TOLD,
    cookies: TOLD,
    runtime_fraction: { otherwise: 'takes all requests, or the route is not there' },
  },
  RouteAction: {
    cluster: TO,
    cluster_header: ['RouteMatch.headers', 'WeightedDestination.to'],
    weighted_clusters: 'WeightedCluster',
    cluster_not_found_response_code: { otherwise: 'the cluster is there, or the code is that of the answer' },
    prefix_rewrite: REWRITES,
    regex_rewrite: regexRewrite(REWRITES),
    path_rewrite_policy: template(REWRITES),
    host_rewrite: HOST,
    host_rewrite_literal: HOST,
    host_rewrite_header: HOST,
    host_rewrite_path_regex: TOLD,
    path_rewrite: TOLD,
    cluster_specifier_plugin: TOLD,
    inline_cluster_specifier_plugin: TOLD,
    auto_host_rewrite: off(HOST),
    append_x_forwarded_host: { without: 'a header about the host before the rewrite' },
    timeout: limitOfTime(usual(['Delivery.timeoutMs'], '15s')),
    idle_timeout: limitOfTime(UNREAD_DELIVERY),
    max_stream_duration: 'MaxStreamDuration',
    max_grpc_timeout: limitOfTime(UNREAD_DELIVERY),
    grpc_timeout_offset: UNREAD_DELIVERY,
    flush_timeout: UNREAD_DELIVERY,
    retry_policy: 'RetryPolicy',
    hedge_policy: UNREAD_DELIVERY,
    hash_policy: 'HashPolicy',
    upgrade_configs: WEB_SOCKETS,
    early_data_policy: UNREAD_DELIVERY,
    request_mirror_policies: 'MirrorPolicy',
    rate_limits: LIMITS,
    include_vh_rate_limits: LIMITS,
    cors: 'Cors',
    priority: BYTES,
  },
  MaxStreamDuration: {
    max_stream_duration: limitOfTime(UNREAD_DELIVERY),
    grpc_timeout_header_max: limitOfTime(UNREAD_DELIVERY),
    grpc_timeout_header_offset: UNREAD_DELIVERY,
  },
  RetryPolicy: {
    retry_on: RETRIES,
    num_retries: RETRIES,
    per_try_timeout: limitOfTime(RETRIES),
    per_try_idle_timeout: UNREAD_DELIVERY,
    retriable_status_codes: RETRIES,
    retry_back_off: { message: { base_interval: RETRIES, max_interval: UNREAD_DELIVERY } },
    rate_limited_retry_back_off: UNREAD_DELIVERY,
    retriable_headers: UNREAD_DELIVERY,
    retriable_request_headers: UNREAD_DELIVERY,
    retry_host_predicate: ENDPOINT,
    host_selection_retry_max_attempts: ENDPOINT,
    retry_priority: ENDPOINT,
    retry_options_predicates: ENDPOINT,
  },
  HashPolicy: {
    header: { message: { header_name: HASH, regex_rewrite: UNREAD_DELIVERY } },
    cookie: {
      message: { name: HASH, ttl: HASH, path: HASH, attributes: { message: { name: HASH, value: HASH } } },
    },
    query_parameter: { message: { name: HASH } },
    connection_properties: { message: { source_ip: HASH } },
    filter_state: UNREAD_DELIVERY,
    terminal: UNREAD_DELIVERY,
  },
  MirrorPolicy: {
    cluster: ['Destination.host', 'Destination.port'],
    cluster_header: TOLD,
    runtime_fraction: runtimeFraction(['Mirror.percent']),
    trace_sampled: TELEMETRY,
    disable_shadow_host_suffix_append: ['Mirror.hostSuffix'],
  },
  WeightedCluster: {
    clusters: 'ClusterWeight',
    total_weight: { without: 'the sum of the weights' },
    runtime_key_prefix: NAME,
    use_hash_policy: UNREAD_DELIVERY,
  },
  ClusterWeight: {
    name: TO,
    cluster_header: TOLD,
    weight: ['WeightedDestination.weight', 'WeightedDestination.to'],
    host_rewrite_literal: HOST,
    typed_per_filter_config: { mapOf: 'Any' },
    ...HEADER_CHANGES,
  },
  RedirectAction: {
    https_redirect: off(['Redirect.scheme']),
    scheme_redirect: ['Redirect.scheme'],
    host_redirect: ['Redirect.host'],
    port_redirect: ['Redirect.port'],
    path_redirect: ['Redirect.path'],
    prefix_rewrite: ['Redirect.path'],
    regex_rewrite: regexRewrite(['Redirect.path']),
    path_rewrite: TOLD,
    response_code: usual(['Redirect.status'], 'MOVED_PERMANENTLY', 0),
    strip_query: off(['Redirect.stripQuery']),
  },
  DirectResponseAction: {
    status: ['DirectResponse.status'],
    body_format: TOLD,
    body: {
      message: { inline_string: ['DirectResponse.body'], inline_bytes: ['DirectResponse.body'], filename: TOLD },
    },
  },
} satisfies Record<string, Message>;
