// Completion scripts, asked as each shell asks them; help whose examples name flags that there are.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../src/cli/commands.js';
import { examplesOf } from '../src/cli/help.js';
import { meshgwIn } from './run-cli.js';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(folder, shell), (await meshgwIn('.', ['completion', shell])).out);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The words that are offered behind a command line; the last word is the one that is being written. */
const ASK: Readonly<Record<string, (line: string) => readonly [program: string, args: readonly string[]]>> = {
  bash: (line) => [
    'bash',
    [
      '-c',
      `source "$0/bash"; COMP_WORDS=(${line.endsWith(' ') ? `${line}''` : line}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _meshgw; printf '%s\\n' "\${COMPREPLY[@]}"`,
      folder,
    ],
  ],
  fish: (line) => ['fish', ['--no-config', '-c', `source ${folder}/fish; complete -C ${JSON.stringify(line)}`]],
};

/** Of fish a description stands behind a tab. */
function offered(shell: string, line: string): string[] {
  const [program, args] = ASK[shell]!(line);
  const out = execFileSync(program, args, { encoding: 'utf8', cwd: folder, env: { ...process.env, HOME: folder } });
  return out.split('\n').flatMap((l) => (l === '' ? [] : [l.split('\t')[0]!]));
}

for (const shell of ['bash', 'fish']) {
  if (spawnSync(shell, ['--version']).status !== 0) {
    test(`NOT RUN, there is no ${shell} here: what ${shell} completes`, () => expect(shell).not.toBe(''));
    continue;
  }
  describe(`what ${shell} completes`, () => {
    test('commands', () => expect(offered(shell, 'meshgw si')).toEqual(['simulate']));
    test('flags of a command', () => {
      expect(offered(shell, 'meshgw lint --list')).toEqual(['--list-rules']);
      expect(offered(shell, 'meshgw lint --plan')).toEqual([]);
    });
    test('values of a flag', () => {
      expect(offered(shell, 'meshgw lint config/ --fail-on w')).toEqual(['warning']);
      expect(offered(shell, 'meshgw diff -o j')).toEqual(['json']);
    });
    test('words of an argument', () => {
      expect(offered(shell, 'meshgw convert istio-to-e')).toContain('istio-to-envoy');
      expect(offered(shell, 'meshgw completion z')).toEqual(['zsh']);
    });
  });
}

if (spawnSync('zsh', ['--version']).status !== 0)
  test('NOT RUN, there is no zsh here: what zsh completes', () => expect(folder).not.toBe(''));
else
  test('what zsh completes: the function runs with the builtins that zsh has', () => {
    // Outside of its line editor zsh offers nothing: what would be offered is caught where it is handed over.
    const ask = (words: string) =>
      execFileSync(
        'zsh',
        [
          '-fc',
          `compdef() {}; source $0/zsh; _describe() { print -rl -- $commands }; _arguments() { print -rl -- "$@" }; words=(${words}); CURRENT=$#words; _meshgw`,
          folder,
        ],
        { encoding: 'utf8' },
      ).split('\n');
    expect(ask('meshgw ""')).toContain('lint:find mistakes and surprising behaviour');
    const lint = ask('meshgw lint ""');
    expect(lint).toContain(
      '*--fail-on[exit 1 on findings of this severity or worse\\: error, warning, info, never]:value:(error warning info never)',
    );
    expect(lint).toContain('*:path:_files');
    expect(ask('meshgw convert ""').some((l) => /^1:argument:\(.*ingress-to-istio/.test(l))).toBe(true);
  });

test('a shell that is none', async () => {
  const { code, err } = await meshgwIn('.', ['completion', 'tcsh']);
  expect([code, err]).toEqual([2, expect.stringContaining('It must be one of bash, zsh, fish.')]);
});

test('version', async () => {
  expect((await meshgwIn('.', ['version'])).out).toBe((await meshgwIn('.', ['--version'])).out);
});

describe('help', () => {
  const program = new Command();
  for (const register of Object.values(commands)) register(program, {} as never, () => undefined);
  test.each(program.commands.map((c) => [c.name(), c] as const))('%s: examples name its flags', (name, command) => {
    if (name === 'version') return expect(examplesOf(name)).toEqual([]);
    const examples = examplesOf(name);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) {
      const words = line.split(' > ')[0]!.split(' ');
      expect(words[0]).toBe(name);
      const known = command.options.flatMap((o) => [o.short, o.long]);
      for (const word of words.filter((w) => w.startsWith('-') && w !== '-')) expect(known, line).toContain(word);
    }
  });

  test.each(program.commands.map((c) => c.name()))('%s fits into 80 columns and says its exit codes', async (name) => {
    const { out } = await meshgwIn('.', [name, '--help']);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    if (name !== 'version') expect(out).toMatch(/\nExamples:\n[\s\S]*\nExit codes:\n {2}0 {2}fine\n/);
    const own = out.indexOf('\nOptions:');
    if (out.includes('Configuration to read:')) expect(own).toBeLessThan(out.indexOf('Configuration to read:'));
  });
});
