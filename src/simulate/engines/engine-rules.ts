// What differs between data planes after the model has said its part: how a path is normalised, how rewrites and
// redirects spell their result, what is left behind in headers, and the answers to requests that make no sense.

import type {
  DirectResponse,
  Engine,
  GatewayRequest,
  Intake,
  PathRewrite,
  QueryOps,
  Redirect,
} from '../../model/index.js';
import type { CompiledRegex } from '../../regex/match.js';
import type { Answer, HeaderEdit } from '../decision.js';
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
  /** Of a redirect. */
  readonly location?: string;
  /** For a person: `the path must begin with /`. */
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

/** The paths (without query) that routes can meet: those that the engine leaves as they are, so that a request shows what a rule sees. */
export interface PathSpace {
  /** Printable characters that no path has here. */
  readonly without: string;
  /** What all of them match, and what none of them does: patterns of RE2. */
  readonly pattern: string;
  readonly never: readonly string[];
}

/** The headers of a request on its way; names in lower case. */
export interface ChangingHeaders {
  /** The first line of that name. */
  get(name: string): string | undefined;
  lines(name: string): readonly string[];
  /** One line in place of all of that name. */
  set(name: string, value: string): void;
  add(name: string, value: string): void;
  remove(name: string): void;
}

export interface Client {
  /** Address of the client. */
  readonly source: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** As the client sent it. */
  readonly authority: string;
  /** Another UUID for each request. */
  newId(): string;
}

/** What shows on sockets only (`serve`): none of it decides where a request goes. */
export interface WireRules {
  /** The `server` header of answers. `replace`: also over the destination's. Absent: the destination's, and none of its own. */
  readonly server?: { readonly name: string; readonly replace: boolean };
  readonly acceptsHttp10: boolean;
  /** Headers (lower-case names) that the values of `Connection` and `TE` take away from a request that is no upgrade. Absent: none. */
  takenByConnection?(connection: string, te: string): Refusal | readonly string[];
  /** Protocols that a client may change to; another is answered 403. Absent: any. */
  readonly upgrades?: readonly string[];
  /** A body with a limit is held until it is whole. */
  readonly holdsLimitedBodies: boolean;
  /** Changes of the answer's headers hold for its own 413 too. */
  readonly editsTooLarge: boolean;
  /** Header that tells the destination's time in ms; absent: none. */
  readonly serviceTimeHeader?: string;
  /** Retries of a route without settings: beyond the first attempt, `retry_on` of Envoy, base of the back-off in ms. */
  readonly retries: { readonly attempts: number; readonly on: string; readonly backoffMs: number };
  /** What the destination learns about the client, before the route's own changes. */
  markRequest(headers: ChangingHeaders, client: Client): void;
}

export interface EngineRules {
  readonly engine: Engine;
  readonly paths: PathSpace;
  /** A path of `paths` as it stands in a request line. Default: as it is. */
  writePath?(path: string): string;
  /** Headers that matchers see with the scheme of the connection, whatever the client sent. */
  readonly schemeHeaders?: readonly string[];
  readonly wire: WireRules;
  /** Answers set the cookies that hashes of routes name, for clients that show none. Absent: no. */
  readonly setsSessionCookies?: true;
  /** Destinations get the certificate that a client shows where the listener asks for one, in a header. Absent: no. */
  readonly tellsCertificates?: boolean;
  /**
   * The path (with query) as it came, or the answer to one that is refused. `cleaned`: whether the listener cleans paths (Listener.asSent);
   * default: yes.
   */
  seePath(path: string, method: string, cleaned?: boolean): SeenPath | Refusal;
  /** Anything else that is answered before routing: a missing host. Undefined: go on. */
  refuse?(request: GatewayRequest): Refusal | undefined;
  /** Takes away from the headers (lower-case names, changed in place) what nothing behind the connection sees. */
  receive?(headers: Map<string, readonly string[]>): void;
  /** Of a request that asks for another protocol, after its path was looked at. `lines`: of a header by its lower-case name. */
  refuseUpgrade?(lines: (name: string) => readonly string[]): Refusal | undefined;
  /** An answer of the gateway itself as a client that speaks another protocol gets it; undefined: it speaks plain HTTP. */
  answerFor?(contentType: string | undefined, answer: Answer): Answer | undefined;
  /** Further headers that a request needs to be seen with these (lower-case names): for requests that show something. */
  companionsOf?(headers: ReadonlyMap<string, string>): readonly (readonly [name: string, value: string])[];
  /** The name that virtual hosts are matched by: lower case; whether port and trailing dot go is the engine's rule. */
  hostName(host: string): string;
  /** No virtual host, or no route in it. */
  readonly noRoute: {
    readonly status: number;
    readonly body: string;
    readonly flags?: string;
    readonly headers?: readonly (readonly [name: string, value: string])[];
  };
  /** A request body over the limit. `at`: before the route does anything, or where the chain's filter for it stands. */
  readonly tooLarge: { readonly status: number; readonly body: string; readonly at: 'route' | 'filter' };
  /** A destination that does not exist (`missing`). */
  readonly noDestination: { readonly status: number; readonly body: string; readonly flags?: string };
  /** Headers that matchers and templates see although the client did not send them so; null: absent, undefined: the client's. */
  seenHeader?(view: RequestView, name: string): string | null | undefined;
  /** Further pseudo headers (names begin with `:`) that routes of its dialect ask for; undefined: absent. */
  pseudoHeader?(view: RequestView, name: string): string | undefined;
  /** All values of a query parameter, of which any may match. `query`: from `?` on. Default: the first, not decoded. */
  queryValues?(query: string, name: string): readonly string[];
  /** What the destination gets as `x-forwarded-proto`, where a change of X-Forwarded-Proto decides; undefined: that of the connection. */
  protoAfter?(edits: readonly HeaderEdit[]): 'http' | 'https' | undefined;
  /** What the engine sends beyond all changes that it was told, behind them. */
  addedHeaders?(view: RequestView, edits: readonly HeaderEdit[]): readonly HeaderEdit[];
  /** Headers of the client that the engine does not pass on (nginx: invalid names, `proxy`), before all other changes. */
  droppedHeaders?(view: RequestView): readonly HeaderEdit[];
  /** Whether several lines of this header are one value, joined with commas; else each is tested alone. Default: true. */
  joinsLines?(name: string): boolean;
  /** Where lines are tested one by one: all of them have to match. Default: any. */
  readonly testsEveryLine?: true;
  /** The path and query that the destination gets; undefined: the rewrite does not take place. */
  rewritePath(view: RequestView, rewrite: CompiledPathRewrite, expand: Expand): string | undefined;
  /** The query (from `?` on, or empty) after changes of its parameters. Absent: they do not take place. */
  rewriteQuery?(view: RequestView, ops: QueryOps, expand: (template: string) => string): string;
  /** Headers (lower-case names) that no answer of it has, whoever sets them. */
  readonly notInAnswers?: ReadonlySet<string>;
  /** A header that is set to nothing is sent empty; else it is not set. */
  readonly sendsEmptyHeaders?: true;
  /** The Location header of a redirect without a `location` template; empty: none. */
  location(view: RequestView, redirect: Redirect, path: CompiledPathRewrite | undefined, expand: Expand): string;
  /** The answer in the place of a redirect whose Location is none; undefined: the redirect. Absent: there is no such. */
  refuseLocation?(location: string): Refusal | undefined;
  /** A request that names no host gets the destination's. */
  readonly namesHosts?: true;
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
  /** The engine with what the configuration of a gateway says of it. */
  configured?(intake: Intake): EngineRules;
}
