// lint from day to day: settings by folder, only what was changed, again on each change, the summary of a job, lists for programs.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Io } from '../src/cli/io.js';
import { run } from '../src/cli/run.js';
import { folderOf, meshgwIn } from './run-cli.js';

/** A finding MGW0202, by the way of writing its timeout. */
const routes = (name: string, timeout = '5x'): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}}\nspec:\n  hosts: [${name}.example.com]\n  http: [{route: [{destination: {host: shop}}], timeout: ${timeout}}]\n`;

const folders: string[] = [];
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
}
async function findings(cwd: string, ...args: string[]): Promise<string[]> {
  const { out } = await meshgwIn(cwd, ['lint', ...args, '-o', 'json', '--rule', 'MGW0110=off']);
  const { diagnostics } = JSON.parse(out) as { diagnostics: Found[] };
  return diagnostics.map(({ code, severity, file }) => `${file} ${code} ${severity}`);
}

describe('settings by folder', () => {
  const files = { 'a.yaml': routes('a'), 'old/b.yaml': routes('b'), 'old/deep/c.yaml': routes('c') };
  const configured = (overrides: string) => ({ ...files, 'meshgw.config.yaml': `lint:\n  overrides:\n${overrides}` });

  test('a level for a folder, off for a file; the last one decides, and flags win', async () => {
    const config =
      '  - files: [old/]\n    rules: {MGW0202: warning}\n  - files: ["c.yaml"]\n    rules: {MGW0202: off}\n';
    const cwd = folderWith(configured(config));
    expect(await findings(cwd, '.')).toEqual(['a.yaml MGW0202 error', 'old/b.yaml MGW0202 warning']);
    expect(await findings(join(cwd, 'old'), 'deep/c.yaml', 'b.yaml')).toEqual(['b.yaml MGW0202 warning']);
    expect(await findings(cwd, '.', '--rule', 'MGW0202=info')).toEqual([
      'a.yaml MGW0202 info',
      'old/b.yaml MGW0202 info',
      'old/deep/c.yaml MGW0202 info',
    ]);
    const schema = JSON.parse(readFileSync('schemas/meshgw.config.schema.json', 'utf8')) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(parse(readFileSync(join(cwd, 'meshgw.config.yaml'), 'utf8')))).toBe(true);
    expect(validate({ lint: { overrides: [{ rules: {} }] } })).toBe(false);
  });

  test('a rule that is off elsewhere', async () => {
    const config = '  - files: [old/]\n    rules: {MGW0202: error}\n  rules: {MGW0202: off}\n';
    expect(await findings(folderWith(configured(config)), '.')).toEqual([
      'old/b.yaml MGW0202 error',
      'old/deep/c.yaml MGW0202 error',
    ]);
  });

  test('what cannot be is refused with its place', async () => {
    const { code, err } = await meshgwIn(folderWith(configured('  - rules: {MGW0202: off}\n')), ['lint', '.']);
    expect([code, err]).toEqual([2, expect.stringContaining('meshgw.config.yaml:3:5: an entry of `lint.overrides`')]);
  });
});

test('a comment for a whole file', async () => {
  const cwd = folderWith({
    'a.yaml': `# meshgw-ignore-file MGW0202 they come from a generator\n${routes('a')}---\n${routes('b')}`,
    'c.yaml': `${routes('c', '5s')}# meshgw-ignore-file MGW0202\n`,
  });
  expect(await findings(cwd, '.')).toEqual(['c.yaml MGW0901 info']);
});

