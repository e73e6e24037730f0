// What finding the ways needs from outside of this folder: the files' meaning, the simulator's word, places.

import type { EffectiveGateway, Origin, Position, Route, SimulationResult } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { Witness } from '../space/index.js';

export interface WaysInput {
  readonly catalog: Catalog;
  readonly gateways: readonly EffectiveGateway[];
}

/** A number in 0..max-1. */
export type Draw = (max: number) => number;

export interface Answered {
  readonly result: SimulationResult;
  /** The route that decided. */
  readonly route?: Route;
}

export interface WaysOptions {
  readonly locate: (origin: Origin) => Position;
  /** What a request meets; without a draw the likeliest of what may happen at random. */
  readonly answer: (gateway: EffectiveGateway, witness: Witness, draw: Draw | undefined) => Answered;
  /** Also say which approach each service needs. */
  readonly advise?: AdviseOptions;
}

export interface AdviseOptions {
  /** Features that somebody asks for: names of `FEATURES`. */
  readonly needs: readonly string[];
  /** The command that runs a translation on the same files: `ingress-to-istio` → `meshgw convert ingress-to-istio -f …`. */
  readonly command: (route: string) => string;
  /** What the translation makes of each field; undefined: it cannot be tried. */
  readonly translate: (route: string) => readonly Translated[] | undefined;
}

/** One line of a translation's report (convert/item.ts, ConversionItem). */
export interface Translated {
  readonly severity: 'exact' | 'approximate' | 'refused';
  readonly feature: string;
  readonly origin: Origin;
}
