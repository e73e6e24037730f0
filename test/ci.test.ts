// What CI systems run, tried as far as it runs without them: the script of action.yml with a stand-in for the tool, and
// the shape of the hooks of pre-commit.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ensureBuilt } from './build.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id: string;
      readonly uses?: string;
      readonly env: Readonly<Record<string, string>>;
      readonly run: string;
    }[];
  };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const step = action.runs.steps.find((s) => s.id === 'lint')!;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Runs the step with these inputs; the stand-in writes its arguments and ends with `code`. */
function run(inputs: Readonly<Record<string, string>>, code: number) {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-action-'));
  folders.push(folder);
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

/** What the step asked of GitHub: the stand-in for `gh` answers with `known`, the id of a comment, and keeps what it is given. */
function compare(change: (folder: string) => void, known: string, pullRequest = '7') {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-action-'));
  const repository = join(folder, 'repository');
  mkdirSync(join(repository, 'deploy'), { recursive: true });
  writeFileSync(join(repository, 'deploy/gateway.yaml'), readFileSync('fixtures/article/gateway.yaml'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: repository,
    }).toString();
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'base');
  const base = git('rev-parse', 'HEAD').trim();
  change(join(repository, 'deploy/gateway.yaml'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/gh'),
    `#!/bin/sh\necho "$@" >> ${folder}/asked\nfor a in "$@"; do case "$a" in body=@*) cat "\${a#body=@}" > ${folder}/body ;; --jq) echo '${known}' ;; esac; done\n`,
    { mode: 0o755 },
  );
  for (const name of ['asked', 'body', 'summary']) writeFileSync(join(folder, name), '');
  const { run: script } = action.runs.steps.find((s) => s.id === 'diff')!;
  execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: repository,
    env: {
      ...{ PATH: `${join(folder, 'bin')}:${process.env.PATH}`, GITHUB_STEP_SUMMARY: join(folder, 'summary') },
      ...{ MESHGW_BASE: base, MESHGW_DIFF_PATH: 'deploy', MESHGW_ACTION: process.cwd() },
      ...{ MESHGW_PULL_REQUEST: pullRequest, GH_REPO: 'shop/config', GH_TOKEN: 'x' },
    },
  });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const found = { asked: read('asked').trim().split('\n'), body: read('body'), summary: read('summary') };
  rmSync(folder, { recursive: true });
  return found;
}
const otherPath = (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('/status', '/state'));

describe('the comparison of a pull request', () => {
  beforeAll(ensureBuilt, 240_000);
  const comments = 'repos/shop/config/issues/7/comments';

  test('a difference is a new comment, with a witness and tests that hold', { timeout: 60_000 }, async () => {
    const { asked, body, summary } = compare(otherPath, '');
    expect(asked[1]).toMatch(new RegExp(`^api --method POST ${comments} --silent -F body=@`));
    expect(body).toMatch(/^<!-- meshgw diff -->\n### ❌ meshgw diff/);
    expect(body).toContain('GET http://httpbin.example.com/state');
    expect(summary).toBe(body);
    const tests = JSON.parse(/^````json\n([\s\S]*?)\n````$/m.exec(body)![1]!) as {
      request: { path: string };
      response: { status: number };
    }[];
    expect(tests.map((t) => [t.request.path, t.response.status]).sort()).toEqual([
      ['/state', 200],
      ['/status', 404],
    ]);
  });
  test('the comment that is there is changed, also when nothing differs any more', { timeout: 60_000 }, () => {
    expect(compare(otherPath, '42').asked[1]).toMatch(/^api --method PATCH repos\/shop\/config\/issues\/comments\/42 /);
    expect(compare(() => undefined, '42').body).toContain('Equivalent: no request is answered differently');
  });
  test('nothing differs: no comment; no pull request: the summary only', { timeout: 60_000 }, () => {
    const same = compare(() => undefined, '');
    expect([same.asked.length, same.body]).toEqual([1, '']);
    const push = compare(otherPath, '', '');
    expect([push.asked, push.body]).toEqual([[''], '']);
    expect(push.summary).toContain('### ❌ meshgw diff');
  });
  test('the action brings its own Node', () => {
    expect(action.runs.steps[0]!.uses).toMatch(/^actions\/setup-node@v\d+$/);
  });
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
