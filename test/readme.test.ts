// What the documents show is real: each console block of a `$ meshgw …` command, in the README and in docs/, holds what that command
// prints now. Commands to adapt (names of the reader's own files) stand in `sh` blocks: their flags exist.
// The table of peers is what `npm run peers` measured last.
// `UPDATE_README=1 npx vitest run test/readme.test.ts` rewrites the blocks; read the diff.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { type Results, tableOf } from './real/ingress2gateway/table.js';

const RESULTS = 'test/real/ingress2gateway/results.json';
const PEERS = /<!-- peers -->[\s\S]*?<!-- \/peers -->/;

const peers = (): string =>
  `<!-- peers -->\n${tableOf(JSON.parse(readFileSync(RESULTS, 'utf8')) as Results)}\n<!-- /peers -->`;

const BLOCK = /```console\n\$ meshgw ([^\n]+)\n[\s\S]*?```/g;

/** What a command prints on both streams. */
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

const documents = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const withOutput = documents.filter((file) => readFileSync(file, 'utf8').includes('```console'));

test.each(withOutput)('%s shows real output', async (file) => {
  const text = readFileSync(file, 'utf8');
  let fresh = text;
  const commands = [...text.matchAll(BLOCK)];
  expect(commands.length, 'a console block is one command of meshgw with its output').toBe(
    text.split('```console').length - 1,
  );
  for (const [block, command] of commands) {
    const printed = await output(command!);
    fresh = fresh.replace(block, () => `\`\`\`console\n$ meshgw ${command}\n${printed}\`\`\``);
  }
  if (file === 'README.md') expect(fresh).toMatch(PEERS);
  fresh = fresh.replace(PEERS, peers);
  if (process.env.UPDATE_README) writeFileSync(file, fresh);
  else expect(text).toBe(fresh);
});

test('commands of sh blocks have flags that exist', async () => {
  const shown = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/```sh\n([\s\S]*?)```|^ {4}(?=meshgw )([^\n]*)$/gm)].flatMap(
      ([, block, line]) =>
        (block ?? line!).split('\n').flatMap((text) => commandsIn(text).map((words) => ({ file, words }))),
    ),
  );
  expect(shown.length).toBeGreaterThan(40);
  const help = new Map<string, string>();
  const wrong: string[] = [];
  for (const { file, words } of shown) {
    const [command = '', ...rest] = words;
    if (command.startsWith('-')) continue;
    if (!help.has(command)) help.set(command, await output(`${command} --help`));
    const flags = rest.filter((word) => /^-/.test(word) && word !== '-').map((word) => word.replace(/=.*$/, ''));
    for (const flag of flags)
      if (!new RegExp(`(^|[\\s,])${flag}(?![\\w-])`, 'm').test(help.get(command)!))
        wrong.push(`${file}: meshgw ${command} ${flag}`);
  }
  expect(wrong).toEqual([]);
});

/** The words of each call of meshgw in a line, without its comment and without what follows in a pipe. */
const commandsIn = (line: string): string[][] =>
  [...line.replace(/\s#.*$/, '').matchAll(/(?:^|[|;&(]\s*|\s)meshgw ([a-z-][^|;&>]*)/g)].map(([, words]) =>
    words!
      .replaceAll(/'[^']*'|"[^"]*"/g, 'TEXT')
      .trim()
      .split(/\s+/),
  );
