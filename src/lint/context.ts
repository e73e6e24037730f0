// What rules see of a run.

import type { ReadNote } from '../dialects/dialect.js';
import type { EffectiveGateway, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { CrdProblem } from './cel.js';

export interface LintContext {
  readonly catalog: Catalog;
  /** What the dialects made of the files. */
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
  /** For certificates that expire, ms since the epoch; absent: dates are not looked at. */
  readonly now?: number;
  /** What the CRD of an object's kind says about it; absent where no object has such a kind. */
  readonly crd?: (resource: Resource) => readonly CrdProblem[];
  /** An error in the object itself (its shape or a field) has been found already. */
  readonly broken: (resource: Resource) => boolean;
}
