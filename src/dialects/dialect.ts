// What every dialect offers. A dialect resolves all of its own precedence when it reads, so that the model only
// knows "first match wins".

import type { DialectName, EffectiveGateway, GatewayRequest, Origin, Route } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';

export interface ReadOptions {
  /** Overrides the class of every Ingress (`--class-semantics`). */
  readonly classSemantics?: 'nginx' | 'istio' | 'kubernetes';
  /** Gateway API as Istio implements it (default), or as the specification says (`--gateway-api spec`). */
  readonly gatewayApi?: 'istio' | 'spec';
  /** Key sets (JSON text) that would be fetched, by `jwksUri` or issuer. */
  readonly keySets?: Readonly<Record<string, string>>;
}

export interface WriteOptions {
  readonly defaultTlsSecret?: { readonly namespace: string; readonly name: string };
  readonly allowExperimental?: boolean;
  readonly allowEnvoyFilter?: boolean;
}

/** One line of a translation's report: what became of a field. */
export interface ConversionItem {
  readonly severity: 'exact' | 'approximate' | 'refused';
  /** Stable name: `virtualservice.http.fault`, `annotation.canary-by-cookie`. */
  readonly feature: string;
  readonly message: string;
  readonly origin: Origin;
  /** The routes that it is about, where not all that come from `origin`: what is left out of one place need not be all of it. */
  readonly routes?: readonly Route[];
  /** What the target has in place of these routes, where the feature alone does not say it. */
  readonly instead?: ReadonlyMap<Route, Route>;
  /** Routes that take requests of it first in the target. */
  readonly rivals?: readonly Route[];
  /** The hosts that it is about, as an Ingress names them, where its rules serve others too. */
  readonly hosts?: readonly string[];
  /** Paths (without a query) of the rule for which nothing is lost. */
  readonly exactFor?: readonly string[];
}

export interface WriteResult {
  /** Kubernetes objects (or, for envoy, one bootstrap), in a stable order. */
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  readonly items: readonly ConversionItem[];
  /** Which gateway of the output takes which source gateway's place: id → id. Absent ids keep their names. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** Where parts of `objects` come from: the writer of YAML puts a comment before them. */
  readonly origins?: ReadonlyMap<object, Origin>;
  /** What a reader of the YAML has to know about parts of `objects`: a comment of one or more lines before them. */
  readonly remarks?: ReadonlyMap<object, string>;
}

/** What reading found that nobody asked for but everybody should know: a delegate that is dropped, a server that is skipped. */
export interface ReadNote {
  /** Stable name: `delegate-conflict`, `server-skipped`. */
  readonly code: string;
  readonly message: string;
  readonly origin: Origin;
  /** A request that shows it. */
  readonly witness?: GatewayRequest;
}

export interface ReadResult {
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
}

export interface Dialect {
  readonly name: DialectName;
  /** The gateways that the objects of this dialect define; objects of other dialects are left alone. */
  read(catalog: Catalog, options: ReadOptions): ReadResult;
  write?(gateways: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult;
}
