// What each command costs at 10,000 hosts of ten routes (20 MB, 20,000 objects): docs/scale.md has what this printed.
// Run: npm run build && npm run bench -- scale; OBJECTS=1000 for another size, ONLY=serve for one command.

import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { until } from '../until.js';
import { costOf, parseOf } from './cost.js';
import { SHAPES } from './shapes.js';

const OBJECTS = Number(process.env.OBJECTS ?? 10_000);
const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files = new Map<string, string>();
/** The file of a shape. */
function fileOf(shape: string): string {
  const known = files.get(shape);
  if (known) return known;
  const file = join(folder, `${shape.replaceAll(' ', '-')}.yaml`);
  writeFileSync(file, SHAPES[shape]!(OBJECTS));
  files.set(shape, file);
  return file;
}

/** A copy with another path in one rule. */
function changed(file: string): string {
  const copy = file.replace('.yaml', '-changed.yaml');
  writeFileSync(copy, readFileSync(file, 'utf8').replace('/api/v3/resource-77', '/api/v3/resource-x77'));
  return copy;
}

const URL_OF_ONE = 'http://app-77.example.com/api/v1/resource-77/x';
const LINTED = ['prefix', 'regex', 'nginx with captures', 'HTTPRoute with headers'];

/** Command → its arguments and exit code. */
const COMMANDS: Readonly<Record<string, () => readonly [args: readonly string[], exit: number]>> = {
  ...Object.fromEntries(LINTED.map((s) => [`lint, ${s}`, () => [['lint', fileOf(s)], 0] as const])),
  ...Object.fromEntries(
    LINTED.map((s) => [`simulate, ${s}`, () => [['simulate', '-f', fileOf(s), URL_OF_ONE], 0] as const]),
  ),
  'routes, prefix': () => [['routes', '-f', fileOf('prefix')], 0],
  'ways-in, prefix': () => [['ways-in', '-f', fileOf('prefix')], 0],
  'generate-tests, prefix': () => [['generate-tests', '-f', fileOf('prefix')], 0],
  'diff, prefix, one rule changed': () => [['diff', fileOf('prefix'), changed(fileOf('prefix'))], 1],
  'convert istio-to-gateway-api, prefix': () => [
    ['convert', 'istio-to-gateway-api', '-f', fileOf('prefix'), '--out', join(folder, 'out')],
    0,
  ],
};

const row = (what: string, cpu: number, megabytes: number, more = '') =>
  process.stderr.write(
    `${what.padEnd(40)} ${cpu.toFixed(1).padStart(6)} s ${Math.round(megabytes).toString().padStart(6)} MB${more}\n`,
  );

const wanted = (name: string) => !process.env.ONLY || name.startsWith(process.env.ONLY);

test.runIf(wanted('js-yaml'))('js-yaml', () => {
  const file = fileOf('prefix');
  const { cpu, megabytes } = costOf(parseOf(file));
  row('js-yaml, prefix', cpu, megabytes, `  (${(statSync(file).size / 1e6).toFixed(1)} MB of text)`);
  expect(cpu).toBeGreaterThan(0);
});

for (const [name, command] of Object.entries(COMMANDS))
  test.runIf(wanted(name))(name, () => {
    const [args, exit] = command();
    const { cpu, megabytes } = costOf(['bin/meshgw.js', ...args], exit);
    row(name, cpu, megabytes);
    expect(cpu).toBeGreaterThan(0);
  });

/** CPU of a running process so far, in seconds, and the most memory that it held. Linux. */
function spent({ pid }: ChildProcess): { readonly cpu: number; readonly megabytes: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: peak / 1024 };
}

test.runIf(wanted('serve'))('serve, prefix', async () => {
  const file = fileOf('prefix');
  const args = ['serve', '-f', file, '--watch', '--listen', '80=0', '-o', 'json', '--access-log', 'off'];
  const child = spawn(process.execPath, ['bin/meshgw.js', ...args]);
  try {
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    expect((await until(() => out.endsWith('\n') || child.exitCode !== null, 600_000)) && child.exitCode, err).toBe(
      null,
    );
    const started = spent(child);
    row('serve, prefix: until it listens', started.cpu, started.megabytes);
    appendFileSync(file, `---\n${SHAPES.prefix!(1).split('---\n')[1]!.replaceAll('-0', '-new')}`);
    expect(await until(() => err.includes('reloaded'), 600_000), err).toBe(true);
    const reloaded = spent(child);
    row('serve, prefix: a file changed', reloaded.cpu - started.cpu, reloaded.megabytes);
  } finally {
    child.kill('SIGKILL');
  }
});
