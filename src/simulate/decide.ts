// Decides one request: the hot path. Order as Envoy's filters run: policies, fault, CORS, router
// (istio pilot/pkg/networking/core/listener_builder.go: xdsfilters.Fault, xdsfilters.Cors, then the router).

import {
  append,
  type DirectResponse,
  type Fault,
  type GatewayRequest,
  type HttpChain,
  type Redirect,
  type Route,
  type TlsContext,
} from '../model/index.js';
import { type Choice, type CompiledRoute, isDestination } from './action.js';
import { type CompiledGateway, type Connection, type HttpConnection, selectChain } from './compile.js';
import { connectionOf } from './connection-of.js';
import { applyCors, type CorsOutcome } from './cors.js';
import { decideBytes } from './decide-bytes.js';
import type { Answer, Decision, DecisionContext, Forwarded, HeaderEdit } from './decision.js';
import { type DecisionState, happens, NONE } from './decision-state.js';
import type { Refusal as EngineRefusal, EngineRules, Expand } from './engines/engine-rules.js';
import { linesAfter, requestScope } from './header-ops.js';
import { pick } from './pick.js';
import { limitRate, type Refusal, refuseFirst, refuseRequest, refuseToken } from './policies/index.js';
import type { RequestView } from './request-view.js';
import { responseEdits } from './response-headers.js';
import { hashesFor, missingCookies } from './session-cookies.js';
import { splitOf } from './split.js';
import { evaluateTemplate } from './template.js';
import { upstreamRequest } from './upstream.js';
import { viewOf } from './view-of.js';

/** Decides a request on a connection of its own, or on `context.connection` where one is open. Throws nothing for any request. */
export function decide(
  compiled: CompiledGateway,
  request: GatewayRequest,
  context: DecisionContext & { readonly connection?: Connection } = {},
): Decision {
  const connection = context.connection ?? selectChain(compiled, connectionOf(request, compiled.engine));
  switch (connection.kind) {
    case 'http': {
      const decision = decideHttp(compiled.engine, connection, request, context);
      if (decision.kind !== 'answer' || !compiled.engine.answerFor || !request.headers) return decision;
      return compiled.engine.answerFor(contentTypeOf(request.headers), decision) ?? decision;
    }
    case 'l4':
      return decideBytes(connection, request, compiled.engine, context);
    default:
      return connection;
  }
}

function contentTypeOf(headers: NonNullable<GatewayRequest['headers']>): string | undefined {
  for (const name in headers) if (name.toLowerCase() === 'content-type') return [headers[name]].flat()[0];
  return undefined;
}

function decideHttp(
  engine: EngineRules,
  connection: HttpConnection,
  request: GatewayRequest,
  context: DecisionContext,
): Decision {
  const { listener, chain } = connection;
  const seen = engine.refuse?.(request) ?? engine.seePath(request.path, request.method, listener.asSent !== true);
  if ('status' in seen) return refusedAtOnce(connection, seen);
  const { tls } = chain;
  const before = viewOf(request, tls, seen, engine);
  const view = afterTokens(before, context, tls, engine);
  const state: DecisionState = { engine, connection, view, context };
  const { policies } = chain;
  const host = connection.hosts.find(view.host);
  const first = host?.value.routes.find(before);
  // Without a route nothing is asked of the connection's upgrades: 404, or what a policy answers.
  const forbidden = first && engine.refuseUpgrade?.((name) => before.lines(name));
  if (forbidden)
    return refusedUpgrade(state, forbidden, { virtualHost: host?.value.virtualHost, compiled: first.compiled });
  const limited = policies?.rateLimits
    ? (place: 'first' | 'last', route: typeof first) =>
        limitRate(policies, place, context, {
          port: listener.port,
          chain,
          virtualHost: host?.value.virtualHost,
          route: route?.compiled.route,
        })
    : undefined;
  // Whoever is refused before or by the token check has the route that was found before it; a good token has it found
  // anew, with its claims (clear_route_cache).
  const held = chain.bodyLimit?.place === 'first' ? limitOf(chain, first?.compiled.route) : undefined;
  if (isOver(held, before))
    return tooLarge(state, held, { virtualHost: host?.value.virtualHost, compiled: first?.compiled });
  const early =
    limited?.('first', first) ?? (policies && refuseFirst(policies, before)) ?? refuseToken(context.token, before);
  const indexed = context.token?.claims && !early ? host?.value.routes.find(view) : first;
  const refusal = early ?? (policies && (refuseRequest(policies, view) ?? limited?.('last', indexed)));
  if (refusal)
    return refused(state, refusal, held, { virtualHost: host?.value.virtualHost, compiled: indexed?.compiled });
  if (!host || !indexed) return withoutRoute(state, host?.value.virtualHost);
  return runRoute(state, indexed.compiled, host.value.virtualHost);
}

