// What a route does: forward, redirect, answer by itself; and the changes on the way.

import type { StringMatcher } from './matchers.js';
import type { DialectName } from './names.gen.js';
import type { Origin } from './resource.js';

/** Text with Envoy's command operators (`%REQ(x-user)%`, `%%` for a percent sign). Dialects without them escape `%`. */
export type Template = string;

/** Text as a template: a percent sign stands for itself. */
export const plainTemplate = (text: string): Template => text.replaceAll('%', '%%');

/** Text of a template that holds no operator; undefined: an operator such as `%REQ(x-user)%` is in it. */
export function literalText(template: Template): string | undefined {
  const text = template.replaceAll('%%', '\u0000');
  return text.includes('%') ? undefined : text.replaceAll('\u0000', '%');
}

export type Action = Forward | Redirect | DirectResponse | { readonly kind: 'none'; readonly reason: string };

export interface Forward {
  readonly kind: 'forward';
  /** At least one. Weights are relative; one alone takes everything whatever its weight. */
  readonly destinations: readonly WeightedDestination[];
  readonly rewrite?: Rewrite;
  readonly mirrors?: readonly Mirror[];
  readonly delivery?: Delivery;
}

/** Where a share of the requests goes: to a destination, or to an answer (an invalid reference of the Gateway API is a 500). */
export interface WeightedDestination {
  readonly to: Destination | { readonly status: number; readonly origin?: Origin };
  readonly weight: number;
  readonly requestHeaders?: HeaderOps;
  readonly responseHeaders?: HeaderOps;
  /** Envoy's host rewrite of one weighted cluster. */
  readonly hostRewrite?: string;
  readonly origin?: Origin;
}

export interface Destination {
  /** Fully qualified: `httpbin.default.svc.cluster.local`. */
  readonly host: string;
  readonly port: number;
  /** The files name the port, and do not hold the Service that says its number: `port` is 0. */
  readonly portName?: string;
  /** Whichever port the Service has, taken for its only one (what Istio does without a port): `port` is the listener's. */
  readonly only?: true;
  readonly subset?: string;
  /** The subset asks for no labels: all endpoints of the host are in it. */
  readonly wholeHost?: true;
  /** Set where the files show that it does not exist (Envoy answers 503 `NC`). */
  readonly missing?: 'service' | 'port' | 'subset';
  /** Why nothing is there, in words, where it stands for something that cannot be had. */
  readonly why?: string;
  /** How the gateway talks to it. Default `http`. */
  readonly protocol?: 'http' | 'https' | 'h2c' | 'grpc' | 'grpcs' | 'tcp' | 'auto';
  /** TLS to it, where an object of its own says more than that there is TLS; the certificate is verified. */
  readonly tls?: DestinationTls;
  readonly origin?: Origin;
}

/** What a gateway sends and expects when it connects to a destination with TLS. */
export interface DestinationTls {
  /** Sent as SNI, and the name of the certificate unless there are `alternatives`. */
  readonly name: string;
  /** DNS names and URIs, any of which the certificate has to have. */
  readonly alternatives?: readonly string[];
  /** ConfigMap with the certificate (`ca.crt`) of who signs; absent: the authorities that the gateway's system trusts. */
  readonly authority?: { readonly namespace: string; readonly name: string };
  /** Secret with the gateway's own certificate, for destinations that ask for one; absent: none is shown. */
  readonly own?: { readonly namespace: string; readonly name: string; readonly origin: Origin };
  readonly origin: Origin;
}

/** `httpbin.default.svc.cluster.local:8000/v1`. */
export const destinationName = ({ host, port, subset }: Pick<Destination, 'host' | 'port' | 'subset'>): string =>
  subset === undefined ? `${host}:${port}` : `${host}:${port}/${subset}`;

/** The flag that says the number of a named port: `--service-port web/shop:http=NUMBER`. */
export function portFlag({ host, portName }: Pick<Destination, 'host' | 'portName'>, number = 'NUMBER'): string {
  const [service, namespace] = host.split('.');
  return `--service-port ${namespace}/${service}:${portName}=${number}`;
}

/** A number, or the name where the number is not known. */
export const portText = ({ port, portName }: Pick<Destination, 'port' | 'portName'>): string => portName ?? `${port}`;

