// What serve costs before it takes requests, and after one file changed.

import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { until } from '../until.js';
import { SHAPES } from './shapes.js';

const TICKS = 100;
const LIMIT_MS = 300_000;

/** CPU of a running process so far, in seconds, and the most memory that it held. Linux. */
function spent({ pid }: ChildProcess): { readonly cpu: number; readonly megabytes: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, megabytes: Math.round(peak / 1024) };
}

/** Of serve on a file of the shape `prefix`, to which one object is added. */
export async function costOfServe(
  file: string,
): Promise<
  readonly { readonly command: string; readonly cpu: number; readonly wall: number; readonly megabytes: number }[]
> {
  const args = ['serve', '-f', file, '--watch', '--listen', '80=0', '-o', 'json', '--access-log', 'off'];
  const begun = performance.now();
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
    const listens = await until(() => out.endsWith('\n') || child.exitCode !== null, LIMIT_MS);
    expect(listens && child.exitCode, err).toBe(null);
    const wall = (performance.now() - begun) / 1000;
    const started = spent(child);
    const change = performance.now();
    appendFileSync(file, `---\n${SHAPES.prefix!(1).split('---\n')[1]!.replaceAll('-0', '-new')}`);
    expect(await until(() => err.includes('reloaded'), LIMIT_MS), err).toBe(true);
    const reloaded = spent(child);
    return [
      { command: 'serve, until it listens', ...started, wall },
      {
        command: 'serve --watch, after one file changed',
        cpu: reloaded.cpu - started.cpu,
        wall: (performance.now() - change) / 1000,
        megabytes: reloaded.megabytes,
      },
    ];
  } finally {
    child.kill('SIGKILL');
  }
}
