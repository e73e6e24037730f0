// Faults that an attack on meshgw found, each with its input in fixtures/security/<name>: what may not happen any more. Those of `serve`
// are in serve-survive.test.ts; the kinds they stand for have tests of their own (stranger-files, safe-text, javascript-names, work-bounds).
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../src/cli/run.js';

const FIXTURES = resolve('fixtures/security');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-security-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command in the temporary folder, after the case's files were copied there. */
async function meshgw(...argv: string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await run(argv, {
    cwd: folder,
    env: {},
    stdout: { write: (t) => void (out += t), isTTY: false, columns: 80 },
    stderr: { write: (t) => void (err += t), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    now: () => Date.parse('2026-11-30T00:00:00Z'),
  });
  return { code, out, err };
}

const copy = (name: string): void => cpSync(join(FIXTURES, name), folder, { recursive: true });

/** It answered, found something, or said why it could not run; it did not break. */
function expectSound({ code, out, err }: Ran): void {
  expect(`${out}\n${err}`).not.toContain('internal error in meshgw');
  expect([0, 1, 2]).toContain(code);
}

/** Everything below a folder, links by themselves. */
const listed = (at: string): string[] => (readdirSync(at, { recursive: true }) as string[]).sort();

describe('files stay where they belong', () => {
  test('out-traversal: names of files are not paths', async () => {
    copy('out-traversal');
    mkdirSync(join(folder, 'prod'));
    const manifest = join(folder, 'prod/virtualservice-shop-a-example-com.yaml');
    writeFileSync(manifest, 'the production manifest\n');
    const before = listed(folder);
    expectSound(await meshgw('convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', 'out', '--allow-loss'));
    expect(readFileSync(manifest, 'utf8')).toBe('the production manifest\n');
    const added = listed(folder).filter((name) => !before.includes(name));
    expect(added.filter((name) => name !== 'out' && !name.startsWith('out/'))).toEqual([]);
  });

  test('symlink-out: no file is written through a link', async () => {
    copy('symlink-out');
    writeFileSync(join(folder, 'precious.txt'), 'precious\n');
    mkdirSync(join(folder, 'out'));
    symlinkSync('../precious.txt', join(folder, 'out/virtualservice-default-a-example-com.yaml'));
    expectSound(await meshgw('convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', 'out', '--allow-loss'));
    expect(readFileSync(join(folder, 'precious.txt'), 'utf8')).toBe('precious\n');
  });

  test('symlink-fix: --fix leaves files outside of the named folder alone', async () => {
    copy('symlink-fix');
    const before = readFileSync(join(folder, 'outside.yaml'), 'utf8');
    mkdirSync(join(folder, 'conf'));
    symlinkSync('../outside.yaml', join(folder, 'conf/x.yaml'));
    expectSound(await meshgw('lint', 'conf', '--fix'));
    expect(readFileSync(join(folder, 'outside.yaml'), 'utf8')).toBe(before);
  });

  test('symlink-dev-zero: a device is not read', async () => {
    if (!existsSync('/dev/zero')) throw new Error('this test needs /dev/zero');
    mkdirSync(join(folder, 'conf'));
    symlinkSync('/dev/zero', join(folder, 'conf/a.yaml'));
    expectSound(await meshgw('lint', 'conf'));
  });
});

describe('no text commands CI', () => {
  const COMMAND = /^\s*::|##\[|##vso\[/m;

  test('ci-commands: over the commands that print what files hold', async () => {
    copy('ci-commands');
    const all = [
      ['lint', 'input.yaml', 'fixctx.yaml', 'conv.yaml'],
      ['lint', 'input.yaml', '-o', 'junit'],
      ['lint', 'fixctx.yaml', '--fix', '--dry-run'],
      ['routes', '-f', 'conv.yaml'],
      ['routes', '-f', 'conv.yaml', '-o', 'markdown'],
      ['simulate', '-f', 'conv.yaml', '--trace', 'http://a.example.com/x'],
      ['simulate', '-f', 'conv.yaml', '--requests', 'r.json'],
      ['convert', 'istio-to-gateway-api', '-f', 'conv.yaml', '--diff'],
      ['convert', 'istio-to-ingress', '-f', 'conv.yaml', '--plan'],
      ['diff', 'conv.yaml', 'input.yaml', '--text'],
      ['ways-in', '-f', 'conv.yaml', '--advise'],
      ['generate-tests', '-f', 'conv.yaml', '-o', 'yaml'],
    ];
    for (const argv of all) {
      const ran = await meshgw(...argv);
      expectSound(ran);
      expect(`${ran.out}\n${ran.err}`, argv.join(' ')).not.toMatch(COMMAND);
    }
  });

  test('config-ci-command: a value of the configuration stays on its line', async () => {
    copy('config-ci-command');
    const ran = await meshgw('lint', 'meshgw.config.yaml', '-o', 'github');
    expect(ran.code).toBe(2);
    expect(`${ran.out}\n${ran.err}`).not.toMatch(COMMAND);
  });
});

describe('no input breaks it', () => {
  const EVERY = [
    ['lint'],
    ['routes', '-f'],
    ['generate-tests', '-f'],
    ['ways-in', '-f'],
    ['ways-in', '--advise', '-f'],
    ['convert', 'istio-to-envoy', '-f'],
    ['convert', 'istio-to-gateway-api', '--verify', '-f'],
    ['convert', 'ingress-to-istio', '--verify', '-f'],
  ];
  const FILES = ['header-constructor', 'long-kind', 'port-nan-ways-in', 'proto-group', 'secret-not-text'] as const;

  test.each(FILES)('%s: every command', async (name) => {
    copy(name);
    for (const argv of EVERY) expectSound(await meshgw(...argv, 'input.yaml'));
    expectSound(await meshgw('simulate', '-f', 'input.yaml', 'http://a.example.com/'));
    expectSound(await meshgw('diff', 'input.yaml', 'input.yaml'));
  });

  test('har-constructor: a request file', async () => {
    copy('har-constructor');
    const ran = await meshgw('simulate', '-f', 'config.yaml', '--requests', 'input.har');
    expectSound(ran);
    expect(ran.code).toBe(0);
  });
});

test.each(['input-20.yaml', 'input-50.yaml'])(
  'regex-lint-cpu: lint of %s takes at most 10 s of CPU',
  async (file) => {
    copy('regex-lint-cpu');
    const before = process.cpuUsage();
    expectSound(await meshgw('lint', file));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
  },
  120_000,
);