export interface Redirect {
  readonly kind: 'redirect';
  /** 301, 302, 303, 307 or 308 (nginx: 300..308). */
  readonly status: number;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  /** A number; `derive`: the default port of the scheme, or the listener's (Istio's derivePort); absent: Envoy's rule (kept when scheme and host stay). */
  readonly port?: number | 'from-request-port' | 'from-protocol-default';
  readonly path?: PathRewrite;
  readonly stripQuery?: boolean;
  /** The whole Location as a template, for dialects that write it themselves (nginx); excludes the fields above. */
  readonly location?: Template;
  /** Of the answer, where a client sees more than the Location. */
  readonly body?: string;
  /** The Location is a path only, without scheme and host (nginx: `absolute_redirect off`). */
  readonly relative?: boolean;
  /** As of a DirectResponse. */
  readonly why?: string;
}

export interface DirectResponse {
  readonly kind: 'direct-response';
  readonly status: number;
  readonly body?: string;
  /** ingress-nginx's default backend answers. */
  readonly defaultBackend?: boolean;
  /** In words, why there is no destination, where the origin of the route does not show it: `the Service has no endpoints`. No part of the meaning. */
  readonly why?: string;
}

/**
 * How the path changes. The query is kept unless the engine's rule says otherwise.
 * - `prefix`: the matched prefix `from` (a length matters, not its case) is replaced by `to`, with no slash added or taken.
 * - `regex`: RE2; `\1` in `substitution` are captures; `all`: every match (Envoy), else the first (nginx).
 * - `full`: the whole path is replaced. - `strip-trailing-slash`: one slash at the end goes.
 */
export type PathRewrite =
  | { readonly kind: 'prefix'; readonly from: string; readonly to: string }
  | { readonly kind: 'full'; readonly to: Template }
  | { readonly kind: 'regex'; readonly pattern: string; readonly substitution: string; readonly all: boolean }
  | { readonly kind: 'strip-trailing-slash' };

export interface Rewrite {
  readonly path?: PathRewrite;
  readonly host?: Template;
  /** The method that the destination gets. */
  readonly method?: string;
  readonly query?: QueryOps;
  readonly origin?: Origin;
}

/** Changes of query parameters, in the order of the fields; names and values as decoded, templates see the request as it came. */
export interface QueryOps {
  readonly remove?: readonly string[];
  readonly rename?: readonly (readonly [name: string, to: string])[];
  /** Where the parameter is there. */
  readonly replace?: readonly (readonly [name: string, value: Template])[];
  /** Where it is not. */
  readonly add?: readonly (readonly [name: string, value: Template])[];
  readonly append?: readonly (readonly [name: string, value: Template])[];
  /** Only `remove` is done, and the rest of the query stays as it came. */
  readonly kept?: true;
}

/** In the order written: removed first, then set and added (simulate applies the engine's order between levels). */
export interface HeaderOps {
  readonly set?: readonly (readonly [name: string, value: Template])[];
  readonly add?: readonly (readonly [name: string, value: Template])[];
  readonly remove?: readonly string[];
  readonly origin?: Origin;
}

export interface CorsPolicy {
  readonly allowOrigins: readonly StringMatcher[];
  /** As Istio joins them: one header value each; absent: header not sent. */
  readonly allowMethods?: string;
  readonly allowHeaders?: string;
  readonly exposeHeaders?: string;
  readonly maxAge?: string;
  readonly allowCredentials?: boolean;
  /** A preflight whose origin is not allowed: passed on to the destination, or answered by the gateway. Default `forward`. */
  readonly unmatchedPreflights?: 'forward' | 'ignore';
  readonly origin?: Origin;
}

/** Percentages 0..100. */
export interface Fault {
  readonly delay?: { readonly ms: number; readonly percent: number };
  /** `grpc`: `status` is one of gRPC, 0..16. */
  readonly abort?: { readonly status: number; readonly percent: number; readonly grpc?: boolean };
  readonly origin?: Origin;
}

export interface Mirror {
  readonly destination: Destination;
  /** 0..100. */
  readonly percent: number;
  /** Envoy appends `-shadow` to the host of the mirrored request unless configured not to. */
  readonly hostSuffix?: string;
  /** Host and path (with query) of the copy, where they are not the request's (nginx: `mirror-host`, the path of `mirror-target`). */
  readonly host?: Template;
  readonly path?: Template;
  readonly origin?: Origin;
}

