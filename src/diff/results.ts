// Whether two answers are the same to the client and to the destination: names and origins apart.

import type { SimulationResult } from '../model/index.js';
import { canonicalText } from './canonical.js';

/** `acrossEngines`: what only one kind of gateway leaves behind (flags, bookkeeping headers, error pages) is not compared. */
export function sameResult(a: SimulationResult, b: SimulationResult, acrossEngines: boolean): boolean {
  if (canonicalText(comparable(a, acrossEngines)) !== canonicalText(comparable(b, acrossEngines))) return false;
  // Which of several destinations stands for all is chance; the path that they get is not.
  const [x, y] = [a.upstream, b.upstream];
  return !x || !y || (x.path === y.path && x.method === y.method);
}

function comparable(result: SimulationResult, acrossEngines: boolean): unknown {
  const { matched: _m, route: _r, trace: _t, reason: _w, unknown: _u, gateway: _g, hint: _h, split, ...rest } = result;
  const sorted = split && [...split].sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
  const same = sorted && sorted.length > 1 ? { status: undefined, destination: undefined, upstream: undefined } : {};
  if (!acrossEngines) return { ...rest, split: sorted, ...same };
  const { flags: _f, defaultBackend: _d, body, ...bare } = rest;
  const ownAnswer = rest.destination === null && rest.status !== undefined && rest.status >= 400;
  return { ...bare, ...(ownAnswer ? {} : { body }), upstream: upstreamOf(rest.upstream), split: sorted, ...same };
}

function upstreamOf(upstream: SimulationResult['upstream']): unknown {
  if (!upstream) return undefined;
  const set = Object.entries(upstream.set ?? {}).filter(([name]) => !name.startsWith('x-envoy-'));
  return { ...upstream, set: Object.fromEntries(set) };
}
