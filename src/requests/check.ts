// `--check`: does a simulated answer say what an exchange file expects? Fields that are present are asserted. `strict` is
// the comparison of recordings (truth/compare.mjs): lists of headers are complete, but for bookkeeping headers. Beyond it,
// flags, route, delay and origin are asserted where a file names them.

import {
  append,
  type GatewayRequest,
  own,
  type ResultDestination,
  type SimulationResult,
  type SplitOutcome,
} from '../model/index.js';
import { headersDiffer, removedDiffer } from './check-headers.js';
import type { Difference } from './difference.js';
import type { ExpectedDestination, ExpectedOutcome, ExpectedResult } from './expectation.js';

/** An outcome of at most this weight (percent) may be missing from what repetitions saw. */
const RARE = 15;
/** Points between a weight and the share that repetitions saw. */
const SCATTER = 35;

/** Every field that differs; empty: as expected. */
export function checkResult(
  request: Pick<GatewayRequest, 'method'>,
  want: ExpectedResult,
  got: SimulationResult,
  options: { readonly strict?: boolean } = {},
): readonly Difference[] {
  const strict = options.strict ?? false;
  if (want.connection || got.connection) return connectionDiffers(want, got, strict);
  const possible = (got.split ?? []).filter((o) => o.weight > 0);
  if (want.split && (want.split.length > 1 || possible.length > 1)) return splitDiffers(want.split, possible);
  return want.l4 === undefined ? answerDiffers(request, want, got, strict) : bytesDiffer(want, got);
}

function connectionDiffers(want: ExpectedResult, got: SimulationResult, strict: boolean): Difference[] {
  if (want.connection === got.connection || (!strict && Object.keys(want).length === 0)) return [];
  return [{ field: 'connection', want: want.connection ?? 'answered', got: got.connection ?? 'answered' }];
}

function answerDiffers(
  request: Pick<GatewayRequest, 'method'>,
  want: ExpectedResult,
  got: SimulationResult,
  strict: boolean,
): Difference[] {
  const differences: Difference[] = [];
  const add = (field: string, w: unknown, g: unknown) => {
    if (w !== g) differences.push({ field, want: text(w), got: text(g) });
  };
  if (strict || want.status !== undefined) add('status', want.status, got.status);
  if (want.destination !== undefined && !samePlace(want.destination, got.destination))
    add('destination', place(want.destination), place(got.destination));
  if (want.upstream) append(differences, upstreamDiffers(want.upstream, got.upstream ?? {}, strict));
  if (request.method !== 'HEAD' && (strict || want.headers))
    append(differences, headersDiffer('headers', want.headers ?? {}, got.headers ?? {}, strict));
  if (want.mirrors) add('mirrors', mirrorList(want.mirrors), mirrorList(got.mirrors));
  if (want.body !== undefined && want.destination === null && got.body !== undefined) add('body', want.body, got.body);
  for (const field of ['flags', 'route', 'delayMs', 'defaultBackend'] as const)
    if (want[field] !== undefined) add(field, want[field], got[field]);
  const matched: Readonly<Record<string, unknown>> = { ...got.matched };
  for (const [key, value] of Object.entries(want.matched ?? {})) add(`matched.${key}`, value, own(matched, key));
  return differences;
}

const text = (value: unknown): string => (value === undefined ? 'nothing' : String(value));

/** `host:port/subset`. */
export const place = (d: ExpectedDestination | null | undefined): string =>
  d ? `${d.host}:${d.port ?? '*'}/${d.subset ?? ''}` : 'the gateway itself';

const withoutPort = ({ port: _, ...rest }: ResultDestination): ExpectedDestination => rest;

/** A port that is left out may be any, and a subset of all endpoints need not be named. */
const samePlace = (want: ExpectedDestination | null, got: ResultDestination | null | undefined): boolean =>
  place(want) === place(want && got ? asAsked(want, got) : got);

function asAsked(
  want: ExpectedDestination,
  { port, subset, wholeHost, ...host }: ResultDestination,
): ExpectedDestination {
  const isNamed = subset !== undefined && !(wholeHost && want.subset === undefined);
  return { ...host, ...(want.port === undefined ? {} : { port }), ...(isNamed ? { subset } : {}) };
}

const outcomeName = (o: ExpectedOutcome | SplitOutcome): string => ('host' in o ? place(o) : `status ${o.status}`);

function bytesDiffer(want: ExpectedResult, got: SimulationResult): Difference[] {
  if (want.l4 !== got.l4) return [{ field: 'l4', want: text(want.l4), got: got.l4 ?? 'http' }];
  if (samePlace(want.destination ?? null, got.destination)) return [];
  return [{ field: 'destination', want: place(want.destination), got: place(got.destination) }];
}

function splitDiffers(want: readonly ExpectedOutcome[], got: readonly SplitOutcome[]): Difference[] {
  const possible = new Map<string, number>();
  const portless = want.some((o) => 'host' in o && o.port === undefined);
  for (const o of got) {
    const name = portless && 'host' in o ? place(withoutPort(o)) : outcomeName(o);
    possible.set(name, (possible.get(name) ?? 0) + o.weight);
  }
  const seen = new Map(want.map((o) => [outcomeName(o), o.share === undefined ? (o.weight ?? 0) : 100 * o.share]));
  const differences: Difference[] = [];
  const add = (outcome: string, w: string, g: string) =>
    differences.push({ field: `split ${outcome}`, want: w, got: g });
  for (const [outcome, percent] of seen) {
    const weight = possible.get(outcome);
    if (weight === undefined) add(outcome, `${Math.round(percent)} %`, 'not possible');
    else if (Math.abs(percent - weight) > SCATTER) add(outcome, `${Math.round(percent)} %`, `${weight} %`);
  }
  for (const [outcome, weight] of possible)
    if (weight > RARE && !seen.has(outcome)) add(outcome, 'never', `${weight} %`);
  return differences;
}

function upstreamDiffers(
  want: NonNullable<ExpectedResult['upstream']>,
  got: NonNullable<ExpectedResult['upstream']>,
  strict: boolean,
): Difference[] {
  const differences: Difference[] = [];
  for (const field of ['method', 'path', 'proto'] as const)
    if (want[field] !== undefined && want[field] !== got[field])
      differences.push({ field: `upstream.${field}`, want: text(want[field]), got: text(got[field]) });
  if ((strict || want.host !== undefined) && (want.host ?? '').toLowerCase() !== (got.host ?? '').toLowerCase())
    differences.push({ field: 'upstream.host', want: text(want.host), got: text(got.host) });
  if (strict || want.set) append(differences, headersDiffer('upstream.set', want.set ?? {}, got.set ?? {}, strict));
  if (strict || want.removed) append(differences, removedDiffer(want.removed ?? [], got.removed ?? [], strict));
  return differences;
}

const mirrorList = (mirrors: SimulationResult['mirrors']): string =>
  (mirrors ?? [])
    .map((m) => `${place(m.destination)} ${m.method} ${m.path} ${m.host}`)
    .sort()
    .join('; ');