/** How bytes travel: nothing here decides which route is taken. Times in ms. */
export interface Delivery {
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly retries?: {
    readonly attempts: number;
    readonly perTryTimeoutMs?: number;
    readonly on?: string;
    readonly backoffMs?: number;
    readonly remoteLocalities?: boolean;
  };
  readonly hash?: readonly {
    readonly by: 'header' | 'cookie' | 'source-ip' | 'query';
    readonly name?: string;
    readonly ttlMs?: number;
    readonly path?: string;
    /** Of a cookie, as they stand behind its value: `SameSite` → `Lax`, `Secure` → ``. */
    readonly attributes?: Readonly<Record<string, string>>;
  }[];
  /** Names (`destinationName`) of destinations that choose endpoints without these hashes. Absent: none. */
  readonly unhashed?: readonly string[];
  /** How an endpoint is chosen where no hash chooses it. */
  readonly balance?: 'round-robin' | 'least-request';
  /** TLS to the destination, where the settings say more than that there is TLS. The certificate is not verified unless `verify`. */
  readonly tls?: {
    readonly verify: boolean;
    /** Secret with the gateway's own certificate and the authority of the destination's. */
    readonly credential?: { readonly namespace: string; readonly name: string };
    /** Name that the certificate must have; sent as SNI if `sendName`. */
    readonly name?: string;
    readonly sendName?: boolean;
  };
  readonly maxRequestBytes?: number;
  /** Envoy's circuit breakers of the destination. Beyond `maxConnections` requests wait, beyond `maxPending` they are answered 503 `UO`. */
  readonly limits?: { readonly maxConnections?: number; readonly maxPending?: number; readonly maxRequests?: number };
  /** Envoy's outlier detection: an endpoint that answers this many 5xx (or fails) in a row is left out for `baseMs` × times ejected. */
  readonly ejection?: {
    readonly consecutive5xx?: number;
    readonly consecutiveGatewayErrors?: number;
    readonly baseMs: number;
    /** Of the endpoints, at most this share is left out (but always one). */
    readonly maxPercent: number;
  };
  /** What else the dialect says about delivery, for traces and reports: `load-balance` → `ewma`. */
  readonly other?: Readonly<Record<string, string>>;
  /** Of settings that have a field each (annotations): its name as in `other`, and where it stands. */
  readonly settings?: readonly { readonly name: string; readonly origin: Origin }[];
  /** Where single settings stand that are elsewhere than `origin`. */
  readonly places?: Readonly<
    Partial<Record<'connectTimeoutMs' | 'limits' | 'ejection' | 'balance' | 'tls', readonly Origin[]>>
  >;
  /** Whose settings these are: its `leaving.ts` says what is lost of them. */
  readonly settingsOf?: DialectName;
  readonly origin?: Origin;
}

/** An influence on the answer that is not in the files; simulate names it and goes on as if it let the request pass. */
export interface Condition {
  readonly kind:
    | 'external-auth'
    | 'basic-auth'
    | 'client-certificate'
    | 'rate-limit'
    | 'connection-limit'
    | 'body-size'
    | 'backend-error'
    | 'affinity';
  /** `auth-url http://auth.example.com/check must answer 2xx, else 401`. */
  readonly summary: string;
  /** The status the client gets when the condition fails. */
  readonly status?: number;
  /**
   * Of a `rate-limit`: what one client address may send. `burst` requests at once beyond the first, and `requests` in `perMs` from then
   * on; addresses of the ranges `except` are not counted. All rules with one `origin` count together.
   */
  readonly rate?: {
    readonly requests: number;
    readonly perMs: number;
    readonly burst: number;
    readonly except: readonly string[];
  };
  /**
   * Of an `external-auth`: who is asked. `headers`: those of the response that the destination gets; `query`: behind the path; `external`: the
   * host is outside of the cluster; `checkHeaders`: constant headers of the question.
   */
  readonly ask?: {
    readonly service: string;
    readonly port: number;
    readonly path: string;
    readonly query?: string;
    readonly external?: { readonly tls: boolean };
    readonly headers: readonly string[];
    readonly checkHeaders?: readonly (readonly [name: string, value: string])[];
  };
  /** Of a `client-certificate`: whose authority signs it; `optional`: a client may have none. */
  readonly clients?: {
    readonly ca: { readonly namespace: string; readonly name: string };
    readonly optional: boolean;
    /** Pattern that the name in the certificate has to match; absent: any name. */
    readonly subject?: string;
  };
  readonly origin: Origin;
  /** Other fields that say how it is checked (`auth-signin` beside `auth-url`): a translation that gives up the one gives up the others. */
  readonly details?: readonly { readonly origin: Origin }[];
}

/** Answers 404 by itself. */
export const isNotFound = ({ action }: { readonly action: Action }): boolean =>
  action.kind === 'direct-response' && action.status === 404;

/** What stands behind the value of a session cookie, where there is something (`Delivery.hash`). */
export const cookieAttributes = (
  pairs: readonly (readonly [name: string, value: string])[],
): { readonly attributes?: Readonly<Record<string, string>> } =>
  pairs.length > 0 ? { attributes: Object.fromEntries(pairs) } : {};
