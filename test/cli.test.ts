// The command line as a user meets it: fixtures/cli/<case>/commands.txt, one command a line → expected.txt with output and exit code.
// Most run in process; what only a real process shows is spawned.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../src/cli/io.js';
import { run } from '../src/cli/run.js';
import { ensureBuilt } from './build.js';

const ROOT = 'fixtures/cli';

/** Words of a command line: spaces separate, single quotes keep together. */
const words = (line: string): string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]!);

async function capture(
  argv: readonly string[],
  stdin: string,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    cwd: process.cwd(),
    env,
    stdout: { write: (t) => void (out += t), isTTY: false, columns: 80 },
    stderr: { write: (t) => void (err += t), isTTY: false, columns: 80 },
    stdin: async () => Buffer.from(stdin),
    now: () => Date.parse('2026-11-22T00:00:00Z'),
  };
  const code = await run(argv, io);
  return { code, out, err };
}

describe.each(readdirSync(ROOT))('%s', (name) => {
  const folder = join(ROOT, name);
  test('prints what is expected', async () => {
    const stdin = existsSync(join(folder, 'stdin.txt')) ? readFileSync(join(folder, 'stdin.txt'), 'utf8') : '';
    const lines = readFileSync(join(folder, 'commands.txt'), 'utf8').split('\n').filter(Boolean);
    const parts: string[] = [];
    for (const line of lines) {
      const { code, out, err } = await capture(words(line), stdin);
      const plain = (text: string) => text.replaceAll(process.cwd(), '<here>');
      parts.push(`$ meshgw ${line}\n${plain(out)}${err ? `--- stderr\n${plain(err)}` : ''}--- exit ${code}\n`);
    }
    await expect(parts.join('\n')).toMatchFileSnapshot(join('..', folder, 'expected.txt'));
  });
});

describe('streams and formats', () => {
  test('-o json is one JSON document on stdout and nothing else', async () => {
    const { out, err } = await capture(
      words('simulate -f fixtures/article/gateway.yaml http://httpbin.example.com/status -o json'),
      '',
    );
    expect(JSON.parse(out)).toMatchObject([
      { status: 200, destination: { host: 'httpbin.default.svc.cluster.local', port: 8000 } },
    ]);
    expect(err).toBe('');
  });
  test('what stands in files brings no control character and no line of its own into any text', () => {
    const text = readFileSync(join(ROOT, 'files-do-not-command-the-terminal', 'expected.txt'), 'utf8');
    expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u);
    const annotations = text.split('\n').filter((line) => line.startsWith('::'));
    expect(annotations.filter((line) => !/^::(?:error|warning|notice) (?:file|title)=/.test(line))).toEqual([]);
  });
  test('no terminal: no colour; --color and FORCE_COLOR bring it, NO_COLOR and --no-color take it', async () => {
    const command = 'simulate -f fixtures/article/gateway.yaml http://httpbin.example.com/status';
    const colour = '\x1b[';
    expect((await capture(words(command), '')).out).not.toContain(colour);
    expect((await capture(words(`${command} --color`), '')).out).toContain(colour);
    expect((await capture(words(command), '', { FORCE_COLOR: '1' })).out).toContain(colour);
    expect((await capture(words(command), '', { FORCE_COLOR: '1', NO_COLOR: '1' })).out).not.toContain(colour);
    expect((await capture(words(`${command} --no-color`), '', { FORCE_COLOR: '1' })).out).not.toContain(colour);
  });
  test('every command has help that names its flags', async () => {
    for (const command of ['lint', 'simulate', 'convert', 'diff', 'routes', 'generate-tests', 'serve', 'ways-in']) {
      const { code, out } = await capture([command, '--help'], '');
      expect([command, code]).toEqual([command, 0]);
      expect(out).toContain('--filename');
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });
});

describe('a real process', () => {
  beforeAll(ensureBuilt);
  const spawn = (args: string[], input?: string) =>
    spawnSync(process.execPath, ['bin/meshgw.js', ...args], {
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
    });

  test('exit codes reach the shell', () => {
    expect(spawn(['--version']).status).toBe(0);
    expect(spawn(['diff', 'fixtures/article/ingress.yaml', 'fixtures/article/gateway.yaml']).status).toBe(1);
    expect(spawn(['nosuch']).status).toBe(2);
  });
  test('standard input is read to its end', () => {
    const { stdout, status } = spawn(
      ['simulate', '-f', '-', 'http://httpbin.example.com/status', '-o', 'json'],
      readFileSync('fixtures/article/gateway.yaml', 'utf8'),
    );
    expect([status, JSON.parse(stdout)[0].status]).toEqual([0, 200]);
  });
  test('a full disk is said, with exit code 2', { skip: !existsSync('/dev/full') }, () => {
    const { status, stderr } = spawnSync('sh', ['-c', 'node bin/meshgw.js lint --list-rules > /dev/full'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, 'error: cannot write the output: the disk is full\n']);
  });
  test('a folder that cannot be made is said, and does not hang', { skip: !existsSync('/proc/self') }, () => {
    const { status, stderr } = spawn([
      ...words('convert ingress-to-istio -f fixtures/article/ingress.yaml --out /proc/meshgw/out'),
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('error: cannot write /proc/meshgw/out/');
  });
  test('a folder that cannot be read is no clean one', ({ skip }) => {
    const asNobody = (...args: string[]) =>
      spawnSync(process.execPath, ['bin/meshgw.js', ...args], { encoding: 'utf8', uid: 65534, gid: 65534 });
    // Only root can be somebody else, and a checkout may be closed to others.
    if (process.getuid?.() !== 0 || asNobody('version').status !== 0) return skip('nobody cannot run the program here');
    const root = mkdtempSync(join(tmpdir(), 'meshgw-cli-'));
    try {
      chmodSync(root, 0o755);
      mkdirSync(join(root, 'closed'), { mode: 0o000 });
      copyFileSync('fixtures/article/gateway.yaml', join(root, 'open.yaml'));
      copyFileSync('fixtures/article/gateway.yaml', join(root, 'closed.yaml'));
      chmodSync(join(root, 'closed.yaml'), 0o000);
      for (const input of ['closed', 'closed/*.yaml', 'closed.yaml']) {
        const { status, stderr } = asNobody('lint', join(root, input));
        expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: cannot read .*: permission denied$/m)]);
      }
      const { status, stdout } = asNobody('lint', root);
      expect(status).toBe(1);
      expect(stdout.match(/permission denied; make it readable, or leave it out/g)).toHaveLength(2);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
  test('a reader that goes away ends it quietly', () => {
    const out = execFileSync('sh', ['-c', 'node bin/meshgw.js lint --list-rules 2>&1 | head -1'], { encoding: 'utf8' });
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(out).not.toContain('EPIPE');
  });
});