/** What the engine answers where no virtual host, or no route of it, takes the request. */
function withoutRoute(state: DecisionState, virtualHost: Forwarded['virtualHost'] | undefined): Answer {
  const { engine, connection, view } = state;
  const { listener, chain } = connection;
  const most = limitOf(chain, undefined);
  if (isOver(most, view)) return tooLarge(state, most, { virtualHost, compiled: undefined });
  const { status, body, flags, headers } = engine.noRoute;
  return {
    kind: 'answer',
    cause: virtualHost ? 'no-route' : 'no-virtual-host',
    listener,
    chain,
    ...(virtualHost ? { virtualHost } : {}),
    status,
    body,
    responseHeaders: headers ? headers.map(([name, value]) => ({ op: 'set', name, value })) : NONE,
    ...(flags ? { flags } : {}),
    ...(most === undefined ? {} : { mostBytes: most }),
  };
}

/** Before policies and routes are looked at. */
const refusedAtOnce = (
  { listener, chain }: HttpConnection,
  { status, body, reason, location }: EngineRefusal,
): Answer => ({
  ...{ kind: 'answer', cause: 'bad-request', listener, chain, status, body },
  detail: reason,
  responseHeaders: location === undefined ? NONE : [{ op: 'set', name: 'location', value: location }],
});

/** A redirect or a direct response leaves no trace in it, its headers neither. */
const refusedUpgrade = (state: DecisionState, { status, body, reason }: EngineRefusal, before: Before): Answer => {
  const seen = before.compiled?.choices ? before : { ...before, compiled: undefined };
  return {
    ...answeredBefore(state, seen),
    ...{ cause: 'upgrade', status, body, detail: reason },
    responseHeaders: headersBefore(state, seen),
  };
};

/** How large a body may be; undefined: of any size. */
const limitOf = (chain: HttpChain, route: Route | undefined): number | undefined =>
  route ? route.maxRequestBytes : chain.bodyLimit?.maxBytes;

const isOver = (most: number | undefined, { request }: RequestView): most is number =>
  most !== undefined && request.body !== undefined && Buffer.byteLength(request.body) > most;

/**
 * nginx compares Content-Length with the limit before anything answers; how long a chunked body is shows when it is read, for a destination
 * (ngx_http_core_find_config_phase and ngx_http_request_body_chunked_filter; asked of nginx 1.22). The default backend is one.
 */
const isReadFirst = ({ request: { headers } }: RequestView, action: Route['action']): boolean =>
  action.kind === 'forward' ||
  (action.kind === 'direct-response' && action.defaultBackend === true) ||
  headers === undefined ||
  !Object.keys(headers).some((name) => name.toLowerCase() === 'transfer-encoding');

/** The request as it is when its tokens were checked: without them, with their claims. */
export function afterTokens(
  before: RequestView,
  { token }: DecisionContext,
  tls: TlsContext | undefined,
  engine: EngineRules,
): RequestView {
  if (!token?.claims && !token?.requestHeaders && token?.path === undefined) return before;
  const { request } = before;
  const seen = engine.seePath(token.path ?? request.path, request.method);
  return 'status' in seen ? before : viewOf(request, tls, seen, engine, token);
}

/** What a decision says about its route. Filled field by field, here and in `forward`: spreading cost more than the rest of a decision. */
type Base = Writable<
  Pick<Forwarded, 'listener' | 'chain' | 'virtualHost' | 'route' | 'split' | 'delayMs' | 'flags' | 'mostBytes'>
>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NO_CORS: CorsOutcome = { preflight: false, headers: NONE };

