// The cases of the issues about Istio (`cases/istio`, `real/…`, `unread/…` of the shared folder), a folder each: what the commands of
// commands.txt print stands in output.txt. What each case wants was compared by hand when it was written; whoever changes an output
// reads it as a question about that case.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { meshgwIn } from './run-cli.js';

const ROOT = join(import.meta.dirname, '../fixtures/istio-cases');

/** Words of a command line; single quotes keep blanks. */
const wordsOf = (line: string): string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '');

/** `a | b`: the output of the first is the standard input of the second. */
async function run(cwd: string, line: string): Promise<string> {
  let [code, out, err] = [0, '', ''];
  let stdin: string | undefined;
  for (const part of line.split(' | ')) {
    const done = await meshgwIn(cwd, wordsOf(part), {}, stdin);
    [code, out, err] = [done.code, done.out, done.err];
    stdin = out;
  }
  return `$ meshgw ${line}\n${out}${err}exit ${code}\n`;
}

for (const name of readdirSync(ROOT))
  test(name, async () => {
    const folder = join(ROOT, name);
    const lines = readFileSync(join(folder, 'commands.txt'), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    const told: string[] = [];
    for (const line of lines) told.push(await run(folder, line));
    await expect(told.join('\n')).toMatchFileSnapshot(join(folder, 'output.txt'));
  });
