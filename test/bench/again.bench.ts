// After one file changed: what a look at a folder costs of which everything else is as it was: of the language server and lint --watch
// (reading and lint), and of serve --watch (reading, what changed of the routes). CPU of the process, the middle of the edits after the first
// few, because compiled code comes late.
// Run: npm run bench -- again; OBJECTS=1000,10000 SHAPES=prefix,regex RESULTS=/tmp/results.json for others.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { loadConfig } from '../../src/cli/load.js';
import { checkFolder } from '../../src/cli/lsp-check.js';
import { routeChanges } from '../../src/diff/index.js';
import { emptyMemory } from '../../src/sources/index.js';
import { inTime, type Row, record } from './results.js';
import { SHAPES } from './shapes.js';

const sizes = (process.env.OBJECTS ?? '1000,10000').split(',').map(Number);
const shapes = (process.env.SHAPES ?? Object.keys(SHAPES).join(',')).split(',');
/** Beyond this many objects only the first shape is measured, unless shapes are named. */
const ALL_SHAPES = 1000;
const rows: Row[] = [];
/** Objects of a file. */
const TOGETHER = 10;
const WARM = 4;
const EDITS = 9;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** A folder with this many objects of the shape, half of them Services; and how to change one of its files. */
function folderOf(shape: string, objects: number): { readonly folder: string; readonly edit: (n: number) => void } {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-again-'));
  made.push(folder);
  const documents = SHAPES[shape]!(objects / 2).split(/^---\n/m);
  for (let i = 0; i < documents.length; i += TOGETHER)
    writeFileSync(join(folder, `${String(i).padStart(6, '0')}.yaml`), documents.slice(i, i + TOGETHER).join('---\n'));
  const changed = join(folder, `${String(TOGETHER * 5).padStart(6, '0')}.yaml`);
  const text = readFileSync(changed, 'utf8');
  return { folder, edit: (n) => writeFileSync(changed, text.replace('/api/v3', `/api/x${n}`)) };
}

const quiet = { write: () => undefined, isTTY: false, columns: 80 };
const ioIn = (cwd: string): Io => ({
  ...{ cwd, env: {}, stdout: quiet, stderr: quiet },
  stdin: async () => Buffer.alloc(0),
  now: () => 0,
});

/** Ms of CPU. */
async function middleOf(edit: (n: number) => void, look: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < WARM + EDITS; n++) {
    edit(n);
    const before = process.cpuUsage();
    await look();
    const { user, system } = process.cpuUsage(before);
    if (n >= WARM) times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[EDITS >> 1]!;
}

for (const objects of sizes)
  for (const shape of objects > ALL_SHAPES && !process.env.SHAPES ? shapes.slice(0, 1) : shapes)
    test(`${shape}, ${objects} objects`, async () => {
      if (objects > ALL_SHAPES && !inTime())
        return void process.stderr.write(`left out, out of time: ${shape}, ${objects}\n`);
      const { folder, edit } = folderOf(shape, objects);
      const [flags, io] = [{ namespace: 'default' }, ioIn(folder)];
      const check = checkFolder(flags, io);
      const lint = await middleOf(edit, () => check(folder, () => undefined));
      const memory = emptyMemory();
      let gateways = (await loadConfig(flags, ['.'], io, memory)).gateways;
      const serve = await middleOf(edit, async () => {
        const next = (await loadConfig(flags, ['.'], io, memory)).gateways;
        expect(next.length).toBe(gateways.length);
        for (const [i, gateway] of next.entries()) routeChanges(gateways[i]!, gateway);
        gateways = next;
      });
      rows.push({ shape, objects, lint, serve });
      record('again', rows);
      process.stderr.write(
        `${shape.padEnd(24)} ${String(objects).padStart(6)} objects  lint ${lint.toFixed(0).padStart(5)} ms  serve ${serve.toFixed(0).padStart(5)} ms\n`,
      );
    });
