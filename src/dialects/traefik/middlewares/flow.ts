// Requests on their way through middlewares: what holds of them, and what has been changed. A middleware parts a flow into answers and the
// flow that goes on; the routes of all parts stand one behind the other, and the last takes every request of the flow.

import type {
  Action,
  Condition,
  HeaderMatcher,
  HeaderOps,
  Origin,
  PathRewrite,
  QueryMatcher,
  Route,
  RouteMatch,
  SourceMatcher,
  StringMatcher,
} from '../../../model/index.js';
import type { PathStep } from '../engine.js';
import { answerTemplate } from '../engine.js';
import { type PathNow, rewriteNow } from './path-now.js';

/** A change of headers: removed, set to one value, or added to. */
export interface HeaderChange {
  readonly op: 'set' | 'add' | 'remove';
  readonly name: string;
  /** A template of the model. */
  readonly value: string;
}

export interface Flow {
  readonly path?: StringMatcher;
  readonly headers: readonly HeaderMatcher[];
  readonly query: readonly QueryMatcher[];
  readonly source: readonly SourceMatcher[];
  readonly steps: readonly PathStep[];
  /** What the path is behind the steps. */
  readonly now: PathNow;
  /** Only requests with an escaped slash in their path are here. */
  readonly escaped?: true;
  /** What the Host header has become: a template. */
  readonly host?: string;
  /** In the order in which they happen. */
  readonly request: readonly HeaderChange[];
  /** Of each middleware that changes answers, the outermost first. */
  readonly response: readonly (readonly HeaderChange[])[];
  readonly conditions: readonly Condition[];
  readonly maxBytes?: { readonly bytes: number; readonly origin: Origin };
  readonly attempts?: number;
  /** The middlewares that the flow has come through. */
  readonly shapedBy: readonly Origin[];
  readonly origin: Origin;
  readonly matchOrigin: Origin;
}

export const scheme = (tls: boolean): 'http' | 'https' => (tls ? 'https' : 'http');

export const withHeader = (flow: Flow, ...headers: readonly HeaderMatcher[]): Flow => ({
  ...flow,
  headers: [...flow.headers, ...headers],
});

/** The header as middlewares behind see it: set to a constant, taken away, or as the client sent it. */
export function headerNow({ request }: Flow, name: string): { readonly value?: string } | undefined {
  const change = request.findLast((c) => c.name === name);
  return change && (change.op === 'remove' ? {} : { value: change.value });
}

/** Answers by themselves get no header of those that the destination would get. */
export function answerRoute(flow: Flow, action: Action, own: readonly HeaderChange[] = []): Route {
  return routeOf(flow, action, [own, ...[...flow.response].reverse()]);
}

export function forwardRoute(flow: Flow, action: Extract<Action, { kind: 'forward' }>): Route {
  const path = pathRewriteOf(flow);
  const request = foldChanges([flow.request]);
  const rewrite = { ...action.rewrite, ...(path ? { path } : {}) };
  return {
    ...routeOf(
      flow,
      { ...action, ...(Object.keys(rewrite).length > 0 ? { rewrite } : {}) },
      [...flow.response].reverse(),
    ),
    ...(request ? { requestHeaders: request } : {}),
  };
}

/** What becomes of the path. */
export const pathRewriteOf = (flow: Flow): PathRewrite | undefined =>
  rewriteNow(flow, () => answerTemplate({ ask: 'path-only', steps: flow.steps }));

function routeOf(flow: Flow, action: Action, changes: readonly (readonly HeaderChange[])[]): Route {
  const response = foldChanges(changes.map((list) => list.flatMap(asWritten)));
  const match: RouteMatch = {
    ...(flow.path ? { path: flow.path } : {}),
    headers: flow.headers,
    query: flow.query,
    ...(flow.source.length > 0 ? { source: flow.source } : {}),
  };
  return {
    match,
    action,
    ...(response ? { responseHeaders: response } : {}),
    ...(flow.conditions.length > 0 ? { conditions: flow.conditions } : {}),
    ...(flow.escaped ? { escaped: true } : {}),
    ...(flow.maxBytes ? { maxRequestBytes: flow.maxBytes.bytes, bodyLimitOrigin: flow.maxBytes.origin } : {}),
    origin: flow.origin,
    matchOrigin: flow.matchOrigin,
    ...(flow.shapedBy.length > 0 ? { shapedBy: flow.shapedBy } : {}),
  };
}

export const isHeaderName = (name: string): boolean => /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(name);

/** httpguts.ValidHeaderFieldValue: no control characters. */
export const isHeaderValue = (value: string): boolean => !/[^\t\P{Cc}]/u.test(value);

/** Go leaves headers out of answers whose name is none, and puts spaces in the place of line ends (net/http, Header.writeSubset). */
const asWritten = (change: HeaderChange): readonly HeaderChange[] =>
  isHeaderName(change.name) ? [{ ...change, value: change.value.replace(/[\r\n]/g, ' ').trim() }] : [];

/** Lists of changes, one after the other, as one: of each name what is left at the end. */
function foldChanges(lists: readonly (readonly HeaderChange[])[]): HeaderOps | undefined {
  const names = new Map<string, { removed: boolean; values: string[] }>();
  for (const { op, name, value } of lists.flat()) {
    const known = names.get(name);
    if (op === 'remove') names.set(name, { removed: true, values: [] });
    else if (op === 'set') names.set(name, { removed: true, values: [value] });
    else if (known) known.values.push(value);
    else names.set(name, { removed: false, values: [value] });
  }
  if (names.size === 0) return undefined;
  const set: (readonly [string, string])[] = [];
  const add: (readonly [string, string])[] = [];
  const remove: string[] = [];
  for (const [name, { removed, values }] of names) {
    const [first, ...more] = values;
    if (!removed) for (const value of values) add.push([name, value]);
    else if (first === undefined) remove.push(name);
    else {
      set.push([name, first]);
      for (const value of more) add.push([name, value]);
    }
  }
  return {
    ...(set.length > 0 ? { set } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
}
