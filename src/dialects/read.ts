// From objects to meaning: every dialect reads what is its own, and the result is the list of all gateways.

import { type Assumption, append, type EffectiveGateway } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from './dialect.js';
import { withForeignPolicies } from './foreign-policies.js';
import { gatewaysOf } from './gateway-owner.js';
import { dialects } from './index.gen.js';
import { ingressAssumptions } from './ingress-assumptions.js';
import { assumptionsOf } from './parents.js';

/** `files`: with the gateways that are assumed (parents.ts). All gateways that the objects define, in the order of the dialects' names; notes of all dialects. */
export function readGateways(files: Catalog, options: ReadOptions = {}): ReadResult {
  const { servicePorts = {} } = options;
  const owner = gatewaysOf(options.classSemantics);
  const catalog = {
    ...files,
    ...(Object.keys(servicePorts).length > 0 ? { servicePorts } : {}),
    ...(owner === undefined ? {} : { gatewaysOf: owner }),
  };
  const gateways: EffectiveGateway[] = [];
  const notes: ReadNote[] = [];
  const assumptions: Assumption[] = [
    ...assumptionsOf(options.assumedGateways ?? []),
    ...portAssumptions(servicePorts),
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
  let all: readonly EffectiveGateway[] = gateways;
  for (const { overGateways } of dialects) {
    const changed = overGateways?.(all, catalog);
    if (!changed) continue;
    all = changed.gateways;
    append(assumptions, changed.assumptions);
  }
  return { gateways: withForeignPolicies(all, catalog), notes, assumptions };
}

const portAssumptions = (ports: Readonly<Record<string, number>>): Assumption[] =>
  Object.entries(ports).map(([key, number]) => {
    const [service, name] = key.includes(':') ? key.split(':') : [undefined, key];
    const of = service === undefined ? 'Services that are not in the files' : `Service ${service}`;
    return {
      code: 'service-port',
      message: `port ${name} of ${of} is ${number}`,
      hint: 'add the Service to the files for its exact ports',
    };
  });
