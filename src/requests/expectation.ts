// What a request file says about answers: a partial result. A recording has `share` (0..1) where a result has `weight`.

import type { GatewayRequest, ResultDestination, SimulationResult } from '../model/index.js';

/** A destination; a port that is left out may be any. */
export type ExpectedDestination = Omit<ResultDestination, 'port'> & { readonly port?: number };

export type ExpectedOutcome = (ExpectedDestination | { readonly status: number }) & {
  /** Fraction of the repetitions that saw it. */
  readonly share?: number;
  /** Percent. */
  readonly weight?: number;
};

export interface ExpectedResult
  extends Partial<Omit<SimulationResult, 'destination' | 'split' | 'upstream' | 'matched' | 'trace'>> {
  readonly destination?: ExpectedDestination | null;
  readonly split?: readonly ExpectedOutcome[];
  readonly upstream?: Partial<NonNullable<SimulationResult['upstream']>>;
  readonly matched?: Partial<NonNullable<SimulationResult['matched']>>;
}

/** What a route is expected to be, beside its answer. */
export interface RouteExpectation {
  /** Name of its virtual host; empty: nothing is forwarded. */
  readonly virtualHost?: string;
  readonly timeoutMs?: number;
}

/** One request of a file. */
export interface RequestCase {
  readonly name?: string;
  readonly request: GatewayRequest;
  readonly expected?: ExpectedResult;
  /** What chance gives for it: each choice among `n` is this number modulo `n` (router_check_tool's `random_value`). */
  readonly random?: number;
  /** Of the route that takes the request. */
  readonly route?: RouteExpectation;
  /** The answer must not be `expected` (istio-config-validator's `wantMatch: false`). */
  readonly negate?: boolean;
}

export type RequestFormat =
  | 'requests'
  | 'exchanges'
  | 'router-check'
  | 'istio-config-validator'
  | 'har'
  | 'hurl'
  | 'access-log';

export interface RequestFile {
  readonly format: RequestFormat;
  readonly requests: readonly RequestCase[];
  /** What of the file could not be used, one sentence each: `line 3 is not an access log line`. */
  readonly notes: readonly string[];
}
