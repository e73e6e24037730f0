// Asks Istio's control plane what it generates for the gateways of a file.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from '../certificate.js';
import { goModule, goProgram } from '../go-program.js';
import { startLineProgram } from '../line-program.js';

// Envoy's configuration is a free tree here.
// biome-ignore lint/suspicious/noExplicitAny: every field of it is somebody else's type
export type Tree = Record<string, any>;

/** An object that the API server or Istio's webhook refuses, or warns about. */
export interface Verdict {
  readonly object: string;
  readonly by: 'CRD' | 'istio' | 'kubernetes';
  readonly reason: string;
}

/** What Istio generates for one gateway. Each cluster is an echo here. */
export interface Generated {
  readonly listeners: readonly Tree[];
  readonly routes: readonly Tree[];
  /** All, by name. */
  readonly clusters: readonly string[];
  /** Those that a DestinationRule shapes, whole. */
  readonly ruled?: readonly Tree[];
}

export interface Answer {
  readonly error?: string;
  readonly rejected?: readonly Verdict[];
  readonly warnings?: readonly Verdict[];
  readonly gateways?: Readonly<Record<string, Generated>>;
}

/** A running control plane; answers may come in any order. */
export interface ControlPlane {
  /** Without gateways, the objects are only let in or refused. */
  ask(yaml: string, gateways: readonly string[]): Promise<Answer>;
  close(): void;
}

/** Seconds for one file; Istio itself takes about one. */
const LIMIT = 40;

/** @throws CannotRunError without Go. */
export function startControlPlane(pair: Pair): ControlPlane {
  const program = startLineProgram<Answer>({
    binary: goProgram('istio'),
    args: crdFiles(),
    workers: 2,
    patience: LIMIT + 20,
  });
  return {
    ask: (yaml, gateways) => program.ask({ yaml, gateways, ...pair, limit: LIMIT }),
    close: program.close,
  };
}

/** Istio's own kinds, and the standard channel of Gateway API. */
function crdFiles(): string[] {
  const standard = join(goModule('istio', 'sigs.k8s.io/gateway-api'), 'config/crd/standard');
  return [
    join(goModule('istio', 'istio.io/istio'), 'manifests/charts/base/files/crd-all.gen.yaml'),
    ...readdirSync(standard).map((name) => join(standard, name)),
  ];
}
