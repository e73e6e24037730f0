// What the HTML pages hold. Of ways-in: the ways, the gateways for its request tester, findings and lines of source; of diff: the
// differences, and the gateways of both sides.
// Origins are places already, and things that stand in several places are stored once.

import type {
  ConfigDiff,
  DialectName,
  Engine,
  FieldPath,
  GatewayRequest,
  Json,
  MatchedOrigin,
  SimulationResult,
  WaysIn,
} from '../../model/index.js';

/** The gateways of one configuration. */
export interface PackedModel {
  readonly gateways: readonly PackedGateway[];
  readonly origins: PackedOrigins;
  /** Virtual hosts, by number: the listeners of a gateway share them. */
  readonly virtualHosts: readonly Packed[];
}

export interface PageData extends PackedModel {
  readonly title: string;
  readonly ways: WaysIn;
  readonly findings: readonly PageFinding[];
  /** `file:line` → the lines from there on. */
  readonly excerpts: Readonly<Record<string, string>>;
}

/** JSON in which `{"$o": 3}` stands for an origin and `{"$v": 2}` for a virtual host. */
export type Packed = Json;

export interface PackedGateway {
  readonly id: string;
  readonly dialect: DialectName;
  readonly engine: Engine;
  readonly model: Packed;
}

export interface PackedOrigins {
  readonly files: readonly string[];
  readonly resources: readonly PackedResource[];
  /** Resource, file, line, column, path. */
  readonly places: readonly (readonly [number, number, number, number, FieldPath])[];
}

export interface PackedResource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Those that an origin names: answers tell their values. */
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PageFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly at: MatchedOrigin;
}

export interface DiffPageData {
  readonly title: string;
  readonly diff: Pick<ConfigDiff, 'equivalent'>;
  /** What the two sides are called. */
  readonly sides: readonly [before: string, after: string];
  readonly verdict: string;
  /** How much was compared. */
  readonly compared: string;
  readonly groups: readonly PageGroup[];
  readonly undecided: readonly string[];
  readonly delivery: readonly string[];
  readonly models: readonly [before: PackedModel, after: PackedModel];
  readonly excerpts: PageData['excerpts'];
}

/** Differences of the same two objects and of the same kind. */
export interface PageGroup {
  readonly title: string;
  readonly differences: readonly PageDifference[];
}

export interface PageDifference {
  /** In words, and as it is asked. */
  readonly request: string;
  readonly url: GatewayRequest;
  /** All requests that differ so, in a sentence. */
  readonly family?: string;
  readonly result: readonly [before: SimulationResult, after: SimulationResult];
  readonly because: readonly [before: MatchedOrigin | null, after: MatchedOrigin | null];
}
