// What services are made from.

import type { Catalog } from '../../../resources/catalog.js';
import type { CrdProvider, StaticConfig } from '../static.js';
import type { Verdicts } from '../verdicts.js';

export interface ServiceContext {
  readonly catalog: Catalog;
  readonly config: StaticConfig;
  readonly provider: CrdProvider;
  readonly verdicts: Verdicts;
}
