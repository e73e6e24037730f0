// Runs one command in a child process and says what it used, counted by the system.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shape } from './shapes.js';

export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Null: ended from outside. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** CPU time after which a run is ended (by the shell's limit, so that a busy machine changes nothing). */
const MOST_CPU_SECONDS = 20;

/** Each command with its arguments, in a folder that holds `a.yaml` and `b.yaml`. */
export function commandsFor({ convert, url }: Shape): readonly (readonly string[])[] {
  return [
    ['lint', 'a.yaml'],
    ['routes', 'a.yaml'],
    ['generate-tests', 'a.yaml'],
    ['diff', 'a.yaml', 'b.yaml'],
    ['ways-in', 'a.yaml'],
    ['simulate', '-f', 'a.yaml', url],
    ...convert.map((route) => ['convert', route, '--verify', '-f', 'a.yaml']),
  ];
}

export async function inFolder<T>({ yaml, changed }: Shape, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-bounds-'));
  try {
    writeFileSync(join(folder, 'a.yaml'), yaml());
    writeFileSync(join(folder, 'b.yaml'), changed());
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `root`: of the repository. */
export function measure(root: string, folder: string, args: readonly string[]): Promise<Usage> {
  const usage = join(folder, 'usage.json');
  rmSync(usage, { force: true });
  return new Promise((resolve, reject) => {
    const command = [
      process.execPath,
      '--import',
      join(root, 'test/bounds/report-usage.mjs'),
      join(root, 'bin/meshgw.js'),
    ];
    const child = spawn('sh', ['-c', `ulimit -t ${MOST_CPU_SECONDS}; exec "$@"`, 'sh', ...command, ...args], {
      cwd: folder,
      env: { ...process.env, MESHGW_USAGE: usage },
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] = (texts[name] + text).slice(0, 200_000);
      });
    child.on('error', reject);
    child.on('close', (status) => {
      const used =
        status === null
          ? { cpuMs: MOST_CPU_SECONDS * 1000, rssMb: Number.NaN }
          : (JSON.parse(readFileSync(usage, 'utf8')) as { cpuMs: number; rssMb: number });
      resolve({ ...used, status, ...texts });
    });
  });
}