function runRoute(state: DecisionState, compiled: CompiledRoute, virtualHost: Forwarded['virtualHost']): Decision {
  const { engine, connection, view, context } = state;
  const { route } = compiled;
  const { fault } = route;
  const delayed = fault?.delay && happens(fault.delay.percent, context) ? fault.delay : undefined;
  const aborted = fault?.abort && happens(fault.abort.percent, context) ? fault.abort : undefined;
  // A redirect or a direct response has no CORS policy, whatever its route says (asked of Envoy 1.40).
  const cors = compiled.cors && compiled.choices ? applyCors(compiled.cors, view) : NO_CORS;
  const split = splitOf(compiled, cors.preflight, engine);
  const choice = compiled.choices && pick(compiled.choices.choices, compiled.choices.total, context);
  const base: Base = { listener: connection.listener, chain: connection.chain, virtualHost, route };
  if (split) base.split = split;
  if (delayed) {
    base.delayMs = delayed.ms;
    base.flags = 'DI';
  }

  const { action, maxRequestBytes } = route;
  const limited = maxRequestBytes !== undefined;
  if (limited && engine.tooLarge.at === 'route' && isReadFirst(view, action)) {
    // nginx looks at the size before the rewrite phase, in which the headers of the route (CORS) come to be.
    if (isOver(maxRequestBytes, view))
      return { ...tooLarge(state, maxRequestBytes, { virtualHost, compiled: undefined }), ...base };
    base.mostBytes = maxRequestBytes;
  } else if (limited && connection.chain.bodyLimit?.place === 'first') base.mostBytes = maxRequestBytes;
  // The fault filter runs before CORS has looked at the request, so no CORS headers; route headers are there
  // (recorded: istio/action/action-11-032 #0; source/common/http/filter_manager.cc, prepareLocalReplyViaFilterChain).
  if (aborted) return abortAnswer(aborted, base, choice ? responseEdits(state, compiled, choice) : NONE);
  if (cors.preflight)
    return {
      kind: 'answer',
      cause: 'preflight',
      ...base,
      status: 200,
      body: '',
      responseHeaders: cors.headers,
    };
  if (limited && engine.tooLarge.at === 'filter') {
    if (isOver(maxRequestBytes, view)) {
      const answer = tooLarge(state, maxRequestBytes, { virtualHost, compiled });
      return { ...answer, ...base, responseHeaders: [...answer.responseHeaders, ...cors.headers] };
    }
    base.mostBytes = maxRequestBytes;
  }

  switch (action.kind) {
    case 'forward':
      return forward(state, compiled, choice!, cors, base);
    case 'redirect':
    case 'direct-response':
      return ownAnswer(state, compiled, action, cors, base);
    case 'none':
      return {
        kind: 'answer',
        cause: 'no-action',
        ...base,
        status: engine.noRoute.status,
        body: engine.noRoute.body,
        detail: action.reason,
        responseHeaders: NONE,
      };
  }
}

const abortAnswer = (
  { status, grpc }: NonNullable<Fault['abort']>,
  base: Base,
  responseHeaders: Answer['responseHeaders'],
): Answer => ({
  kind: 'answer',
  cause: 'abort',
  ...base,
  // An abort with a status of gRPC is a 200 of HTTP to every client.
  ...(grpc ? { status: 200, grpcStatus: status } : { status }),
  body: 'fault filter abort',
  responseHeaders,
  flags: base.flags ? `${base.flags},FI` : 'FI',
});

/** What a route answers by itself. */
function ownAnswer(
  state: DecisionState,
  compiled: CompiledRoute,
  action: Redirect | DirectResponse,
  cors: CorsOutcome,
  base: Base,
): Answer {
  const { engine, view } = state;
  const location =
    action.kind === 'redirect'
      ? locationOf(state, compiled, action)
      : (engine.directLocation?.(view, action.status) ?? '');
  const unusable = action.kind === 'redirect' ? engine.refuseLocation?.(location) : undefined;
  const headers: HeaderEdit[] = location && !unusable ? [{ op: 'set', name: 'location', value: location }] : [];
  if (action.kind === 'direct-response') append(headers, engine.answerHeaders?.(view, action) ?? NONE);
  append(headers, responseEdits(state, compiled, undefined));
  append(headers, cors.headers);
  return {
    kind: 'answer',
    cause: action.kind,
    ...base,
    status: unusable?.status ?? action.status,
    body: unusable?.body ?? action.body ?? '',
    ...(unusable ? { detail: unusable.reason } : {}),
    responseHeaders: headers,
  };
}

/** An answer in front of the action of a route. `compiled`: the route whose headers the answer gets. */
interface Before {
  readonly virtualHost: Forwarded['virtualHost'] | undefined;
  readonly compiled: CompiledRoute | undefined;
}

