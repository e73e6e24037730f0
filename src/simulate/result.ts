// A decision as the JSON of contract "meshgw simulate".

import {
  type EffectiveGateway,
  type GatewayRequest,
  locatedOrigin,
  type MatchedOrigin,
  type Origin,
  type Position,
  put,
  type Route,
  type SimulationResult,
  type TraceStep,
  type UpstreamRequest,
} from '../model/index.js';
import { placeOf } from './action.js';
import { conditionsOf } from './conditions.js';
import type { Answer, Decision, Forwarded, HeaderEdit } from './decision.js';
import { applyEdit } from './header-edit.js';
import { reasonOf } from './reason.js';
import { SOME_VALUE, setCookies } from './session-cookies.js';
import { unknownsOfDecision } from './unknowns.js';

export interface ResultOptions {
  /** Turns an origin into a place; absent: no `matched`, no `unknown`. */
  readonly locate?: (origin: Origin) => Position;
  /** Who decided: what it does not model is named in `unknown`. */
  readonly gateway?: Pick<EffectiveGateway, 'unsupported'>;
  readonly trace?: readonly TraceStep[];
  /** With the session cookies that a client without them gets, `…` in place of their values. They are a matter of delivery: no comparison of gateways asks for them. */
  readonly sessionCookies?: true;
}

export function toResult(decision: Decision, request: GatewayRequest, options: ResultOptions = {}): SimulationResult {
  const result = resultOf(decision, request, options);
  const unknown = options.locate ? unknownsOfDecision(decision, request, options.gateway, options.locate) : [];
  return unknown.length > 0 ? { ...result, unknown } : result;
}

function resultOf(decision: Decision, request: GatewayRequest, options: ResultOptions): SimulationResult {
  const trace = options.trace ? { trace: options.trace } : {};
  const reason = reasonOf(decision, request);
  const why = reason === undefined ? {} : { reason };
  switch (decision.kind) {
    case 'refused':
    case 'closed':
      return { connection: decision.kind, ...matchedOf(decision.decidedBy, options), ...why, ...trace };
    case 'l4':
      return {
        l4: decision.l4,
        destination: placeOf(decision.destination),
        ...(decision.split ? { split: decision.split } : {}),
        ...matchedOf(decision.chain.origin, options),
        ...trace,
      };
    case 'answer':
      return {
        status: decision.status,
        destination: null,
        ...httpOf(decision, options),
        ...answerOf(decision),
        ...why,
        ...trace,
      };
    case 'forward':
      return {
        status: 200,
        destination: placeOf(decision.destination),
        upstream: upstreamOf(decision, request),
        ...(decision.mirrors.length > 0
          ? { mirrors: decision.mirrors.map((m) => ({ ...m, destination: placeOf(m.destination) })) }
          : {}),
        ...httpOf(decision, options),
        ...trace,
      };
  }
}

function httpOf(decision: Answer | Forwarded, options: ResultOptions) {
  const cookies = options.sessionCookies && decision.kind === 'forward' ? decision.sessionCookies : undefined;
  const headers = responseHeaders(
    cookies ? [...setCookies(cookies, SOME_VALUE), ...decision.responseHeaders] : decision.responseHeaders,
  );
  const { route } = decision;
  const conditions = conditionsOf(decision);
  const decidedBy = (decision.kind === 'answer' ? decision.decidedBy : undefined) ?? ruleOf(route);
  return {
    ...(decision.split ? { split: decision.split } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(decision.flags ? { flags: decision.flags } : {}),
    ...(route?.name ? { route: route.name } : {}),
    ...(decision.delayMs ? { delayMs: decision.delayMs } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...matchedOf(decidedBy, options),
  };
}

/** A whole object is no rule: it stands in where a gateway answers what no object asked for (nginx's default backend). */
function ruleOf(route: Route | undefined): Origin | undefined {
  const origin = route?.matchOrigin ?? route?.origin;
  return origin && origin.path.length > 0 ? origin : undefined;
}

function answerOf(answer: Answer) {
  const { action } = answer.route ?? {};
  const defaultBackend =
    answer.cause === 'direct-response' && action?.kind === 'direct-response' && action.defaultBackend;
  return {
    ...(answer.body === '' ? {} : { body: answer.body }),
    ...(defaultBackend ? { defaultBackend: true } : {}),
  };
}

/** A destination that answers 200 without headers of its own: what `%RESPONSE_CODE%` and `%RESP(…)%` read. */
const PLAIN_RESPONSE = { status: 200, header: () => undefined };

/** Of a response without headers of its own. */
function responseHeaders(edits: readonly HeaderEdit[]): Record<string, string> {
  const lines = new Map<string, readonly string[]>();
  for (const edit of edits) {
    const value = edit.late ? edit.late(PLAIN_RESPONSE) : edit.value;
    if (edit.late && value === '') continue;
    lines.set(edit.name, applyEdit(lines.get(edit.name) ?? [], { ...edit, value }));
  }
  const headers: Record<string, string> = {};
  for (const [name, values] of lines) if (values.some((v) => v !== '')) put(headers, name, values.join(', '));
  return headers;
}

/** What the destination receives, beside what the client sent. */
function upstreamOf({ upstream }: Forwarded, request: GatewayRequest): UpstreamRequest {
  const { method, path, host, proto, headers: edits } = upstream;
  if (edits.length === 0) return { method, path, host, proto };
  const sent = new Map(
    Object.entries(request.headers ?? {}).map(
      ([name, v]) => [name.toLowerCase(), typeof v === 'string' ? [v] : v] as const,
    ),
  );
  const now = new Map<string, readonly string[]>();
  for (const edit of edits) now.set(edit.name, applyEdit(now.get(edit.name) ?? sent.get(edit.name) ?? [], edit));
  const set: Record<string, string | readonly string[]> = {};
  const removed: string[] = [];
  for (const [name, lines] of now) {
    const before = sent.get(name);
    if (lines.length === 0) {
      // `Connection` ends at the gateway in any case.
      if (before && name !== 'connection') removed.push(name);
    } else if (before?.join('\n') !== lines.join('\n')) put(set, name, lines.length === 1 ? lines[0]! : lines);
  }
  return {
    method,
    path,
    host,
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    proto,
  };
}

function matchedOf(origin: Origin | undefined, options: ResultOptions): { readonly matched?: MatchedOrigin } {
  return origin && options.locate ? { matched: locatedOrigin(origin, options.locate) } : {};
}
