// What comparing and tabulating gateways gives: data for reports and for the JSON of `meshgw diff` and `meshgw routes`.

import type { DialectName, Engine } from './names.gen.js';
import type { GatewayRequest, MatchedOrigin, SimulationResult, UnknownInfluence } from './request.js';

/** The rules that answer on the two sides; null: none does. */
export interface Because {
  readonly before: MatchedOrigin | null;
  readonly after: MatchedOrigin | null;
}

/** A pair of rules that answer one request differently, and that request, answered on both sides. */
export interface GatewayDifference {
  readonly gateway: string;
  readonly request: GatewayRequest;
  /** Claims of the token that the request needs; no token can be made without the key. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly before: SimulationResult;
  readonly after: SimulationResult;
  readonly because: Because;
  /** All requests that differ so, in words: conditions that hold, and rules that come first and take some away. */
  readonly family?: { readonly when: readonly string[]; readonly unless: readonly string[] };
  /** Ports and groups of hosts on which this pair of rules differs. */
  readonly occurrences: number;
}

/** Something that could not be proven equal and of which no difference was found. */
export interface UndecidedPart {
  readonly gateway: string;
  readonly reason: string;
  readonly request?: GatewayRequest;
  readonly because?: Because;
  /** What is not modelled and is not the same on both sides, where that is the reason. `resource`: `EnvoyFilter istio-system/lua`. */
  readonly unknown?: { readonly feature: string; readonly resource: string };
}

export interface Compared {
  readonly gateways: number;
  /** Classes of connections (port, TLS, server name, client address) that the filter chains tell apart. */
  readonly connections: number;
  /** Pairs of virtual hosts that share hosts; `identical` of them needed no further look. */
  readonly virtualHosts: number;
  readonly identical: number;
  readonly rules: { readonly before: number; readonly after: number };
  /** Classes of paths that were distinguished. */
  readonly paths: number;
  /** Most classes of each other dimension: `header:x-user` → 3. */
  readonly dimensions: Readonly<Record<string, number>>;
}

export interface GatewayDiff {
  /** `undecided`: no difference was found, and not everything was proven. */
  readonly equivalent: boolean | 'undecided';
  readonly compared: Compared;
  readonly differences: readonly GatewayDifference[];
  readonly undecided: readonly UndecidedPart[];
  /** Rules that answer alike and deliver differently (timeouts, retries, protocol): no difference, but worth knowing. */
  readonly delivery: readonly {
    readonly gateway: string;
    readonly request: GatewayRequest;
    readonly because: Because;
  }[];
}

export interface ConfigDiff extends GatewayDiff {
  /** Which gateway was compared with which; null: that side has none, which counts as one without listeners. */
  readonly gateways: readonly { readonly before: string | null; readonly after: string | null }[];
}

/** One route of the effective route table. */
export interface RouteRow {
  /** Position in its virtual host: the first that matches decides. */
  readonly index: number;
  readonly name?: string;
  /** Conditions in words, all of which have to hold: `path begins /status`. */
  readonly match: readonly string[];
  /** What it does, in words: `httpbin.default.svc.cluster.local:8000`, `301`. */
  readonly action: string;
  readonly origin: MatchedOrigin;
  readonly reach: 'reached' | 'unreachable' | 'undecided';
  /** A request that reaches it. */
  readonly request?: GatewayRequest;
  /** Claims of the token that `request` needs. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Why not, in words. */
  readonly reason?: string;
  /** Earlier rules that take all that it matches. */
  readonly coveredBy?: readonly MatchedOrigin[];
  /** What can change its answers and is not modelled, beside the unknowns of the whole gateway; absent: nothing. */
  readonly unknown?: readonly UnknownInfluence[];
}

export interface RouteTable {
  readonly version: 1;
  readonly gateways: readonly {
    readonly id: string;
    readonly dialect: DialectName;
    readonly engine: Engine;
    /** What can change any of its answers and is not modelled; absent: nothing. */
    readonly unknown?: readonly UnknownInfluence[];
    readonly listeners: readonly {
      readonly port: number;
      readonly chains: readonly {
        readonly kind: 'http' | 'tls' | 'tcp';
        /** TLS is terminated here. */
        readonly tls: boolean;
        /** Server names; absent: any. */
        readonly sni?: readonly string[];
        /** Of `tls` and `tcp`: where the bytes go. */
        readonly action?: string;
        readonly virtualHosts: readonly { readonly hosts: readonly string[]; readonly routes: readonly RouteRow[] }[];
      }[];
    }[];
    /** Matches of rules that are attached to the gateway and take no request of it; absent: none. */
    readonly leftOut?: readonly LeftOutRow[];
  }[];
}

export interface LeftOutRow {
  readonly hosts: readonly string[];
  readonly match: readonly string[];
  /** `it is for web/other only, not for web/shop`. */
  readonly reason: string;
  readonly origin: MatchedOrigin;
}
