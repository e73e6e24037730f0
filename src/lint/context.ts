// What rules see of a run.

import type { ReadNote } from '../dialects/dialect.js';
import type { EffectiveGateway, FieldPath, GatewayRequest, Origin, Resource, Route } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { CrdProblem } from './cel.js';

export interface LintContext {
  readonly catalog: Catalog;
  /** What the dialects made of the files. */
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
  /** For certificates that expire, ms since the epoch; absent: dates are not looked at. */
  readonly now?: number;
  /** What ingress-nginx makes of the annotations of an Ingress; absent: they are not looked at. */
  readonly annotations?: (resource: Resource) => readonly AnnotationProblem[];
  /** What the CRD of an object's kind says about it; absent where no object has such a kind. */
  readonly crd?: (resource: Resource) => readonly CrdProblem[];
  /** Why a text is no CEL expression; absent where `crd` is. */
  readonly celSyntax?: (expression: string) => string | undefined;
  /** What Istio makes of the objects of the Gateway API; absent: not looked at. */
  readonly gatewayApi?: GatewayApiFindings;
  /** What a gateway answers to a request; undefined where that depends on a token, or the gateway is too large to ask. Absent: no request is tried. */
  readonly answer?: (gateway: EffectiveGateway, request: GatewayRequest) => RequestAnswer | undefined;
  /** An error in the object itself (its shape or a field) has been found already. */
  readonly broken: (resource: Resource) => boolean;
}

/** As the dialect of ingress-nginx says it. */
export interface AnnotationProblem {
  readonly code: string;
  readonly message: string;
  readonly path: FieldPath;
  /** The name that was probably meant. */
  readonly suggestion?: string;
}

/** As the dialect of the Gateway API says it. Functions: nothing is computed where no rule asks. */
export interface GatewayApiFindings {
  /** Conditions of the status that say no: `Gateway default/shop, listener https: ResolvedRefs is False (InvalidCertificateRef)`. */
  readonly refusals: (catalog: Catalog) => readonly { readonly message: string; readonly origin: Origin }[];
  /** Where Istio reads the objects otherwise than the specification. */
  readonly differences: (
    catalog: Catalog,
  ) => readonly { readonly spec: string; readonly istio: string; readonly origin: Origin }[];
}

/** Of an answer, what decides where a client goes next. */
export interface RequestAnswer {
  /** Absent: refused, closed, or bytes only. */
  readonly status?: number;
  readonly location?: string;
  /** The route that answers. */
  readonly route?: Route;
}
