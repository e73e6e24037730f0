// What CI systems run, tried as far as it runs without them: the script of action.yml with a stand-in for the tool, and
// the shape of the hooks of pre-commit.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[];
  };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const step = action.runs.steps[0]!;

/** Runs the step with these inputs; the stand-in writes its arguments and ends with `code`. */
function run(inputs: Readonly<Record<string, string>>, code: number) {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-action-'));
  const bin = join(folder, 'tool.cjs');
  writeFileSync(bin, `console.log(JSON.stringify(process.argv.slice(2)));process.exitCode=${code};`);
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', MESHGW_BIN: bin, GITHUB_OUTPUT: output };
  for (const [name, template] of Object.entries(step.env)) {
    const input = /inputs\.([\w-]+)/.exec(template)?.[1];
    expect(input, template).toBeDefined();
    env[name] = inputs[input!] ?? action.inputs[input!]!.default;
  }
  let stdout = '';
  let status = 0;
  try {
    stdout = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      env,
      encoding: 'utf8',
      cwd: folder,
    });
  } catch (error) {
    ({ stdout, status } = error as { stdout: string; status: number });
  }
  return { args: JSON.parse(stdout.trim()) as string[], status, output: readFileSync(output, 'utf8'), folder };
}

test('the action with its defaults', () => {
  expect(run({}, 0)).toMatchObject({
    args: ['lint', '.', '-o', 'github', '--fail-on', 'error'],
    status: 0,
    output: 'exit-code=0\n',
  });
});

test('the action fails as the tool does, and takes several paths as they are', () => {
  const { args, status, output } = run({ paths: 'a/*.yaml\nb $(touch evil)', preset: 'strict' }, 1);
  expect(args).toEqual([
    'lint',
    'a/*.yaml',
    'b',
    '$(touch',
    'evil)',
    '-o',
    'github',
    '--fail-on',
    'error',
    '--preset',
    'strict',
  ]);
  expect([status, output]).toEqual([1, 'exit-code=1\n']);
});

test('the action writes its output to a file too', () => {
  const { args, status, folder } = run({ output: 'sarif', 'output-file': 'out.sarif' }, 2);
  expect(status).toBe(2);
  expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8'))).toEqual(args);
});

test('the hooks of pre-commit name commands that exist', () => {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as {
    id: string;
    entry: string;
    language: string;
    files: string;
  }[];
  expect(hooks.map((h) => h.id)).toEqual(['meshgw-lint', 'meshgw-lint-files']);
  for (const { entry, language } of hooks) expect([entry, language]).toEqual(['npx --yes meshgw lint', 'system']);
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toContain('meshgw');
});
