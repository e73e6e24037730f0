// What the advice on a service is made of.

import type { Locate, WayIn } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { FoundWay } from './found-way.js';
import type { KnownService } from './services.js';

export interface AdviceInput {
  readonly service: KnownService;
  readonly found: readonly FoundWay[];
  readonly ways: readonly WayIn[];
  readonly catalog: Catalog;
  readonly locate: Locate;
}
