// The common model: what a gateway does with a connection and a request, after every dialect's precedence has been
// resolved. Gateway → listeners (port) → filter chains (SNI) → virtual hosts (domains) → routes, first match wins.

import type { Action, Condition, CorsPolicy, Fault, HeaderOps, WeightedDestination } from './action.js';
import type { DomainPattern, RouteMatch } from './matchers.js';
import type { DialectName, Engine } from './names.gen.js';
import type { BodyLimit, HttpPolicies, L4Policies } from './policy.js';
import type { Json, Origin } from './resource.js';

/** One gateway workload, as a client meets it. */
export interface EffectiveGateway {
  /** What `--gateway` names: `istio=ingressgateway`, `default/gw`, `ingress-nginx`, `ingress:foo`, `service:default/web`. */
  readonly id: string;
  /** Other spellings of `id` that are accepted. */
  readonly aliases?: readonly string[];
  readonly dialect: DialectName;
  /**
   * Whose rules of the data plane apply where the configuration is silent (normalisation of paths, headers that are
   * set on the way, answers to nonsense). `plain`: the Kubernetes specification, which normalises nothing.
   */
  readonly engine: Engine;
  /** What the configuration says of how the engine takes requests in; absent: as the engine does by itself. */
  readonly intake?: Intake;
  /** No gateway at all: the cluster opens a Service by itself. It takes no gateway's place and is asked only by its name. */
  readonly direct?: true;
  /** The one that is asked where a request names none and several are there. */
  readonly usual?: true;
  /** What one process runs, whatever it was made from: in a comparison it stands for one gateway of the other side. */
  readonly running?: true;
  /** Labels by which its pods are known, in one or more ways: a Service that selects them leads into the gateway. */
  readonly podLabels?: readonly Readonly<Record<string, string>>[];
  /** Whose services, DestinationRules and policies count behind it; absent: nobody's. */
  readonly controlPlane?: 'istio';
  readonly listeners: readonly Listener[];
  /** Ports that the files ask for and on which nothing listens. Absent: none. */
  readonly closed?: readonly ClosedPort[];
  /** What the files say and the model cannot express. */
  readonly unsupported: readonly Unsupported[];
  /** Matches of rules that are attached to this gateway and are for others; absent: none. */
  readonly leftOut?: readonly LeftOutMatch[];
}

/** How requests are taken in, before any route; what is absent is the engine's own way. */
export interface Intake {
  /** `%2F` and `%5C` in a path: kept, a 400, a redirect to the path without the escape, or unescaped. */
  readonly escapedSlashes?: 'keep' | 'reject' | 'redirect' | 'forward';
  readonly mergeSlashes?: boolean;
  /** Dot segments, escapes that need none and backslashes of a path are resolved before it is matched. */
  readonly normalizePath?: boolean;
  /** What follows `#` in a path: taken away, or a 400. */
  readonly fragments?: 'strip' | 'reject';
  /** Headers whose names have an underscore: kept, the request refused (400), the header dropped. */
  readonly underscores?: 'allow' | 'reject' | 'drop';
  /** Destinations are told the certificate that a client shows (X-Forwarded-Client-Cert). */
  readonly clientCertificates?: boolean;
  /** Destinations are told path and host from before a rewrite. */
  readonly envoyHeaders?: boolean;
}

/** A match that takes no request of a gateway, whatever the request: no route was made of it. */
export interface LeftOutMatch {
  readonly hosts: readonly DomainPattern[];
  readonly match: RouteMatch;
  /** `match.gateways names only web/other`. */
  readonly reason: string;
  readonly origin: Origin;
}

export interface ClosedPort {
  readonly port: number;
  /** What closes it, without a full stop: `Envoy refuses the listener: …`. */
  readonly why: string;
  readonly origin: Origin;
}

/**
 * Set in a file, not expressed in the model: never dropped in silence. With any effect but `delivery` it can change an answer, and is an
 * unknown (unknown.ts) that travels with every answer it can reach.
 */
export interface Unsupported {
  /** Stable name of the feature: `virtualservice.http.corsPolicy.…`, `annotation.auth-url`. */
  readonly feature: string;
  /** What happens (or cannot be known) at run time, one sentence. */
  readonly detail: string;
  /** What would be wrong if it were ignored. `delivery`: how bytes travel, no answer. */
  readonly effect: 'routing' | 'change' | 'delivery' | 'security';
  /** It decides who is let in (authentication, address lists, client certificates): a translation without it closes what it reaches. */
  readonly guards?: true;
  /** What it is there for, as the advice of `ways-in` calls it: `rate-limit`. Absent: nothing that it asks about. */
  readonly need?: string;
  /** The requests that it can change; absent: all of the gateway. */
  readonly reach?: Reach;
  /** What decides what it does, where that is more than the value at `origin`: equal contents do the same. */
  readonly content?: Json;
  readonly origin: Origin;
}

/** Which requests something can change: all conditions that are given hold. Wider than the truth where the truth is not known. */
export interface Reach {
  /** Ports of the gateway. */
  readonly ports?: readonly number[];
  readonly hosts?: readonly DomainPattern[];
  /** Requests that a rule of one of these objects takes: `HTTPRoute web/shop` (formatResource). */
  readonly objects?: readonly string[];
  /** Requests that a rule from one of these places takes (`placeKey`). */
  readonly places?: ReadonlySet<string>;
  /** Not requests that a rule from one of these places takes: it decides before. */
  readonly except?: ReadonlySet<string>;
}

