// What differs between data planes after the model has said its part: how a path is normalised, how rewrites and
// redirects spell their result, what is left behind in headers, and the answers to requests that make no sense.

import type { DirectResponse, Engine, GatewayRequest, PathRewrite, Redirect } from '../../model/index.js';
import type { CompiledRegex } from '../../regex/match.js';
import type { HeaderEdit } from '../decision.js';
import type { RequestView } from '../request-view.js';
import type { CompiledTemplate, OperatorTable } from '../template.js';

/** A path as an engine sees it. */
export interface SeenPath {
  /** What routes match: without the query. */
  readonly path: string;
  /** From `?` on, as it came; empty where there is none. */
  readonly query: string;
  /** What goes upstream where no rewrite applies (path and query). Default: `path + query`. */
  readonly forward?: string;
  /** The host, where the request line names it (`GET http://host/path`). */
  readonly authority?: string;
}

/** An answer of the gateway itself, before any route. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** For a person: `a path begins with /`. */
  readonly reason: string;
}

/** A rewrite whose pattern (of `regex`) or template (of `full`) is compiled. */
export interface CompiledPathRewrite {
  readonly rewrite: PathRewrite;
  readonly regex?: CompiledRegex;
  readonly full?: CompiledTemplate;
}

/** Evaluates a template against the request. */
export type Expand = (template: CompiledTemplate) => string;

export interface EngineRules {
  readonly engine: Engine;
  /** The path (with query) as it came, or the answer to one that is refused. */
  seePath(path: string, method: string): SeenPath | Refusal;
  /** Anything else that is answered before routing: a missing host. Undefined: go on. */
  refuse?(request: GatewayRequest): Refusal | undefined;
  /** The name that virtual hosts are matched by: lower case; whether port and trailing dot go is the engine's rule. */
  hostName(host: string): string;
  /** No virtual host, or no route in it. */
  readonly noRoute: { readonly status: number; readonly body: string; readonly flags?: string };
  /** A request body over the limit. `at`: before the route does anything, or where the chain's filter for it stands. */
  readonly tooLarge: { readonly status: number; readonly body: string; readonly at: 'route' | 'filter' };
  /** A destination that does not exist (`missing`). */
  readonly noDestination: { readonly status: number; readonly body: string; readonly flags?: string };
  /** Headers that matchers and templates see although the client did not send them so; null: absent, undefined: the client's. */
  seenHeader?(view: RequestView, name: string): string | null | undefined;
  /** Headers of the client that the engine does not pass on (nginx: invalid names, `proxy`), before all other changes. */
  droppedHeaders?(view: RequestView): readonly HeaderEdit[];
  /** Whether several lines of this header are one value, joined with commas; else each is tested alone. Default: true. */
  joinsLines?(name: string): boolean;
  /** The path and query that the destination gets; undefined: the rewrite does not take place. */
  rewritePath(view: RequestView, rewrite: CompiledPathRewrite, expand: Expand): string | undefined;
  /** The Location header of a redirect without a `location` template; empty: none. */
  location(view: RequestView, redirect: Redirect, path: CompiledPathRewrite | undefined, expand: Expand): string;
  /** Location that a direct response gets without asking (Envoy: status 201 or 3xx); empty: none. */
  directLocation?(view: RequestView, status: number): string;
  /** Headers of a direct response that the model does not name. */
  answerHeaders?(view: RequestView, action: DirectResponse): readonly HeaderEdit[];
  /** What the engine leaves in the upstream request on its own (`x-envoy-original-path`), after all other changes. */
  bookkeeping?(
    view: RequestView,
    /** `hostBefore`: the host that the route's own rewrite replaced. */
    rewritten: { readonly path: boolean; readonly hostBefore: string | undefined },
  ): readonly HeaderEdit[];
  readonly operators: OperatorTable;
}
