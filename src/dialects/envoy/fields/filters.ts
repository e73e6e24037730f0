// Fields of the HTTP filters that the model has.

import type { Part } from '../../../model/index.js';
import { at, type Node } from '../read/node.js';
import {
  headerMatcher,
  headersOf,
  metadataMatcher,
  percentage,
  runtimeFraction,
  stringMatcher,
  template,
} from './matchers.js';
import {
  DEFAULT,
  DELIVERED,
  type FieldOf,
  type Message,
  NAME,
  off,
  onlyUsual,
  SWITCHED,
  TELEMETRY,
  TOLD,
  usual,
} from './message.js';

const ORIGINS: readonly Part[] = ['CorsPolicy.allowOrigins'];
const LIMITS: readonly Part[] = ['HttpPolicies.rateLimits'];
const TOKENS: readonly Part[] = ['HttpPolicies.authentication'];
const ACCESS: readonly Part[] = ['HttpPolicies.authorization', 'L4Policies.authorization', 'RouteMatch.source'];

const SWITCH = { otherwise: 'the policy counts for all requests, or for none' };

const range: FieldOf = { message: { address_prefix: ACCESS, prefix_len: ACCESS } };
const text: FieldOf = { message: stringMatcher(ACCESS) };
const nested: FieldOf = () => ({ message: CONDITION });
const several: FieldOf = { message: { rules: nested, ids: nested } };

const OTHER_CONDITIONS = [
  'destination_port_range',
  'filter_state',
  'sourced_metadata',
  'matcher',
  'path_template',
  'custom',
];

/** A permission or a principal. */
const CONDITION: Message = {
  and_rules: several,
  and_ids: several,
  or_rules: several,
  or_ids: several,
  not_rule: nested,
  not_id: nested,
  any: ACCESS,
  header: { message: headerMatcher(ACCESS) },
  url_path: { message: { path: text } },
  uri_template: template(ACCESS),
  destination_ip: range,
  source_ip: range,
  direct_remote_ip: range,
  remote_ip: range,
  destination_port: ACCESS,
  requested_server_name: text,
  metadata: { message: metadataMatcher(ACCESS) },
  authenticated: { message: { principal_name: text } },
  // Others are no condition that is read, and the rule tells of them.
  ...Object.fromEntries(OTHER_CONDITIONS.map((name) => [name, TOLD])),
};

/** What is asked of a token: its provider, or none of it. */
const requirement: FieldOf = () => ({ message: REQUIREMENT });
const REQUIREMENT: Message = {
  provider_name: TOKENS,
  allow_missing: TOKENS,
  requires_any: { message: { requirements: requirement } },
  requires_all: { message: { requirements: requirement } },
};

const IN_MEMORY = { without: 'under which name other filters find the token: the target has a name of its own' };

const PROVIDER: Message = {
  issuer: TOKENS,
  audiences: TOKENS,
  local_jwks: { message: { inline_string: TOKENS, inline_bytes: TOKENS } },
  remote_jwks: {
    message: {
      http_uri: { message: { uri: TOKENS, cluster: DELIVERED, timeout: DELIVERED } },
      cache_duration: DELIVERED,
      async_fetch: DELIVERED,
      retry_policy: DELIVERED,
    },
  },
  from_headers: { message: { name: TOKENS, value_prefix: TOKENS } },
  from_params: TOKENS,
  from_cookies: TOKENS,
  forward: off(TOKENS),
  forward_payload_header: TOKENS,
  claim_to_headers: { message: { header_name: TOKENS, claim_name: TOKENS } },
  normalize_payload_in_metadata: { message: { space_delimited_claims: TOKENS } },
  payload_in_metadata: IN_MEMORY,
  header_in_metadata: IN_MEMORY,
  clear_route_cache: { without: 'whether routes that ask for claims see those of the token: those of the target do' },
  clock_skew_seconds: onlyUsual(60),
};

/** A share of all is all, whatever it is a share in. */
const share = (parts: readonly Part[]): FieldOf => ({ message: percentage(parts) });

/** A limit that never limits is none. */
const bucket = (node: Node): FieldOf => (at(node, 'max_tokens') === undefined ? DEFAULT : { message: BUCKET });
const BUCKET: Message = {
  max_tokens: LIMITS,
  tokens_per_fill: usual(LIMITS, 1),
  fill_interval: LIMITS,
};

const CORS: Message = {
  allow_origin_string_match: { message: stringMatcher(ORIGINS) },
  allow_origin: ORIGINS,
  allow_origin_regex: ORIGINS,
  allow_methods: ['CorsPolicy.allowMethods'],
  allow_headers: ['CorsPolicy.allowHeaders'],
  expose_headers: ['CorsPolicy.exposeHeaders'],
  max_age: ['CorsPolicy.maxAge'],
  allow_credentials: ['CorsPolicy.allowCredentials'],
  forward_not_matching_preflights: usual(['CorsPolicy.unmatchedPreflights'], true),
  filter_enabled: SWITCH,
  enabled: SWITCH,
  shadow_enabled: TELEMETRY,
};

export const FILTERS = {
  Cors: CORS,
  CorsPolicy: CORS,
  HTTPFault: {
    delay: { message: { header_delay: TOLD, fixed_delay: ['Fault.delay'], percentage: share(['Fault.delay']) } },
    abort: {
      message: {
        header_abort: TOLD,
        http_status: ['Fault.abort'],
        grpc_status: ['Fault.abort'],
        percentage: share(['Fault.abort']),
      },
    },
    headers: { message: headerMatcher(['RouteMatch.headers']) },
    downstream_nodes: TOLD,
    upstream_cluster: ['Fault.delay', 'Fault.abort'],
    disable_downstream_cluster_stats: TELEMETRY,
  },
  Buffer: { max_request_bytes: ['Route.maxRequestBytes', 'HttpChain.bodyLimit'] },
  BufferPerRoute: { buffer: 'Buffer', disabled: ['Route.maxRequestBytes'] },
  FilterConfig: { config: 'Any', disabled: SWITCHED, is_optional: DEFAULT },
  LocalRateLimit: {
    stat_prefix: NAME,
    token_bucket: bucket,
    filter_enabled: runtimeFraction(LIMITS),
    filter_enforced: runtimeFraction(LIMITS),
    response_headers_to_add: headersOf(LIMITS),
    status: { message: { code: LIMITS } },
    descriptors: TOLD,
    rate_limits: TOLD,
    enable_x_ratelimit_headers: onlyUsual('OFF', 0),
    local_rate_limit_per_downstream_connection: { otherwise: 'one bucket for all connections' },
  },
  RBAC: {
    rules: {
      message: {
        action: usual(ACCESS, 'ALLOW', 0),
        policies: {
          mapOf: {
            message: {
              permissions: { message: CONDITION },
              principals: { message: CONDITION },
              condition: TOLD,
              checked_condition: TOLD,
            },
          },
        },
      },
    },
    matcher: TOLD,
    rules_stat_prefix: NAME,
    track_per_rule_stats: TELEMETRY,
    stat_prefix: NAME,
    shadow_rules: TELEMETRY,
    shadow_matcher: TELEMETRY,
    shadow_rules_stat_prefix: NAME,
  },
  RBACPerRoute: { rbac: 'RBAC' },
  JwtAuthentication: {
    providers: { mapOf: { message: PROVIDER } },
    rules: { message: { match: { message: { prefix: usual(TOKENS, '/') } }, requires: requirement } },
    bypass_cors_preflight: TOKENS,
  },
} satisfies Record<string, Message>;
