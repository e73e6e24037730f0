// --workers N: processes that share the ports (node:cluster). The first process serves nothing: it starts the others,
// prints once where they listen, starts a new one for one that died, and ends when they have drained.

import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { type Authority, createAuthority } from '../serve/index.js';
import type { Io } from './io.js';

/** What all workers have in common. */
export interface Shared {
  readonly authority: Authority;
  readonly loopId: string;
}

interface Message {
  readonly shared?: Shared;
  readonly said?: string;
}

/** A worker that lived longer is followed at once; others the later, the more of them there were. Ms. */
const LONG_LIFE_MS = 10_000;
const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 10_000;

export const isFirst = (): boolean => cluster.isPrimary;

/** In a worker: what the first process gives to all. */
export function sharedByLeader(): Promise<Shared | undefined> {
  const { worker } = cluster;
  if (worker === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    worker.once('message', ({ shared }: Message) => resolve(shared));
    worker.send({});
  });
}

/** In a worker: what would be printed. */
export const tellLeader = (said: string): void => void cluster.worker?.send({ said });

/** In a worker: nothing more to print; the process may end. */
export const leave = (): void => void cluster.worker?.disconnect();

/**
 * Resolves with an exit code when all workers have ended. Before one of them listens, the first that ends ends all: it could
 * not run. After that, one that dies is replaced, however often: a client that can kill a worker must not end the gateway.
 */
export async function leadWorkers(count: number, io: Io, authority: Authority | undefined): Promise<number> {
  const shared: Shared = { authority: authority ?? (await createAuthority()), loopId: randomBytes(9).toString('hex') };
  let stopping = false;
  let served = false;
  let code = 0;
  let said = '';
  let speaker: Worker | undefined;
  let early = 0;
  const alive = new Map<Worker, number>();
  const waiting = new Set<NodeJS.Timeout>();
  return new Promise((resolve) => {
    const startOne = () => {
      const worker = cluster.fork();
      alive.set(worker, io.now());
      worker.on('error', (error) => io.stderr.write(`worker ${worker.process.pid}: ${error.message}\n`));
      worker.on('message', (message: Message) => {
        if (message.said === undefined) return void worker.send({ shared }, () => undefined);
        served = true;
        // All print the same: the first one counts.
        speaker ??= worker;
        if (speaker === worker && said.length < 65_536) {
          said += message.said;
          io.stdout.write(message.said);
        }
      });
    };
    const replace = (worker: Worker, age: number, why: string) => {
      early = age > LONG_LIFE_MS ? 0 : early + 1;
      const wait = early <= 1 ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (early - 2));
      io.stderr.write(
        `worker ${worker.process.pid} ended (${why}): another one takes its place${wait === 0 ? '' : ` in ${wait} ms`}\n`,
      );
      const timer = setTimeout(() => {
        waiting.delete(timer);
        startOne();
      }, wait);
      waiting.add(timer);
    };
    const stop = () => {
      stopping = true;
      for (const timer of waiting) clearTimeout(timer);
      for (const worker of alive.keys()) worker.process.kill('SIGTERM');
      if (alive.size === 0) resolve(code);
    };
    cluster.on('exit', (worker, status, signal) => {
      const age = io.now() - (alive.get(worker) ?? 0);
      alive.delete(worker);
      if (!stopping && served) return replace(worker, age, signal ? `signal ${signal}` : `code ${status}`);
      if (!stopping) {
        code = status || 1;
        return stop();
      }
      if (alive.size === 0) resolve(code);
    });
    void io.stopSignal?.().then(stop);
    for (let i = 0; i < count; i++) startOne();
  });
}
