// Reachability and difference against enumeration of all requests, on random small gateways.
// The long run: npm run fuzz:space (FUZZ_CONFIGS, FUZZ_SEED, FUZZ_DEPTH).

import { expect, test } from 'vitest';
import { checkSeed, emptyTally } from './space/brute-force.js';

const configs = Number(process.env.FUZZ_CONFIGS ?? 1000);
// Characters of paths behind the slash; FUZZ_DEPTH=3 takes three times as long.
const depth = Number(process.env.FUZZ_DEPTH ?? 2);
const first = Number(process.env.FUZZ_SEED ?? 1);

test(`the algebra agrees with enumeration on ${configs} gateways`, { timeout: 3_600_000 }, () => {
  const tally = emptyTally();
  const problems: string[] = [];
  for (let seed = first; seed < first + configs && problems.length < 20; seed++)
    problems.push(...checkSeed(seed, depth, tally));
  if (process.env.FUZZ_CONFIGS) process.stderr.write(`${JSON.stringify(tally)}\n`);
  expect(problems).toEqual([]);
  expect(tally.reached).toBeGreaterThan(configs / 2);
  expect(tally.surely).toBeGreaterThan(configs / 5);
  expect(tally.unreachable).toBeGreaterThan(configs / 20);
  expect(tally.different).toBeGreaterThan(configs / 20);
  expect(tally.equivalent).toBeGreaterThan(configs / 20);
});
