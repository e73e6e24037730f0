// What an implementation reads in rules beside the standard's fields, or otherwise: filters and backends of its own kinds.

import type { IstioClusters } from '../../../implementations/istio/clusters.js';
import type {
  CorsPolicy,
  Destination,
  DirectResponse,
  HeaderOps,
  Json,
  JsonObject,
  Origin,
  PathRewrite,
  Template,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { RouteKind } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import type { ControlPlane } from './control-plane.js';

export interface BackendContext extends ControlPlane {
  readonly catalog: Catalog;
  readonly clusters: IstioClusters;
  readonly routeKind: RouteKind;
  readonly routeNamespace: string;
  readonly implementation: OwnKinds;
}

export interface Backend {
  /** Absent where there is nothing to send to: the reference is not allowed, or of a kind that is no backend. */
  readonly destination?: Destination;
  /** What is answered in its place: its BackendTLSPolicy cannot be used, and connections fail. */
  readonly answer?: { readonly status: number; readonly origin: Origin };
  /** An invalid backend (isInvalidBackend) costs its share of the requests, any other error the whole route. */
  readonly error?: ConfigError;
}

/** What a filter that is an object of its own does: each part counts where it is there. */
export interface ExtensionFilter {
  readonly path?: PathRewrite;
  readonly host?: Template;
  /** It answers in place of a destination. */
  readonly answer?: DirectResponse;
  readonly responseHeaders?: HeaderOps;
}

/** The part of an `Implementation` that reading a rule asks. */
export interface OwnKinds {
  /** The CORS filter of a rule; absent: as `features/cors.ts` has it. */
  cors?(filter: Json, origin: Origin): CorsPolicy;
  /** A filter that is an object of its own (`type: ExtensionRef`); absent: it is not supported. */
  extensionFilter?(filter: JsonObject, place: Origin, context: BackendContext): ExtensionFilter | ConfigError;
  /** Further kinds of backends; undefined: none of its own. */
  backend?(kind: string, namespace: string, name: string, origin: Origin, context: BackendContext): Backend | undefined;
  /** A header modifier that sets Host cannot be used; default: it rewrites the host. */
  readonly hostHeader?: 'invalid';
  /** A rewrite of the host alone is a filter of a backend, too. */
  readonly hostOfBackend?: true;
  /** What a rule costs whose mirror cannot be used; default: the mirror alone. */
  readonly invalidMirror?: 'rule';
}
