// From objects to meaning: every dialect reads what is its own, and the result is the list of all gateways.

import { type Assumption, append, type EffectiveGateway } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from './dialect.js';
import { withForeignPolicies } from './foreign-policies.js';
import { dialects } from './index.gen.js';
import { ingressAssumptions } from './ingress-assumptions.js';
import { assumptionsOf } from './parents.js';

/** `catalog`: with the gateways that are assumed (parents.ts). All gateways that the objects define, in the order of the dialects' names; notes of all dialects. */
export function readGateways(catalog: Catalog, options: ReadOptions = {}): ReadResult {
  const gateways: EffectiveGateway[] = [];
  const notes: ReadNote[] = [];
  const assumptions: Assumption[] = [
    ...assumptionsOf(options.assumedGateways ?? []),
    ...ingressAssumptions(catalog, options),
  ];
  for (const dialect of dialects) {
    if (!dialect.read) continue;
    const result = dialect.read(catalog, options);
    append(gateways, result.gateways);
    append(notes, result.notes);
    append(assumptions, result.assumptions ?? []);
  }
  for (const dialect of dialects) append(assumptions, dialect.assumptions?.(catalog, gateways, options) ?? []);
  return { gateways: withForeignPolicies(gateways, catalog), notes, assumptions };
}
