// What a middleware is to the others: a step of a flow, made of a configuration.

import type { JsonObject, Origin, Resource, Route } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { ServiceContext } from '../services/context.js';
import type { EntryPoint, StaticConfig } from '../static.js';
import type { Verdicts } from '../verdicts.js';
import type { Flow } from './flow.js';

/** Where a middleware stands. */
export interface Place {
  readonly entryPoint: EntryPoint;
  readonly tls: boolean;
}

/** Takes a flow; `next` makes the routes of what goes on. */
export type Step = (flow: Flow, place: Place, next: (flow: Flow) => readonly Route[]) => readonly Route[];

/** Makes the step of a configuration. @throws Disabled where Traefik refuses it. */
export type Kind = (spec: JsonObject, origin: Origin, middleware: LoadedMiddleware, context: MiddlewareContext) => Step;

export interface LoadedMiddleware {
  readonly resource: Resource;
  readonly key: string;
  readonly spec: JsonObject;
}

export interface MiddlewareContext extends ServiceContext {
  readonly catalog: Catalog;
  readonly config: StaticConfig;
  readonly verdicts: Verdicts;
  readonly middlewares: ReadonlyMap<string, LoadedMiddleware>;
  /** Some object of Traefik. */
  readonly anyOrigin: Origin;
}

/** Before middlewares are known. */
export type LoadingContext = Omit<MiddlewareContext, 'middlewares' | 'anyOrigin'>;