export interface Listener {
  readonly port: number;
  /** Address to bind; absent: all. */
  readonly bind?: string;
  /** Most specific first is not required: the most specific `match` wins, as in Envoy. No chain: the connection is closed. */
  readonly filterChains: readonly FilterChain[];
  /** Paths are not cleaned here (dot segments, repeated slashes), though the engine does it usually. */
  readonly asSent?: true;
  readonly origin?: Origin;
}

export type FilterChain = HttpChain | L4Chain;

interface ChainBase {
  readonly match: ChainMatch;
  /** TLS is terminated here; absent: plain bytes or passthrough. */
  readonly tls?: TlsContext;
  readonly name?: string;
  readonly origin?: Origin;
}

/** Which connections a chain takes. */
export interface ChainMatch {
  /** `tls`: begins with a ClientHello; `raw`: does not; `any`: either (a TCP or plain HTTP chain without TLS inspection). */
  readonly transport: 'tls' | 'raw' | 'any';
  /** Server names; absent: any SNI or none. */
  readonly sni?: readonly DomainPattern[];
  readonly source?: readonly string[];
  readonly destination?: readonly string[];
  /** Patterns for the whole server name (empty: none was sent), all of which have to hold. More specific than a chain without. */
  readonly sniTests?: readonly { readonly pattern: string; readonly invert?: true }[];
}

export interface HttpChain extends ChainBase {
  readonly kind: 'http';
  readonly virtualHosts: readonly VirtualHost[];
  /** What runs before routing: token checks, authorization, rate limits. */
  readonly policies?: HttpPolicies;
  /** Envoy: how limits of request bodies are kept here. */
  readonly bodyLimit?: BodyLimit;
}

export interface L4Chain extends ChainBase {
  readonly kind: 'l4';
  /** What the result calls it: `tls` for passthrough chosen by SNI, `tcp` for everything else. */
  readonly l4: 'tls' | 'tcp';
  readonly destinations: readonly WeightedDestination[];
  /** Whom bytes are taken from. */
  readonly policies?: L4Policies;
  readonly origin: Origin;
}

export interface TlsContext {
  readonly mode: 'simple' | 'mutual' | 'optional-mutual' | 'istio-mutual';
  /** Secrets that hold the certificate; empty: files on the gateway, or `ownCertificate`. */
  readonly credentials: readonly { readonly namespace: string; readonly name: string }[];
  /** Server names without a Secret get the certificate that the controller made for itself. */
  readonly ownCertificate?: true;
  /** One chain, another certificate per server name (nginx): the first entry whose hosts match the SNI, else `credentials`. */
  readonly certificates?: readonly {
    readonly hosts: readonly DomainPattern[];
    readonly credential: { readonly namespace: string; readonly name: string };
    readonly origin?: Origin;
  }[];
  /** Of modes that ask clients for a certificate; absent: the authority stands beside the gateway's own certificate, and counts. */
  readonly clients?: {
    /** Who signs. */
    readonly authority: { readonly kind: 'ConfigMap' | 'Secret'; readonly namespace: string; readonly name: string };
    /** Any certificate will do: it is asked for and not checked. */
    readonly unchecked?: true;
    /** Where that is elsewhere than the rest of the context. */
    readonly origin?: Origin;
  };
  readonly minVersion?: '1.0' | '1.1' | '1.2' | '1.3';
  readonly maxVersion?: '1.0' | '1.1' | '1.2' | '1.3';
  readonly cipherSuites?: readonly string[];
  readonly origin?: Origin;
}

/** A set of hosts and its routes. Which virtual host takes a request: exact, then the longest suffix, then `any`; never a second try. */
export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly DomainPattern[];
  /** In the order of the data plane: the first that matches decides. */
  readonly routes: readonly Route[];
  readonly origin?: Origin;
}

export interface Route {
  readonly name?: string;
  readonly match: RouteMatch;
  readonly action: Action;
  /** Changes to the request on the way to the destination, and to the answer on the way back. */
  readonly requestHeaders?: HeaderOps;
  readonly responseHeaders?: HeaderOps;
  readonly cors?: CorsPolicy;
  readonly fault?: Fault;
  /** What decides too and is not in the files: an external authorization, the state of a rate limit. */
  readonly conditions?: readonly Condition[];
  /**
   * A larger request body is answered 413. nginx: before anything else of this route happens, when it has found the location; Envoy:
   * where the chain's `bodyLimit` stands. Bytes.
   */
  readonly maxRequestBytes?: number;
  /** The field that sets `maxRequestBytes`, or the object whose default it is; absent: `origin`. */
  readonly bodyLimitOrigin?: Origin;
  /** The controller answers so by itself, whatever is configured: the rule stays behind with it. */
  readonly own?: true;
  /** Takes requests with an escaped slash in their path only: proofs have none. */
  readonly escaped?: true;
  /** Which of several rules of one rank answers is chance: each has a share. */
  readonly chance?: true;
  /** What a reader of the translation has to know of the rule; lines apart by `\n`. No part of the meaning. */
  readonly remark?: string;
  /** The rule (an HTTP rule, a path of an Ingress) this comes from; several routes may share it. */
  readonly origin: Origin;
  /** The match inside the rule (`spec.http[0].match[1]`), where it has one of its own. */
  readonly matchOrigin?: Origin;
  /** Other objects that made it what it is: middlewares that its rule names. */
  readonly shapedBy?: readonly Origin[];
}
