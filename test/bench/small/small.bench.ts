// The benchmark that CI runs, in less than a minute: does lint, routes or diff of one of the seven shapes leave its line (lines.json) by
// more than twice? A line is what was measured once: how many times js-yaml's parse of the same text, and how many times the cost of the
// small file (a sixteenth of it for lint, an eighth for the others). CPU time of one process, so that other load and slower machines move both sides alike.
// Run: npm run bench:small; UPDATE_LINES=1 npm run bench:small draws the lines anew (read the diff).

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../build.js';
import { SHAPES } from '../shapes.js';
import { writeTexts } from './texts.js';

const LINES = join(import.meta.dirname, 'lines.json');
const MOST_TIMES = 2;
const ROUNDS = 3;

/** Question → what it costs, as a multiple of the parse and of the cost of the small file. */
type Figures = Record<string, { readonly parses: number; readonly growth: number }>;

const lines = JSON.parse(readFileSync(LINES, 'utf8')) as Record<string, Figures>;
const fresh: Record<string, Figures> = {};

beforeAll(ensureBuilt);
afterAll(() => {
  if (process.env.UPDATE_LINES) writeFileSync(LINES, `${JSON.stringify(fresh, null, 2)}\n`);
});

function measure(folder: string): Figures {
  const args = ['--expose-gc', join(import.meta.dirname, 'costs.mjs'), folder];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const costs = JSON.parse(stdout) as Record<string, { small: number; large: number; parse: number }>;
  const figures = ({ small, large, parse }: { small: number; large: number; parse: number }) => ({
    parses: large / parse,
    growth: large / small,
  });
  return Object.fromEntries(Object.entries(costs).map(([question, cost]) => [question, figures(cost)]));
}

/** What is more than twice its line, in words. */
const beyond = (figures: Figures, line: Figures): string[] =>
  Object.entries(figures).flatMap(([question, { parses, growth }]) => {
    const { parses: parsesLine = 0, growth: growthLine = 0 } = line[question] ?? {};
    return [
      ...(parses > MOST_TIMES * parsesLine
        ? [`${question}: ${parses.toFixed(1)} times the parse, the line is ${parsesLine}`]
        : []),
      ...(growth > MOST_TIMES * growthLine
        ? [`${question}: ${growth.toFixed(1)} times what the small file costs, the line is ${growthLine}`]
        : []),
    ];
  });

const middle = (values: number[]): number => Number(values.sort((a, b) => a - b)[values.length >> 1]!.toFixed(1));

/** The middle of each figure. */
const middleOf = (rounds: readonly Figures[]): Figures =>
  Object.fromEntries(
    Object.keys(rounds[0]!).map((question) => [
      question,
      {
        parses: middle(rounds.map((r) => r[question]!.parses)),
        growth: middle(rounds.map((r) => r[question]!.growth)),
      },
    ]),
  );

test.each(Object.keys(SHAPES))('%s keeps to its line', { retry: 1, timeout: 600_000 }, (shape) => {
  const folder = writeTexts(shape);
  try {
    const rounds = [measure(folder), measure(folder)];
    // Where the first two are within twice the line, the middle of three is, whatever the third says.
    const calm = rounds.every((figures) => beyond(figures, lines[shape] ?? {}).length === 0);
    if (!calm || process.env.UPDATE_LINES) while (rounds.length < ROUNDS) rounds.push(measure(folder));
    const figures = middleOf(rounds);
    const words = Object.entries(figures).map(([q, f]) => `${q} ${f.parses} × parse, growth ${f.growth}`);
    process.stderr.write(`${shape.padEnd(24)} ${words.join('; ')}\n`);
    fresh[shape] = figures;
    if (!process.env.UPDATE_LINES) expect(beyond(figures, lines[shape] ?? {})).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
