// From objects to meaning: every dialect reads what is its own, and the result is the list of all gateways. The readers are loaded before.

import { type Assumption, append, type EffectiveGateway } from '../model/index.js';
import { type Catalog, withSettings } from '../resources/catalog.js';
import type { Reader, ReadNote, ReadOptions, ReadResult } from './dialect.js';
import { withForeignPolicies } from './foreign-policies.js';
import { gatewaysOf } from './gateway-owner.js';
import { ingressAssumptions } from './ingress-assumptions.js';
import { assumptionsOf } from './parents.js';
import { readers, requireReaders } from './readers.js';

/**
 * `files`: with the gateways that are assumed (parents.ts). All gateways that the objects define, in the order of the dialects' names; notes
 * of all dialects. Throws where a reader that the objects need is not loaded (readers.ts).
 */
export function readLoaded(files: Catalog, options: ReadOptions = NO_OPTIONS): ReadResult {
  requireReaders(files, options);
  const among = readers();
  const known = understood.get(files);
  if (known && known.options === options && known.readers === among.length) return known.result;
  const result = readWith(among, files, options);
  understood.set(files, { options, readers: among.length, result });
  return result;
}

const NO_OPTIONS: ReadOptions = {};

/** A translation asks again for what loading the files has read: the last answer about a catalog is kept with it. Readers are only ever added. */
const understood = new WeakMap<
  Catalog,
  { readonly options: ReadOptions; readonly readers: number; readonly result: ReadResult }
>();

/** The same by these readers alone, in order of names. */
export function readWith(among: readonly Reader[], files: Catalog, options: ReadOptions): ReadResult {
  const { servicePorts = {} } = options;
  const owner = gatewaysOf(options.classSemantics);
  const more = {
    ...(Object.keys(servicePorts).length > 0 ? { servicePorts } : {}),
    ...(owner === undefined ? {} : { gatewaysOf: owner }),
  };
  // The same one, because what is made of a catalog is made once (lint asks again what readers have asked).
  const catalog = Object.keys(more).length > 0 ? withSettings(files, more) : files;
  const gateways: EffectiveGateway[] = [];
  const notes: ReadNote[] = [];
  const assumptions: Assumption[] = [
    ...assumptionsOf(options.assumedGateways ?? []),
    ...portAssumptions(servicePorts),
    ...ingressAssumptions(catalog, options),
  ];
  for (const reader of among) {
    if (!reader.read) continue;
    const result = reader.read(catalog, options);
    append(gateways, result.gateways);
    append(notes, result.notes);
    append(assumptions, result.assumptions ?? []);
  }
  for (const reader of among) append(assumptions, reader.assumptions?.(catalog, gateways, options) ?? []);
  let all: readonly EffectiveGateway[] = gateways;
  for (const { overGateways } of among) {
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
