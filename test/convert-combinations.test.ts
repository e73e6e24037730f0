// Settings of ingress-nginx are translated one by one and act together. Seeded combinations of them: whatever the translation cannot
// say, its report tells; no difference is left that nothing announces. COMBINATIONS=1000 for more.
import { expect, test } from 'vitest';
import { verifyTranslation } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import type { WriteOptions } from '../src/dialects/dialect.js';
import type { SimulationResult } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';
import { configuration, numbers } from './convert/combinations.js';

/** What somebody says with a translation: for half of the seeds nothing, else some of the flags. */
function flagsOf(seed: number, to: 'istio' | 'gateway-api'): WriteOptions {
  const next = numbers(seed ^ 0x5f1a_65);
  if (next() < 0.5) return {};
  const flags: readonly WriteOptions[] = [
    { defaultTlsSecret: { namespace: 'istio-system', name: 'default' } },
    { allowEnvoyFilter: true },
    { failOpen: true },
    { forwardedHeaders: true },
    to === 'istio'
      ? { targetGateway: { namespace: 'ingress', labels: { app: 'gateway' } } }
      : { allowExperimental: true },
  ];
  return Object.assign({}, ...flags.filter(() => next() < 0.4));
}

/** Seeds that found something before flags were drawn were asked with these. */
const earlierFlags = (seed: number): WriteOptions => ({
  defaultTlsSecret: { namespace: 'istio-system', name: 'default' },
  allowExperimental: seed % 2 === 0,
  allowEnvoyFilter: seed % 3 === 0,
});

/** An answer in a few words. */
const short = ({ status, destination, headers, upstream, split }: SimulationResult): string =>
  [status, split ? 'split' : destination?.host, upstream?.path, headers?.location].filter(Boolean).join(' ');

const COUNT = Number(process.env.COMBINATIONS ?? 60);
const FIRST = Number(process.env.SEED ?? 1);
/** Seeds that once found something: client certificates below a wildcard, aliases beside one, limits of gRPC, deeper hosts, answers before a check of addresses, external authentication without a host, `satisfy any` below a wildcard, characters that one engine escapes, losses of rules for deeper hosts, slashes behind a query, preflights beside external authentication, Connection, headers of a 403. */
const FOUND = new Set([
  1008, 1026, 2035, 2124, 2162, 2181, 2344, 2360, 2839, 2922, 3539, 3956, 3988, 4116, 4379, 4525, 4580, 4841, 5071,
  5227, 5410, 5601,
]);
/** The same without any flag: hosts without a certificate below a wildcard that has one, preflights of paths that no rule serves. */
const FOUND_BY_DEFAULT = new Set([8058, 8067, 8092, 8096, 8099, 8109, 8130, 8144, 8146, 8148]);
/** With the flags of the seed: lists of the catch-all host below a wildcard, a list or a password there, spellings of a path that begins another, open lists beside Origins, client certificates beside Connection, bytes that are passed on beside a list, preflights of a rule that is left out. */
const FOUND_WITH_FLAGS = [20125, 21482, 21649, 30651, 31167, 50565, 51483, 60372, 61532];
const SEEDS = process.env.SEEDS
  ? process.env.SEEDS.split(',').map(Number)
  : [
      ...Array.from({ length: COUNT }, (_, i) => FIRST + i),
      ...(process.env.SEED ? [] : [...FOUND, ...FOUND_BY_DEFAULT, ...FOUND_WITH_FLAGS]),
    ];
/** The flags of a seed; FLAGS=none asks all of them without. */
function saidWith(seed: number, to: 'istio' | 'gateway-api'): WriteOptions {
  if (process.env.FLAGS === 'none' || FOUND_BY_DEFAULT.has(seed)) return {};
  return FOUND.has(seed) ? earlierFlags(seed) : flagsOf(seed, to);
}

/** What the translation of a seed's configuration leaves unsaid, a line each. */
function silentIn(seed: number, to: 'istio' | 'gateway-api'): string[] {
  const said = saidWith(seed, to);
  const name = `${seed} (${Object.keys(said).join(', ') || 'no flags'})`;
  const { resources } = parseSource('input.yaml', configuration(seed));
  const catalog = catalogOf(resources);
  const translation = convert(catalog, { from: 'ingress', to }, writerOf, {}, said);
  const { differences, undecided, unannounced } = verifyTranslation({ catalog } as never, translation);
  const silent = differences.filter((d) => d.announcedBy.length === 0);
  // What is not modelled (a header with a variable of nginx) is undecided, and announced by its item.
  const open = unannounced > silent.length ? undecided.map((part) => `undecided: ${part.reason}`) : [];
  return [
    ...silent.map(
      ({ request: { method, scheme, host, path }, before, after }) =>
        `${method} ${scheme}://${host}${path}  ${short(before)}  →  ${short(after)}`,
    ),
    ...open,
  ].map((line) => `${name}: ${line}`);
}

for (const to of ['istio', 'gateway-api'] as const)
  test(`${COUNT} combinations of settings of ingress-nginx: nothing of their translation to ${to} is unannounced`, () => {
    expect(SEEDS.flatMap((seed) => silentIn(seed, to))).toEqual([]);
  }, 900_000);
