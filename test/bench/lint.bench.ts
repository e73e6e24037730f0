// How long `meshgw lint` takes on each of seven shapes of configuration (shapes.ts), from a cold start, against js-yaml's parse of the
// same file in the same minute. Goal: at most 3.2 times at 5,000 objects of ten rules (10 MB) and more, below 500 MB.
// Run: npm run build && npm run bench -- lint; OBJECTS=10000 for another size, SHAPE=regex for one shape.
// CPU time is what counts; on a busy machine wall time means nothing.

import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Cost, costOf, parseOf } from './cost.js';
import { SHAPES } from './shapes.js';

const OBJECTS = Number(process.env.OBJECTS ?? 5000);
const ROUNDS = 2;
/** Where the sizes are 5,000 objects and more. */
const MOST_MEGABYTES = 700;

const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
const cheapest = (args: readonly string[]): Cost =>
  Array.from({ length: ROUNDS }, () => costOf(args)).reduce((a, b) => (b.cpu < a.cpu ? b : a));

for (const [name, textOf] of Object.entries(SHAPES))
  test.runIf(!process.env.SHAPE || name.includes(process.env.SHAPE))(
    `lint, ${name}`,
    () => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
      writeFileSync(file, textOf(OBJECTS));
      const [yaml, lint] = [cheapest(parseOf(file)), cheapest(['bin/meshgw.js', 'lint', file])];
      const megabytes = (statSync(file).size / 1e6).toFixed(1);
      process.stderr.write(
        `${name.padEnd(24)} ${megabytes.padStart(5)} MB  js-yaml ${yaml.cpu.toFixed(2)} s  lint ${lint.cpu.toFixed(2)} s, ${(lint.cpu / yaml.cpu).toFixed(2)} times, ${Math.round(lint.megabytes)} MB\n`,
      );
      expect(lint.megabytes).toBeLessThan(MOST_MEGABYTES);
    },
    600_000,
  );
