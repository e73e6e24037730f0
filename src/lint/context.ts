// What rules see of a run.

import type { AnnotationFinding, Dialect, ReadNote } from '../dialects/dialect.js';
import type { Assumption, EffectiveGateway, GatewayRequest, ObjectStatus, Resource, Route } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { CrdProblem } from './cel.js';

export interface LintContext {
  readonly catalog: Catalog;
  /** What the dialects made of the files. */
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
  /** What the files do not say and was taken for given; absent: nothing. */
  readonly assumptions?: readonly Assumption[];
  /** For certificates that expire, ms since the epoch; absent: dates are not looked at. */
  readonly now?: number;
  /** What the dialects know and lint may not load; absent: not looked at. */
  readonly dialects?: DialectFindings;
  /** What the CRD of an object's kind says about it; absent where no object has such a kind. */
  readonly crd?: (resource: Resource) => readonly CrdProblem[];
  /** Why a text is no CEL expression; absent where `crd` is. */
  readonly celSyntax?: (expression: string) => string | undefined;
  /** What a gateway answers to a request; undefined where that depends on a token, or the gateway is too large to ask. Absent: no request is tried. */
  readonly answer?: (gateway: EffectiveGateway, request: GatewayRequest) => RequestAnswer | undefined;
  /** kustomize builds the folder of the object, with patches that were not applied. Absent: no folder. */
  readonly unbuilt?: (resource: Resource) => boolean;
  /** An error in the object itself (its shape or a field) has been found already. */
  readonly broken: (resource: Resource) => boolean;
}

/** Of all dialects. Functions: nothing is computed where no rule asks. */
export interface DialectFindings {
  readonly annotations: (resource: Resource, catalog: Catalog) => readonly AnnotationFinding[];
  /** What controllers would write into the `status` of objects. */
  readonly statuses: (catalog: Catalog) => readonly ObjectStatus[];
  readonly specificationDifferences: NonNullable<Dialect['specificationDifferences']>;
}

/** Of an answer, what decides where a client goes next. */
export interface RequestAnswer {
  /** Absent: refused, closed, or bytes only. */
  readonly status?: number;
  readonly location?: string;
  /** The route that answers. */
  readonly route?: Route;
}
