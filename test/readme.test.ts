// The README's output is real: each console block of a `$ meshgw …` command holds what that command prints now.
// The table of peers is what `npm run peers` measured last.
// `UPDATE_README=1 npx vitest run test/readme.test.ts` rewrites the blocks; read the diff.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { type Results, tableOf } from './real/ingress2gateway/table.js';

const RESULTS = 'test/real/ingress2gateway/results.json';
const PEERS = /<!-- peers -->[\s\S]*?<!-- \/peers -->/;

const peers = (): string =>
  `<!-- peers -->\n${tableOf(JSON.parse(readFileSync(RESULTS, 'utf8')) as Results)}\n<!-- /peers -->`;

const BLOCK = /```console\n\$ meshgw ([^\n]+)\n[\s\S]*?```/g;

async function output(command: string): Promise<string> {
  let text = '';
  const stream = { write: (t: string) => void (text += t), isTTY: false, columns: 80 };
  await run(command.split(' '), {
    cwd: process.cwd(),
    env: {},
    stdout: stream,
    stderr: stream,
    stdin: async () => Buffer.alloc(0),
    now: () => Date.parse('2026-11-22T00:00:00Z'),
  });
  return text;
}

test.each(['README.md', 'docs/choosing.md'])('%s shows real output', async (file) => {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    expect(file).not.toBe('README.md');
    return;
  }
  let fresh = text;
  const commands = [...text.matchAll(BLOCK)];
  for (const [block, command] of commands)
    fresh = fresh
      .replace(block, () => `\`\`\`console\n$ meshgw ${command}\n§OUTPUT§\`\`\``)
      .replace('§OUTPUT§', await output(command!));
  if (file === 'README.md') expect(fresh).toMatch(PEERS);
  fresh = fresh.replace(PEERS, peers);
  if (process.env.UPDATE_README) writeFileSync(file, fresh);
  else expect(text).toBe(fresh);
});