function answeredBefore({ connection }: DecisionState, { virtualHost, compiled }: Before) {
  const { listener, chain } = connection;
  return {
    kind: 'answer' as const,
    listener,
    chain,
    ...(virtualHost ? { virtualHost } : {}),
    ...(compiled ? { route: compiled.route } : {}),
  };
}

function headersBefore(state: DecisionState, { compiled }: Before): Answer['responseHeaders'] {
  const choice = compiled?.choices?.choices[0];
  return compiled && choice ? responseEdits(state, compiled, choice) : NONE;
}

const tooLarge = (state: DecisionState, most: number, before: Before): Answer => ({
  ...answeredBefore(state, before),
  cause: 'body-too-large',
  status: state.engine.tooLarge.status,
  body: state.engine.tooLarge.body,
  detail: `the body is larger than ${most} bytes`,
  responseHeaders: headersBefore(state, before),
});

const refused = (state: DecisionState, refusal: Refusal, mostBytes: number | undefined, before: Before): Answer => ({
  ...answeredBefore(state, before),
  cause: 'policy',
  status: refusal.status,
  body: refusal.body,
  detail: refusal.detail,
  ...(refusal.origin ? { decidedBy: refusal.origin } : {}),
  responseHeaders: [...headersBefore(state, before), ...(refusal.headers ?? NONE)],
  ...(refusal.flags ? { flags: refusal.flags } : {}),
  ...(mostBytes === undefined ? {} : { mostBytes }),
});

function forward(
  state: DecisionState,
  compiled: CompiledRoute,
  choice: Choice,
  cors: CorsOutcome,
  base: Base,
): Decision {
  const { engine } = state;
  const { to } = choice.destination;
  const chosen = choice.destination;
  if (!isDestination(to) || to.missing) {
    const status = isDestination(to) ? engine.noDestination.status : to.status;
    const { flags, body } = engine.noDestination;
    const headers = responseEdits(state, compiled, choice);
    return {
      kind: 'answer',
      cause: isDestination(to) ? 'missing-destination' : 'invalid-destination',
      ...base,
      chosen,
      status,
      body,
      responseHeaders: cors.headers.length > 0 ? [...headers, ...cors.headers] : headers,
      ...(flags ? { flags: base.flags ? `${base.flags},${flags}` : flags } : {}),
    };
  }

  const { upstream, mirrors } = upstreamRequest(state, compiled, choice, to);
  const sent = { edits: upstream.headers, path: upstream.path, host: upstream.host };
  const headers = responseEdits(state, compiled, choice, sent);
  const responseHeaders = cors.headers.length > 0 ? [...headers, ...cors.headers] : headers;
  const { listener, chain, virtualHost, route } = base;
  const { action } = route;
  const decision: Writable<Forwarded> = {
    kind: 'forward',
    listener,
    chain,
    virtualHost,
    route,
    chosen,
    destination: to,
    upstream,
    responseHeaders,
    mirrors,
  };
  const cookies = sessionCookies(state, action, to, upstream.headers);
  if (cookies.length > 0) decision.sessionCookies = cookies;
  if (base.split) decision.split = base.split;
  if (base.delayMs !== undefined) decision.delayMs = base.delayMs;
  if (base.flags) decision.flags = base.flags;
  if (base.mostBytes !== undefined) decision.mostBytes = base.mostBytes;
  return decision;
}

const NO_COOKIES: NonNullable<Forwarded['sessionCookies']> = [];

function sessionCookies(
  { engine, view }: DecisionState,
  action: Route['action'],
  to: Forwarded['destination'],
  edits: readonly HeaderEdit[],
): NonNullable<Forwarded['sessionCookies']> {
  if (!engine.setsSessionCookies || action.kind !== 'forward' || !action.delivery?.hash) return NO_COOKIES;
  const hashes = hashesFor(action.delivery, to);
  return hashes ? missingCookies(hashes, linesAfter(view, edits, 'cookie')) : NO_COOKIES;
}

function locationOf({ engine, view }: DecisionState, compiled: CompiledRoute, redirect: Redirect): string {
  const scope = requestScope(view, NONE, { routeName: compiled.route.name });
  const expand: Expand = (template) => evaluateTemplate(template, scope, engine.operators);
  return compiled.location ? expand(compiled.location) : engine.location(view, redirect, compiled.pathRewrite, expand);
}
