// A rule of an HTTPRoute with what belongs to it.

import type { JsonObject, Origin, Resource } from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import type { KongPlugin, KongRoute, KongService } from '../entities.js';
import type { AttachedRoute } from './attached.js';

export interface HttpRule extends AttachedRoute {
  readonly resource: Resource;
  readonly rule: JsonObject;
  /** Its place in the HTTPRoute. */
  readonly index: number;
  /** As the API server stores them: at least one. Empty where an empty list is written. */
  readonly matches: readonly HttpMatch[];
  readonly origin: Origin;
}

export interface HttpMatch {
  readonly match: JsonObject;
  readonly index: number;
  readonly path: { readonly type: string; readonly value: string };
  readonly origin: Origin;
}

/** The routes of rules that share a service; undefined: the controller cannot translate them, and has none of them. */
export type RoutesOfService = (
  rules: readonly HttpRule[],
  service: KongService,
  notes: ReadNote[],
) => { readonly routes: readonly KongRoute[]; readonly plugins: readonly KongPlugin[] } | undefined;
