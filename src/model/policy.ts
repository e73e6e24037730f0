// What runs before routing at a gateway: local rate limits, token checks (RequestAuthentication), authorization
// (AuthorizationPolicy). In this order, as Istio orders Envoy's HTTP filters.

import type { StringMatcher } from './matchers.js';
import type { Origin } from './resource.js';

export interface HttpPolicies {
  /** Sorted by issuer, as Istio hands them to Envoy. */
  readonly authentication: readonly JwtRule[];
  /**
   * DENY before ALLOW; with ALLOW policies and none that matches: 403. CUSTOM is in `unsupported`, or a DENY where Istio denies in place of
   * an authorization that it cannot ask.
   */
  readonly authorization: readonly AuthorizationPolicy[];
  readonly rateLimits?: readonly RateLimit[];
}

/** Authorization of a connection whose bytes are forwarded; who is refused is hung up on. */
export interface L4Policies {
  readonly authorization: readonly AuthorizationPolicy[];
}

/** One `jwtRules` entry. A token that is present must be valid (401); no token is accepted. */
export interface JwtRule {
  readonly issuer: string;
  /** Empty: any audience. */
  readonly audiences: readonly string[];
  /** Inline key set, JSON text; absent: it would be fetched, which meshgw does not do (or has no key), so that no token is valid. */
  readonly jwks?: string;
  readonly jwksUri?: string;
  /** Where a token may be; with all three empty: `authorization: Bearer …` and the parameter `access_token`. */
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  readonly forwardOriginalToken: boolean;
  readonly outputPayloadToHeader?: string;
  /** `claim` is a path with dots. */
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: string }[];
  /** Claims whose text is a list, split at spaces. */
  readonly spaceDelimitedClaims: readonly string[];
  readonly origin: Origin;
}

/** What checking the tokens of one request gave: `src/tokens` makes it, `decide` takes it. */
export interface TokenOutcome {
  /** A token is not valid. */
  readonly refusal?: {
    readonly status: number;
    readonly body: string;
    readonly origin?: Origin;
    /** More than the body tells: whose keys are missing, which issuers there are rules for. */
    readonly why?: string;
  };
  /** Claims of the token that was found valid; absent: no token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Changes to the request's headers, in order: the token taken away, its payload or claims added. Names in lower case. */
  readonly requestHeaders?: readonly {
    readonly op: 'set' | 'append' | 'remove';
    readonly name: string;
    readonly value: string;
  }[];
  /** Path and query without the token, where it was in a parameter. */
  readonly path?: string;
}

export interface AuthorizationPolicy {
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT';
  readonly name: string;
  readonly namespace: string;
  /** Any rule may match; an empty list matches nothing. */
  readonly rules: readonly AuthorizationRule[];
  /** Evaluated and logged only (annotation `istio.io/dry-run`). */
  readonly dryRun?: boolean;
  /** It stands before the token checks. `why`: for a person, why it denies. */
  readonly first?: { readonly why: string };
  readonly origin: Origin;
}

/** All groups have to hold; inside `from` and `to` any entry (none: no test), inside an entry all conditions. */
export interface AuthorizationRule {
  readonly from: readonly (readonly AuthorizationCondition[])[];
  readonly to: readonly (readonly AuthorizationCondition[])[];
  readonly when: readonly AuthorizationCondition[];
  readonly origin: Origin;
}

/** A property of the request is one of `values` and none of `notValues` (a list that is absent: no test). */
export interface AuthorizationCondition {
  /** For a person: `paths`, `request.headers[x-user]`. */
  readonly key: string;
  readonly test: AuthorizationTest;
  readonly origin?: Origin;
}

interface OneOf<T> {
  readonly values?: readonly T[];
  readonly notValues?: readonly T[];
}

/** The token's issuer and subject, both. */
export interface RequestPrincipal {
  readonly issuer: StringMatcher;
  readonly subject: StringMatcher;
}

export type AuthorizationTest =
  /** Path without query. */
  | ({ readonly on: 'path' } & OneOf<StringMatcher>)
  /** A header, lower case; `:method`, `:authority` too. Absent: none of them, whatever the pattern. */
  | ({ readonly on: 'header'; readonly name: string } & OneOf<StringMatcher>)
  /** Server name of the TLS handshake; empty without. */
  | ({ readonly on: 'sni' } & OneOf<StringMatcher>)
  /** A claim of the token, text or a list of texts of which any may match. */
  | ({ readonly on: 'claim'; readonly claim: readonly string[] } & OneOf<StringMatcher>)
  | ({ readonly on: 'request-principal' } & OneOf<RequestPrincipal>)
  /** Ranges. `peer`: of the connection; `client`: after x-forwarded-for is trusted; `gateway`: the address that was connected to. */
  | ({ readonly on: 'address'; readonly address: 'peer' | 'client' | 'gateway' } & OneOf<string>)
  /** Port of the gateway. */
  | ({ readonly on: 'port' } & OneOf<number>)
  /** Identity in the client's certificate (`spiffe://…`): a client from outside has none. */
  | ({ readonly on: 'peer-identity' } & OneOf<StringMatcher>)
  /** Something that is not in a request (other filters' metadata): never one of `values`. */
  | ({ readonly on: 'unknown' } & OneOf<string>);

/** Envoy's local_ratelimit token bucket on the gateway: full at the start. */
export interface RateLimit {
  readonly maxTokens: number;
  readonly tokensPerFill: number;
  readonly fillIntervalMs: number;
  /** Default 429. */
  readonly status: number;
  /** Which requests it counts, percent 0..100. */
  readonly enabledPercent: number;
  /** Of those over the limit, which are refused, percent 0..100. */
  readonly enforcedPercent: number;
  /** Headers of the refusal. */
  readonly responseHeaders: readonly (readonly [name: string, value: string])[];
  /** Before the token checks, or after authorization. */
  readonly place: 'first' | 'last';
  /** Only for these routes, in place of the limit for the whole gateway. A route's limit goes before a virtual host's. */
  readonly on?: PatchTarget;
  readonly origin: Origin;
}

/** The routes that an EnvoyFilter changes, one by one or by virtual host; a name that is absent: any. */
export interface PatchTarget {
  readonly level: 'route' | 'virtual-host';
  /** Name of the filter chain (`http.80`). */
  readonly configuration?: string;
  readonly port?: number;
  readonly virtualHost?: string;
  readonly route?: string;
}

/** Where a request is going: no virtual host or route where none takes it. */
export interface RequestPlace {
  readonly port: number;
  readonly chain: { readonly name?: string };
  readonly virtualHost?: { readonly name: string } | undefined;
  readonly route?: { readonly name?: string } | undefined;
}

/** Whether what is patched is where a request is going. */
export function isPatched(on: PatchTarget, { port, chain, virtualHost, route }: RequestPlace): boolean {
  return (
    (on.level === 'route' ? route : virtualHost) !== undefined &&
    (on.port ?? port) === port &&
    (on.configuration ?? chain.name) === chain.name &&
    (on.virtualHost ?? virtualHost?.name) === virtualHost?.name &&
    (on.route ?? route?.name) === route?.name
  );
}

/** A filter that holds a request back until its body is whole, and answers 413 to a larger one (Envoy's buffer filter). */
export interface BodyLimit {
  /** For requests that no route takes; absent: none. A route has its own: `Route.maxRequestBytes`. Bytes. */
  readonly maxBytes?: number;
  /** Before the token checks, or behind everything else, right before the route acts. */
  readonly place: 'first' | 'last';
  readonly origin: Origin;
}
