// Mutated fixtures at every command: no input makes the program run into an internal error, work for more than 10 s or take
// more than 1 GB. Seeded and short here; npm run fuzz:files runs for FUZZ_SECONDS and keeps what it finds in .cache/fuzz-files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from './build.js';
import { someCommands } from './files-fuzz/commands.js';
import { documentsOf, mutateBytes, mutateTree, textOf } from './files-fuzz/mutate.js';
import { type Random, randomOf } from './files-fuzz/random.js';
import { type Runner, signature, startRunner } from './files-fuzz/runner.js';
import { CONFIG, configFiles, requestFiles } from './files-fuzz/seeds.js';
import { shrink } from './files-fuzz/shrink.js';

const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20261130);
const KEEP = '.cache/fuzz-files';
/** Inputs of the short run. */
const RUNS = 60;

let folder: string;
let runner: Runner;
beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'meshgw-fuzz-'));
  runner = startRunner();
}, 300_000);
afterAll(() => {
  runner.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One to four mutations of a file, mostly of what it says; configuration gets objects of another file beside. */
function mutant(files: readonly Buffer[], random: Random): Buffer {
  const bytes = random.pick(files);
  let documents = documentsOf(bytes.toString());
  if (!documents || documents.length === 0 || random.chance(0.15)) {
    let out = bytes;
    for (let n = random.below(4); n >= 0; n--) out = mutateBytes(out, random);
    return out;
  }
  if (random.chance(0.5)) documents = [...documents, ...(documentsOf(random.pick(files).toString()) ?? [])];
  for (let n = random.below(5); n >= 0; n--) documents = mutateTree(documents, random);
  return Buffer.from(textOf(documents, random.chance(0.2)));
}

const write = (name: string, bytes: Buffer | string) => writeFileSync(join(folder, name), bytes);

test(
  'no mutated fixture makes a command crash, hang or take all memory',
  async () => {
    const end = Date.now() + SECONDS * 1000;
    const found = new Map<string, string>();
    let commands = 0;
    let seed = SEED;
    for (; SECONDS > 0 ? Date.now() < end : seed < SEED + RUNS; seed++) {
      const random = randomOf(seed);
      const input = mutant(configFiles, random);
      write('input.yaml', input);
      write('other.yaml', random.pick(configFiles));
      write('requests.yaml', random.chance(0.7) ? mutant(requestFiles, random) : random.pick(requestFiles));
      write('meshgw.config.yaml', random.chance(0.5) ? mutant([CONFIG], random) : CONFIG);
      for (const argv of someCommands(random, SECONDS > 0 ? 5 : 2)) {
        commands++;
        const { failure } = await runner.run(argv, folder);
        if (failure === undefined || found.has(signature(failure))) continue;
        found.set(signature(failure), `seed ${seed}: meshgw ${argv.join(' ')}\n${failure}`);
        if (SECONDS > 0) await keep(seed, argv, input.toString(), failure);
      }
    }
    if (SECONDS > 0)
      console.log(`${seed - SEED} inputs from seed ${SEED}, ${commands} commands, ${found.size} failures`);
    expect([...found.values()]).toEqual([]);
  },
  SECONDS > 0 ? (SECONDS + 3600) * 1000 : 300_000,
);

/** Writes the smallest input that fails in the same way to the folder of finds. */
async function keep(seed: number, argv: readonly string[], text: string, failure: string): Promise<void> {
  const slow = /^(slow|no answer|memory)/.test(failure);
  const smallest = await shrink(
    text,
    async (smaller) => {
      write('input.yaml', smaller);
      const again = await runner.run(argv, folder);
      return again.failure !== undefined && signature(again.failure) === signature(failure);
    },
    slow ? 12 : 150,
  );
  write('input.yaml', text);
  const to = join(KEEP, `${seed}-${argv[0]}`);
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'input.yaml'), smallest);
  writeFileSync(join(to, 'found.txt'), `seed ${seed}\nmeshgw ${argv.join(' ')}\n${failure}\n`);
  console.log(`found ${signature(failure)}: ${to}`);
}
