// What CI systems run, tried as far as it runs without them: the script of action.yml with a stand-in for the tool, and
// the shape of the hooks of pre-commit.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id: string;
      readonly env: Readonly<Record<string, string>>;
      readonly run: string;
    }[];
  };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const step = action.runs.steps.find((s) => s.id === 'lint')!;

/** Runs the step with these inputs; the stand-in writes its arguments and ends with `code`. */
function run(inputs: Readonly<Record<string, string>>, code: number) {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-action-'));
  mkdirSync(join(folder, 'bin'));
  const bin = join(folder, 'bin', 'meshgw.js');
  writeFileSync(bin, `console.log(JSON.stringify(process.argv.slice(2)));process.exitCode=${code};`);
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', GITHUB_OUTPUT: output };
  for (const [name, template] of Object.entries(step.env)) {
    if (template.includes('github.action_path')) {
      env[name] = folder;
      continue;
    }
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
  for (const { entry, language } of hooks) expect([entry, language]).toEqual(['meshgw lint', 'node']);
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toContain('meshgw');
});

test('nothing that runs in a CI of users takes the package by its name from a registry', () => {
  const texts = ['action.yml', '.pre-commit-hooks.yaml', 'README.md', 'docs/ci.md', 'docs/serve.md', 'docs/convert.md'];
  for (const file of texts) {
    const byName =
      /\b(?:npx|pnpx|bunx|npm (?:exec|i|install|x)|yarn (?:add|dlx)|pnpm (?:add|dlx))\b[^\n]*\bmeshgw\b(?![-\w.*]*\.tgz)/;
    expect(readFileSync(file, 'utf8'), file).not.toMatch(byName);
  }
  for (const file of texts.slice(0, 2)) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bnpx\b/);
});
