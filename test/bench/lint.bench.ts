// How long `meshgw lint` takes on 5,000 VirtualServices of 10 rules and as many Services (10 MB, 10,000 documents), from a
// cold start, against js-yaml's parse of the same file in the same minute. Goal: at most 3.2 times.
// Run: npm run build && npm run bench -- lint
// Wall time and CPU time are both given: on a busy machine only the second means something.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateFolder } from './generate-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
const file = generateFolder(folder);
const parse = `
import { loadAll } from 'js-yaml';
import { readFileSync } from 'node:fs';
const text = readFileSync(${JSON.stringify(file)}, 'utf8');
const cpu = process.cpuUsage();
const start = performance.now();
loadAll(text);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ wall: performance.now() - start, cpu: (user + system) / 1000 }));
`;

interface Times {
  readonly wall: number;
  readonly cpu: number;
}

const jsYaml = (): Times =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', parse], { encoding: 'utf8' })) as Times;

function lint(): Times & { readonly megabytes: number } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '%U %S %M', process.execPath, 'bin/meshgw.js', 'lint', folder],
    { encoding: 'utf8' },
  );
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`lint ended with ${status}: ${stdout}${stderr}`);
  const [user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { wall, cpu: (user! + system!) * 1000, megabytes: kilobytes! / 1024 };
}

test('lint from a cold start', () => {
  const rounds = Array.from({ length: 3 }, () => ({ parse: jsYaml(), lint: lint() }));
  const best = (of: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(of));
  const ms = (n: number): string => `${Math.round(n)} ms`;
  const lines = (['wall', 'cpu'] as const).map((kind) => {
    const [a, b] = [best((r) => r.parse[kind]), best((r) => r.lint[kind])];
    return `${kind}: js-yaml ${ms(a)}, lint ${ms(b)}, ${(b / a).toFixed(2)} times`;
  });
  const memory = best((r) => r.lint.megabytes);
  console.log(
    [`${(statSync(file).size / 1e6).toFixed(1)} MB`, ...lines, `memory: ${Math.round(memory)} MB`].join('\n'),
  );
  expect(memory).toBeLessThan(700);
}, 300_000);
