// Where the benchmarks write what they measured: test/bench/results.json, from which the tables of README.md and docs/scale.md are made
// (test/measured.test.ts). Each part has its own date, machine and load, so that a part that was measured alone is not taken for the rest.
// RESULTS=file writes elsewhere: a run at another size is no result.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export const RESULTS = process.env.RESULTS ?? 'test/bench/results.json';

export interface Part<Row> {
  /** ISO date and minute, UTC, of its end. */
  readonly when: string;
  readonly machine: string;
  /** Load of the machine during a minute, at the beginning and at the end. */
  readonly load: { readonly before: number; readonly after: number };
  readonly rows: readonly Row[];
}

export type Row = Readonly<Record<string, string | number>>;
export type Results = Readonly<Record<string, Part<Row>>>;

const loadNow = (): number => Number(loadavg()[0]!.toFixed(1));
const before = loadNow();

export const readResults = (file = RESULTS): Results =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {};

/** Replaces the part. */
export function record(part: string, rows: readonly Row[]): void {
  const machine = `${cpus().length} cores of ${cpus()[0]!.model.replace(/\s+/g, ' ').trim()}, Node ${process.versions.node}`;
  const now: Part<Row> = {
    when: new Date().toISOString().slice(0, 16),
    machine,
    load: { before, after: loadNow() },
    rows,
  };
  writeFileSync(RESULTS, `${JSON.stringify({ ...readResults(), [part]: now }, null, 2)}\n`);
}

/** Is there time for something that can be left out? `npm run bench` has a limit; one part alone has none. */
export const inTime = (): boolean => Date.now() < Number(process.env.BENCH_UNTIL ?? Number.POSITIVE_INFINITY);