describe('--changed', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' });

  test('files that differ from HEAD or from where a branch began, and new ones', async () => {
    const cwd = folderWith({ 'a.yaml': routes('a'), 'in/b.yaml': routes('b'), 'in/c.yaml': routes('c') });
    git(cwd, 'init', '-q', '-b', 'main');
    git(cwd, 'add', '.');
    git(cwd, 'commit', '-q', '-m', 'first');
    git(cwd, 'checkout', '-q', '-b', 'work');
    writeFileSync(join(cwd, 'in/b.yaml'), routes('b', '6x'));
    git(cwd, 'commit', '-q', '-a', '-m', 'second');
    writeFileSync(join(cwd, 'in/new.yaml'), routes('new'));
    expect(await findings(cwd, '.', '--changed')).toEqual(['in/new.yaml MGW0202 error']);
    const both = ['in/b.yaml MGW0202 error', 'in/new.yaml MGW0202 error'];
    expect(await findings(cwd, '.', '--changed', 'main')).toEqual(both);
    expect(await findings(join(cwd, 'in'), '--changed=main', '.')).toEqual(both.map((line) => line.slice(3)));
    // A path behind the flag is an input.
    expect(await findings(cwd, '--changed', 'in')).toEqual(['in/new.yaml MGW0202 error']);
    const { err } = await meshgwIn(cwd, ['lint', '.', '--changed', 'main']);
    expect(err).toContain('findings in files that did not change since main not shown');
  });

  test('without git, and with a revision that is none', async () => {
    const cwd = folderWith({ 'a.yaml': routes('a') });
    expect((await meshgwIn(cwd, ['lint', '.', '--changed'])).code).toBe(2);
    expect((await meshgwIn(cwd, ['lint', '.', '--changed', 'nosuch'])).err).toContain('git has no such revision');
  });
});

test('--watch lints again when the content of a file changes, and ends with the signal', {
  timeout: 60_000,
}, async () => {
  const cwd = folderWith({ 'a.yaml': routes('a') });
  const out: string[] = [];
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const io: Io = {
    cwd,
    env: {},
    stdout: { write: (t) => void out.push(t), isTTY: false, columns: 80 },
    stderr: { write: () => undefined, isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    stopSignal: () => stopped,
    now: () => Date.now(),
  };
  const ended = run(['lint', '.', '--watch'], io);
  const times = async (count: number) => {
    while (out.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await times(1);
  writeFileSync(join(cwd, 'a.yaml'), routes('a', '5s'));
  await times(2);
  expect([out[0], out[1]]).toEqual([expect.stringContaining('"5x"'), expect.stringContaining('0 errors')]);
  stop();
  expect(await ended).toBe(0);
});

test('-o github also writes the summary of the job', async () => {
  const cwd = folderWith({ 'a.yaml': routes('a'), 'summary.md': 'before\n' });
  const summary = join(cwd, 'summary.md');
  const { out } = await meshgwIn(cwd, ['lint', 'a.yaml', '-o', 'github'], { GITHUB_STEP_SUMMARY: summary });
  expect(out).toContain('::error file=a.yaml,line=6');
  expect(readFileSync(summary, 'utf8')).toMatch(/^before\n\*\*meshgw lint\*\*: 1 error[\s\S]*\| error \| MGW0202 \|/);
});

test('-f a,b names two; a name or a glob with a comma is one', async () => {
  const cwd = folderWith({ 'a.yaml': routes('a'), 'b.yaml': routes('b'), 'c,d.yaml': routes('c') });
  const [a, b] = ['a.yaml MGW0202 error', 'b.yaml MGW0202 error'];
  expect(await findings(cwd, '-f', 'a.yaml,b.yaml')).toEqual([a, b]);
  expect(await findings(cwd, '-f', 'c,d.yaml')).toEqual(['c,d.yaml MGW0202 error']);
  expect(await findings(cwd, '-f', '{a,b}.yaml')).toEqual([a, b]);
});

test('--list-rules -o json', async () => {
  const { out } = await meshgwIn('.', ['lint', '--list-rules', '-o', 'json']);
  const { version, rules } = JSON.parse(out) as { version: number; rules: { code: string; severity: string }[] };
  expect([version, rules.find((r) => r.code === 'MGW0202')?.severity]).toEqual([1, 'error']);
});
