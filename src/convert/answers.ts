// When two answers are the same to the client and to the destination, for a translation: each engine writes its error pages itself, marks
// its logs and keeps its own bookkeeping headers; none of that is in any configuration.

import { canonicalText } from '../diff/canonical.js';
import type { SimulationResult } from '../model/index.js';

/** An answer as something else sees it. */
export type View = (result: SimulationResult) => SimulationResult;

/** Neither client nor destination can tell the two answers apart, both seen through `views`. */
export function looksAlike(a: SimulationResult, b: SimulationResult, views: readonly View[] = []): boolean {
  // A body counts where the configuration gives it.
  const unwritten = a.body === undefined || b.body === undefined;
  return plain(a, views, unwritten) === plain(b, views, unwritten);
}

const BASE: readonly View[] = [(r) => withoutSent(r, ORIGINAL), (r) => atLocation(r, plainLocation)];

function plain(result: SimulationResult, views: readonly View[], unwritten: boolean): string {
  const {
    matched: _,
    route: __,
    flags: ___,
    trace: ____,
    reason: _____,
    unknown: ______,
    defaultBackend: _______,
    body,
    split,
    upstream,
    ...rest
  } = [...BASE, ...views].reduce((r, view) => view(r), result);
  // Which of several destinations stands for all of them is chance.
  const several =
    split && split.length > 1
      ? { status: undefined, destination: undefined, upstream: upstream && [upstream.method, upstream.path] }
      : { upstream };
  const shares = split && [...split].sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
  return canonicalText({ ...rest, ...several, split: shares, ...(unwritten ? {} : { body }) });
}

/** The answer without headers of these names for the destination. */
export function withoutSent(r: SimulationResult, names: RegExp): SimulationResult {
  if (!r.upstream?.set) return r;
  const { set, ...rest } = r.upstream;
  const kept = Object.entries(set).filter(([name]) => !names.test(name));
  return { ...r, upstream: { ...rest, ...(kept.length > 0 ? { set: Object.fromEntries(kept) } : {}) } };
}

/** Headers in which Envoy keeps what it rewrote. */
const ORIGINAL = /^x-envoy-original-(path|host)$/;

/** A client sees no difference between `http://a:80/`, `http://a/` and `http://a` (RFC 9110, 4.2.3). */
export const plainLocation = (location: string): string =>
  location
    .replace(/^(http:\/\/[^/?#]*):80(?=[/?#]|$)/, '$1')
    .replace(/^(https:\/\/[^/?#]*):443(?=[/?#]|$)/, '$1')
    .replace(/^(https?:\/\/[^/?#]+)(?=[?#]|$)/, '$1/');

/** The answer with its Location changed, where it has one. */
export const atLocation = (r: SimulationResult, change: (location: string) => string): SimulationResult =>
  r.headers?.location === undefined ? r : { ...r, headers: { ...r.headers, location: change(r.headers.location) } };

/** The answer with these headers and no others. */
export function withHeaders(result: SimulationResult, headers: Readonly<Record<string, string>>): SimulationResult {
  const { headers: _, ...rest } = result;
  return Object.keys(headers).length > 0 ? { ...rest, headers } : rest;
}
