// What the simulator answers on both sides, and what follows from it: a difference with the rules that make it.

import {
  type Because,
  type GatewayDifference,
  locatedOrigin,
  type MatchedOrigin,
  type Origin,
  type Route,
  type SimulationResult,
} from '../model/index.js';
import { spend } from '../regex/index.js';
import { decide, toResult } from '../simulate/index.js';
import type { Witness, Work } from '../space/index.js';
import type { Comparison } from './comparison.js';
import { contextOf, routeOf } from './confirm.js';
import type { RoutePair } from './sides.js';

type Results = readonly [SimulationResult, SimulationResult];

export interface Answers {
  /** Without the places of what decided: most answers are compared and never shown. */
  readonly results: Results;
  readonly routes: RoutePair;
  /** With them. */
  readonly located: () => Results;
}

/** Asking both sides and comparing what they say, in steps; patterns that have to be tried come to it. */
const STEPS_OF_ANSWER = 4_000;

export interface Price {
  readonly work: Work;
  /** What the patterns of both sides cost, in steps. */
  readonly patterns: number;
}

/** What both sides answer, and by which routes. `price` absent: not paid for. @throws TooLargeError when the budget is spent */
export function ask({ compiled, options, gateways }: Comparison, witness: Witness, price?: Price): Answers {
  if (price) spend(price.work, STEPS_OF_ANSWER + price.patterns);
  const { request } = witness;
  const context = contextOf(witness);
  const locate = options.locate ? { locate: options.locate } : {};
  const decisions = compiled.map((c) => decide(c, request, context));
  return {
    results: decisions.map((d) => toResult(d, request)) as unknown as Results,
    routes: decisions.map(routeOf) as [Route | undefined, Route | undefined],
    located: () =>
      decisions.map((d, i) => toResult(d, request, { ...locate, gateway: gateways[i]! })) as unknown as Results,
  };
}

export function differenceOf(
  comparison: Comparison,
  { request, claims }: Witness,
  [before, after]: Results,
  because: Because,
): GatewayDifference & { occurrences: number } {
  return { gateway: comparison.id, request, ...(claims ? { claims } : {}), before, after, because, occurrences: 1 };
}

export const isExpected = ({ options, gateways }: Comparison, difference: GatewayDifference): boolean =>
  options.isExpected?.(difference, gateways[0]) ?? false;

/** The rules of a pair by their places. */
export const becauseOf = (comparison: Comparison, [before, after]: RoutePair): Because => ({
  before: placeIn(comparison, before?.matchOrigin ?? before?.origin),
  after: placeIn(comparison, after?.matchOrigin ?? after?.origin),
});

export const placeIn = ({ options }: Comparison, origin: Origin | null | undefined): MatchedOrigin | null =>
  origin ? locatedOrigin(origin, options.locate) : null;
