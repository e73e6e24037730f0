// What the comparison of two gateways has in hand, and what it has found so far.

import {
  type Compared,
  type EffectiveGateway,
  type GatewayDiff,
  type GatewayDifference,
  type GatewayRequest,
  type Origin,
  type Position,
  routesOf,
  type UndecidedPart,
} from '../model/index.js';
import { type CompiledGateway, compiledOf } from '../simulate/index.js';
import { newRun, type Run, type Walk, type WitnessFrame, walk } from '../space/index.js';
import { type Memory, newMemory } from './explore-once.js';
import type { RoutePair } from './sides.js';

export interface DiffOptions {
  readonly locate?: (origin: Origin) => Position;
  /** Differences that the caller expects: they are not reported, and a pair of rules is searched on for one that is not among them. */
  readonly isExpected?: (difference: GatewayDifference, before: EffectiveGateway) => boolean;
  /** Only the differences, and whether something is open: of open pairs of rules one is reported, of differences in delivery none. */
  readonly brief?: true;
  /** Called from time to time with the share that is done, 0..1. */
  readonly progress?: (share: number) => void;
  /** What may be spent, where several comparisons are one run; absent: a run of its own. */
  readonly run?: Run;
}

/** A pair of rules that is written differently, while it is looked at. */
export interface Candidate {
  readonly routes: RoutePair;
  /** The difference that was found. */
  difference?: GatewayDifference & { occurrences: number };
  /** Requests that were answered alike, or as expected. */
  tried: number;
  /** A difference that the caller expects was found. */
  expected?: true;
  /** Why answers that look different may be the same. */
  open?: string;
  readonly example: GatewayRequest;
}

type Tally = { -readonly [K in keyof Compared]: Compared[K] } & { dimensions: Record<string, number> };

interface Found {
  /** By the names of both rules. */
  readonly candidates: Map<string, Candidate>;
  /** By the names of both rules: where only the delivery differs. */
  readonly delivery: Map<string, GatewayDiff['delivery'][number]>;
  readonly undecided: UndecidedPart[];
  /** Differences of whole connections. */
  readonly connections: GatewayDifference[];
  readonly compared: Tally;
}

export interface Comparison {
  readonly gateways: readonly [EffectiveGateway, EffectiveGateway];
  readonly compiled: readonly [CompiledGateway, CompiledGateway];
  readonly options: DiffOptions;
  readonly walk: Walk;
  /** What witnesses share; the connection and the host come to it. */
  readonly witnesses: Pick<WitnessFrame, 'gateway' | 'receive'>;
  readonly run: Run;
  /** Of the gateway, in reports. */
  readonly id: string;
  readonly acrossEngines: boolean;
  readonly found: Found;
  readonly memory: Memory;
}

export function newComparison(before: EffectiveGateway, after: EffectiveGateway, options: DiffOptions): Comparison {
  const walked = walk([before, after]);
  return {
    gateways: [before, after],
    compiled: [compiledOf(before), compiledOf(after)],
    options,
    walk: walked,
    witnesses: { gateway: after, receive: walked.receive },
    run: options.run ?? newRun(),
    id: after.id === before.id ? after.id : `${before.id} → ${after.id}`,
    acrossEngines: before.engine !== after.engine || JSON.stringify(before.intake) !== JSON.stringify(after.intake),
    found: {
      candidates: new Map(),
      delivery: new Map(),
      undecided: [],
      connections: [],
      compared: {
        gateways: 1,
        connections: walked.connections.length,
        virtualHosts: 0,
        identical: 0,
        rules: { before: routesOf(before).length, after: routesOf(after).length },
        paths: 0,
        dimensions: {},
      },
    },
    memory: newMemory(),
  };
}

export function addUndecided({ id, found }: Comparison, part: Omit<UndecidedPart, 'gateway'>): void {
  found.undecided.push({ gateway: id, ...part });
}
