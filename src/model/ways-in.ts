// Every way from outside to each service: the data that `meshgw ways-in` prints (JSON version 1, docs/ways-in.md).

import type { DialectName, WayKind } from './names.gen.js';
import type { GatewayRequest, MatchedOrigin, ResultDestination, UnknownInfluence } from './request.js';

export interface WaysIn {
  readonly version: 1;
  /** Services of the files and every other destination, by name; those of gateways themselves have `front`. */
  readonly services: readonly ServiceWays[];
  /** Objects that let datagrams in (UDP): where to is not read; absent: none. */
  readonly datagrams?: readonly MatchedOrigin[];
  /** With `--advise`: meshes that have ended and of which the files hold configuration; absent: none. */
  readonly retired?: readonly RetiredMeshAdvice[];
}

export interface RetiredMeshAdvice {
  readonly name: string;
  /** What it was, when it ended, where its users go; a page that says so. */
  readonly was: string;
  readonly ended: string;
  readonly next: string;
  readonly source: string;
  /** Objects of the files that are of it, or have annotations for it. */
  readonly objects: number;
}

export interface ServiceWays {
  /** `namespace/name` of a Service; else the host. */
  readonly name: string;
  /** `httpbin.default.svc.cluster.local`. */
  readonly host: string;
  readonly kind: 'Service' | 'ServiceEntry' | 'not in the files';
  /** Of a Service: `ClusterIP`, `NodePort`, …, `headless`. */
  readonly type?: string;
  readonly origin?: MatchedOrigin;
  readonly ports: readonly ServicePortWays[];
  /** Ids of gateways whose pods it selects: a way into these, no service behind them. */
  readonly front?: readonly string[];
  readonly ways: readonly WayIn[];
  /** Rules that name it and over which no request comes: proven, or all that were tried are refused by a policy (`reason`). */
  readonly dead: readonly { readonly gateway: string; readonly rule: MatchedOrigin; readonly reason: string }[];
  /** With `--advise`. */
  readonly advice?: Advice;
}

export interface ServicePortWays {
  readonly port: number;
  readonly name?: string;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol: string;
  /** How many ways lead to it. */
  readonly ways: number;
}

/** Nobody looks for ways of datagrams. Of a ServiceEntry the protocol is that of the application: HTTP, TLS. */
export const takesDatagrams = ({ protocol }: Pick<ServicePortWays, 'protocol'>): boolean =>
  /^(?:UDP|SCTP)$/i.test(protocol);

export interface WayIn {
  readonly kind: WayKind;
  readonly gateway: string;
  readonly dialect: DialectName;
  /** Of an Ingress: its class; absent: none. */
  readonly class?: string;
  /** Port that the client connects to; null: one that the cluster picks. */
  readonly port: number | null;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS passthrough' | 'TLS' | 'TCP';
  readonly tls?: { readonly mode: string; readonly secrets: readonly string[] };
  /** Server names that choose it; absent: any. */
  readonly sni?: readonly string[];
  /** Client addresses that are let through; absent: all. */
  readonly sources?: readonly string[];
  /** Hosts of HTTP; `*`: any. */
  readonly hosts: readonly string[];
  /** `path prefix /status`; absent: any path. */
  readonly path?: string;
  /** Everything else that has to hold: `header x-user = jason`, `method = GET`. */
  readonly conditions: readonly string[];
  /** What decides too: policies, and influences that the files do not hold. */
  readonly policies: readonly string[];
  /** What else in the files can change the answers and is not modelled; absent: nothing. */
  readonly unknown?: readonly UnknownInfluence[];
  /** What is done on the way: rewrites, headers, CORS, faults, time limits. */
  readonly changes: readonly string[];
  /** Percent of the requests, 0..100; of a mirror: of copies. */
  readonly weight: number;
  readonly mirror?: true;
  readonly destination: ResultDestination;
  /** The object through which one enters: Ingress, Gateway, Service. */
  readonly entry: MatchedOrigin;
  /** The rule that leads to the destination. */
  readonly rule: MatchedOrigin;
  /** `reached`: `request` arrives there, by the simulator's word. */
  readonly reach: 'reached' | 'undecided';
  /** Of `undecided`: why. */
  readonly reason?: string;
  readonly request?: GatewayRequest;
  /** Claims of the token that `request` needs; no token can be made without its key. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The four ways of the article "which approach for which need". */
export type Approach = 'load-balancer' | 'ingress' | 'istio-gateway' | 'api-gateway';

export interface Advice {
  /** The least of the four that does all that is used or asked for; `none`: nothing leads there and nothing is asked for. */
  readonly approach: Approach | 'none';
  /** In one or two sentences: what that means today. */
  readonly verdict: string;
  /** What is used or required, and from which approach on it is available. */
  readonly needs: readonly Need[];
  /** What the ways of now lack, one sentence each. */
  readonly missing: readonly string[];
  /** What each of nine controllers has of the needs (ways-in/controllers.ts). */
  readonly controllers: readonly ControllerFit[];
  /** From the ways of now to the approach. */
  readonly moves: readonly Move[];
}

/** Needs of a service beside what a controller can do. All lists empty: it has everything. */
export interface ControllerFit {
  readonly title: string;
  /** Needs that it does not have; features by name. */
  readonly lacks: readonly string[];
  /** Needs that it has with a limit. */
  readonly part: readonly { readonly feature: string; readonly limit: string }[];
  /** Needs that nobody looked up. */
  readonly unknown: readonly string[];
}

export interface Need {
  readonly feature: string;
  /** What it is called in a sentence. */
  readonly title: string;
  readonly from: Approach;
  /** The rule or object that uses it; absent: asked for with `--need`. */
  readonly origin?: MatchedOrigin;
}

export interface Move {
  readonly from: WayKind;
  readonly to: Approach | 'gateway-api';
  /** What to run; absent: nothing translates it. */
  readonly command?: string;
  /** Fields of the service's objects, by what the translation's report calls them; absent: nothing translates it, or it fails. */
  readonly items?: { readonly exact: number; readonly approximate: number; readonly refused: number };
  readonly takes: string;
}
