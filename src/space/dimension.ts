// The values of one dimension (other than the path), cut into the classes that the tests at hand can tell apart.

import { type Engine, table } from '../model/index.js';
import { spend, TooLargeError } from '../regex/index.js';

import { addressClasses } from './addresses.js';
import type { Atom, CidrTest, DimensionKey } from './atoms.js';
import {
  claimDomain,
  type Domain,
  forwardedForDomain,
  headerDomain,
  hostDomain,
  inDomain,
  methodDomain,
  queryDomain,
} from './domain.js';
import { NO_DEMAND, partition } from './partition.js';
import { type StringTest, stringTest, testHolds } from './string-test.js';
import { newRun, type Work, workFor } from './work.js';

/** One class: an example (null: absent) and which tests hold. */
export interface ValueClass {
  readonly value: string | null;
  readonly holds: ReadonlySet<number>;
}

export interface Dimension {
  readonly key: DimensionKey;
  /** Preferred examples first. */
  readonly classes: readonly ValueClass[];
  /** Tests that are too large to compute with, by number; or all of them. */
  readonly unknown: ReadonlyMap<number, string>;
}

const MAX_CLASSES = 20_000;
/** What making one class costs, beside the tests that hold. */
const STEPS_OF_CLASS = 20;

/** What a client is expected to send when nothing asks for anything else. */
const PREFERRED = table<readonly string[]>({
  method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'],
  host: [],
});

/** What the words of the host dimension are restricted to, where a virtual host has been chosen. */
export interface HostWords {
  readonly domain: Domain;
  readonly preferred: readonly string[];
}

/** Addresses that a filter chain takes: `tests` are the ranges of all chains, `allows` decides. */
export interface SourceLimit {
  readonly tests: readonly CidrTest[];
  readonly allows: (address: string) => boolean;
}

/** What all requests of one question share. */
export interface Frame {
  /** Of the gateways that are asked at once. */
  readonly engines: readonly Engine[];
  /** Of the connection: `https` where TLS is terminated. */
  readonly scheme: 'http' | 'https';
  readonly host?: HostWords;
  /** Client addresses that reach the filter chain in question; absent: all. */
  readonly source?: SourceLimit;
}

export function buildDimension(
  key: DimensionKey,
  tests: readonly Atom['test'][],
  { host, source }: Pick<Frame, 'host' | 'source'>,
  work: Work = workFor(newRun(), tests.length),
): Dimension {
  if (key === 'source') return sourceDimension(key, tests as readonly CidrTest[], source);
  if (key === 'search') {
    const all = new Set(tests.keys());
    return {
      key,
      classes: [
        { value: null, holds: new Set() },
        { value: 'x=1', holds: all },
      ],
      unknown: new Map(),
    };
  }
  if (key === 'target' || key === 'sni') {
    const reason =
      key === 'sni'
        ? 'a test of the server name in a policy is not computed'
        : 'a test of :path together with the query is not computed';
    return { key, classes: [], unknown: new Map(tests.map((_, i) => [i, reason])) };
  }
  const domain = domainOf(key, host);
  const optional = key.startsWith('header:') || key.startsWith('query:') || key.startsWith('claim:');
  const compiled = tests.map(
    (t): StringTest => (t.kind === 'cidrs' ? { kind: 'never' } : stringTest(t, domain.alphabet, work)),
  );
  const unknown = new Map<number, string>();
  compiled.forEach((t, i) => {
    if (t.kind === 'unknown') unknown.set(i, t.reason);
  });
  const always = compiled.flatMap((t, i) => (t.kind === 'always' ? [i] : []));
  const found = new Map<string, ValueClass>();
  const add = (accepted: readonly number[], value: string) => {
    spend(work, STEPS_OF_CLASS + accepted.length);
    const id = [...accepted].sort((a, b) => a - b).join();
    if (found.has(id)) return;
    if (found.size >= MAX_CLASSES) throw new TooLargeError(`more than ${MAX_CLASSES} classes of values`);
    found.set(id, { value, holds: new Set([...accepted, ...always]) });
  };
  try {
    for (const value of host && key === 'host' ? host.preferred : (PREFERRED.get(key) ?? []))
      if (inDomain(domain, value))
        add(
          compiled.flatMap((t, i) => (t.kind !== 'always' && testHolds(t, value) ? [i] : [])),
          value,
        );
    partition(
      compiled,
      domain.words,
      NO_DEMAND,
      (accepted, word) => {
        add(accepted, word);
        return false;
      },
      work,
    );
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return { key, classes: [], unknown: new Map(tests.map((_, i) => [i, `${key} has ${error.message}`])) };
  }
  const classes = [...found.values()];
  return {
    key,
    classes: optional && key !== FORWARDED_FOR ? [{ value: null, holds: new Set() }, ...classes] : classes,
    unknown,
  };
}

export const FORWARDED_FOR = 'header:x-forwarded-for';

function domainOf(key: DimensionKey, host: HostWords | undefined): Domain {
  if (key === 'method') return methodDomain();
  if (key === 'host') return host?.domain ?? hostDomain();
  if (key === FORWARDED_FOR) return forwardedForDomain();
  if (key.startsWith('query:')) return queryDomain();
  return key.startsWith('claim:') ? claimDomain() : headerDomain();
}

function sourceDimension(key: DimensionKey, tests: readonly CidrTest[], limit: SourceLimit | undefined): Dimension {
  const classes = addressClasses([...tests, ...(limit?.tests ?? [])])
    .filter(({ value }) => limit?.allows(value) !== false)
    .map(({ value, holds }) => ({
      value,
      holds: new Set(holds.flatMap((h, i) => (h && i < tests.length ? [i] : []))),
    }));
  return { key, classes, unknown: new Map() };
}
