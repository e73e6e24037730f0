// What runs before routing at a gateway: token checks (RequestAuthentication), authorization (AuthorizationPolicy),
// local rate limits. In this order, as Istio orders Envoy's HTTP filters.

import type { SourceMatcher, StringMatcher } from './matchers.js';
import type { Json, Origin } from './resource.js';

export interface HttpPolicies {
  readonly authentication: readonly JwtRule[];
  /** CUSTOM is in `unsupported`; DENY before ALLOW; with ALLOW policies and none that matches: 403. */
  readonly authorization: readonly AuthorizationPolicy[];
  readonly rateLimits?: readonly RateLimit[];
}

/** One `jwtRules` entry. A token that is present must be valid (401); no token is accepted. */
export interface JwtRule {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Inline key set; absent: it would be fetched, which meshgw does not do. */
  readonly jwks?: Json;
  readonly jwksUri?: string;
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  readonly forwardOriginalToken: boolean;
  readonly outputPayloadToHeader?: string;
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: string }[];
  readonly origin: Origin;
}

export interface AuthorizationPolicy {
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';
  readonly name: string;
  readonly namespace: string;
  /** Any rule may match; an empty list matches nothing. */
  readonly rules: readonly AuthorizationRule[];
  readonly origin: Origin;
}

/** All groups have to hold; inside `from` and `to` any entry, inside an entry all conditions. */
export interface AuthorizationRule {
  readonly from: readonly (readonly AuthorizationCondition[])[];
  readonly to: readonly (readonly AuthorizationCondition[])[];
  readonly when: readonly AuthorizationCondition[];
  readonly origin: Origin;
}

/** A property of the request is one of `values` and none of `notValues` (each list absent: no test). */
export interface AuthorizationCondition {
  readonly key: string;
  readonly test:
    | {
        readonly on: 'string';
        readonly values?: readonly StringMatcher[];
        readonly notValues?: readonly StringMatcher[];
      }
    | { readonly on: 'address'; readonly values?: SourceMatcher; readonly notValues?: SourceMatcher }
    | { readonly on: 'port'; readonly values?: readonly number[]; readonly notValues?: readonly number[] }
    /** Cannot be decided at this gateway (a principal without mTLS): never matches, as in Envoy. */
    | { readonly on: 'unknown' };
  readonly origin?: Origin;
}

/** Envoy's local_ratelimit token bucket on the gateway. */
export interface RateLimit {
  readonly maxTokens: number;
  readonly tokensPerFill: number;
  readonly fillIntervalMs: number;
  readonly status: number;
  readonly origin: Origin;
}
