// What the HTML page of ways-in holds: the ways, the gateways for its request tester, findings and lines of source.
// Origins are places already, and things that stand in several places are stored once.

import type { DialectName, Engine, FieldPath, Json, MatchedOrigin, WaysIn } from '../../model/index.js';

export interface PageData {
  readonly title: string;
  readonly ways: WaysIn;
  readonly gateways: readonly PackedGateway[];
  readonly origins: PackedOrigins;
  /** Virtual hosts, by number: the listeners of a gateway share them. */
  readonly virtualHosts: readonly Packed[];
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
