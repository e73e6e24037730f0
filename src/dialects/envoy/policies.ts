// The filters that run before routing: local rate limits, token checks, authorization, in the order and shape in which
// Istio writes them (convertToEnvoyJwtConfig in pilot/pkg/security/authn/policy_applier.go; pilot/pkg/security/authz/builder
// and authz/model, Istio source of 2026-08-22).

import type { HttpPolicies, JwtRule, L4Policies, RateLimit } from '../../model/index.js';
import { NOBODYS_KEYS } from './nobodys-key.js';
import { rbacRules } from './rbac.js';

type Fields = Record<string, unknown>;
const TYPE = 'type.googleapis.com/envoy.extensions.filters.';

const filter = (name: string, type: string, config: Fields): Fields => ({
  name: `envoy.filters.${name}`,
  typed_config: { '@type': TYPE + type, ...config },
});

/** In Envoy's order; none where the gateway has no policies. */
export function policyFilters(policies: HttpPolicies | undefined): Fields[] {
  if (!policies) return [];
  const { authentication, authorization, rateLimits = [] } = policies;
  const limits = (place: RateLimit['place']) =>
    inChain(rateLimits.filter((l) => l.place === place)).map((limit, i) => rateLimit(limit, `${place}_${i}`));
  return [
    ...limits('first'),
    ...(authentication.length > 0 ? [jwtFilter(authentication)] : []),
    ...rbacRules(authorization).map((rules) => filter('http.rbac', 'http.rbac.v3.RBAC', rules)),
    ...limits('last'),
  ];
}

/** In front of the TCP proxy. */
export const networkPolicyFilters = (policies: L4Policies | undefined): Fields[] =>
  rbacRules(policies?.authorization ?? []).map((rules) =>
    filter('network.rbac', 'network.rbac.v3.RBAC', { ...rules, stat_prefix: 'tcp.' }),
  );

function jwtFilter(rules: readonly JwtRule[]): Fields {
  const name = (i: number) => ({ provider_name: `origins-${i}` });
  const optional = rules.map((_, i) => ({ requires_any: { requirements: [name(i), { allow_missing: {} }] } }));
  const requires =
    optional.length === 1
      ? optional[0]
      : {
          requires_any: {
            requirements: [...rules.map((_, i) => name(i)), { requires_all: { requirements: optional } }],
          },
        };
  return filter('http.jwt_authn', 'http.jwt_authn.v3.JwtAuthentication', {
    providers: Object.fromEntries(rules.map((rule, i) => [`origins-${i}`, provider(rule)])),
    rules: [{ match: { prefix: '/' }, requires }],
    bypass_cors_preflight: true,
  });
}

const provider = (rule: JwtRule): Fields => ({
  ...(rule.issuer === '' ? {} : { issuer: rule.issuer }),
  ...(rule.audiences.length > 0 ? { audiences: rule.audiences } : {}),
  ...(rule.forwardOriginalToken ? { forward: true } : {}),
  ...(rule.outputPayloadToHeader ? { forward_payload_header: rule.outputPayloadToHeader } : {}),
  ...(rule.outputClaimToHeaders.length > 0
    ? {
        claim_to_headers: rule.outputClaimToHeaders.map(({ header, claim }) => ({
          header_name: header,
          claim_name: claim,
        })),
      }
    : {}),
  ...(rule.fromHeaders.length > 0
    ? {
        from_headers: rule.fromHeaders.map(({ name, prefix }) => ({
          name,
          ...(prefix ? { value_prefix: prefix } : {}),
        })),
      }
    : {}),
  ...(rule.fromParams.length > 0 ? { from_params: rule.fromParams } : {}),
  ...(rule.fromCookies.length > 0 ? { from_cookies: rule.fromCookies } : {}),
  payload_in_metadata: 'payload',
  normalize_payload_in_metadata: { space_delimited_claims: rule.spaceDelimitedClaims },
  clear_route_cache: true,
  local_jwks: { inline_string: rule.jwks ?? NOBODYS_KEYS },
});

/** Limits of the whole gateway; where only routes have some, one filter without a bucket. */
function inChain(limits: readonly RateLimit[]): (RateLimit | undefined)[] {
  const whole = limits.filter((l) => l.on === undefined);
  return whole.length > 0 || limits.length === 0 ? whole : [undefined];
}

/** `typed_per_filter_config` of the routes or virtual hosts that have limits of their own. */
export function ownLimit(
  policies: HttpPolicies | undefined,
  level: 'route' | 'virtual-host',
  at: {
    readonly port: number;
    readonly chain?: string | undefined;
    readonly virtualHost: string;
    readonly route?: string | undefined;
  },
): Fields {
  const limit = policies?.rateLimits?.findLast(
    ({ on }) =>
      on?.level === level &&
      (on.port ?? at.port) === at.port &&
      (on.configuration ?? at.chain) === at.chain &&
      (on.virtualHost ?? at.virtualHost) === at.virtualHost &&
      (on.route ?? at.route) === at.route,
  );
  if (!limit) return {};
  const { name, typed_config } = rateLimit(limit, `${level}_${at.virtualHost}_${at.route ?? ''}`.replace(/\W/g, '_'));
  return { [name as string]: typed_config };
}

function rateLimit(limit: RateLimit | undefined, prefix: string): Fields {
  if (!limit) return filter('http.local_ratelimit', 'http.local_ratelimit.v3.LocalRateLimit', { stat_prefix: prefix });
  const percent = (value: number) => ({
    default_value: { numerator: Math.round(value * 10_000), denominator: 'MILLION' },
  });
  return filter('http.local_ratelimit', 'http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: `rate_limit_${prefix}`,
    status: { code: limit.status },
    token_bucket: {
      max_tokens: limit.maxTokens,
      tokens_per_fill: limit.tokensPerFill,
      fill_interval: `${limit.fillIntervalMs / 1000}s`,
    },
    filter_enabled: { runtime_key: `rate_limit_${prefix}_enabled`, ...percent(limit.enabledPercent) },
    filter_enforced: { runtime_key: `rate_limit_${prefix}_enforced`, ...percent(limit.enforcedPercent) },
    ...(limit.responseHeaders.length > 0
      ? {
          response_headers_to_add: limit.responseHeaders.map(([key, value]) => ({
            header: { key, value },
            append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
          })),
        }
      : {}),
  });
}
