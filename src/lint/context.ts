// What rules see of a run.

import type { ReadNote } from '../dialects/dialect.js';
import type { EffectiveGateway, FieldPath, Resource } from '../model/index.js';
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
