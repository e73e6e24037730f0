// --workers N: processes that share the ports (node:cluster). The first process serves nothing: it starts the others,
// says once where they listen, starts a new one for one that died, and ends when they have drained.

import cluster, { type Worker } from 'node:cluster';
import { type Authority, createAuthority } from '../serve/index.js';
import type { Io } from './io.js';

interface Message {
  readonly authority?: Authority;
  readonly said?: string;
}

/** A worker that dies sooner than this after its start would die again. Ms. */
const QUICK_DEATH_MS = 2_000;

export const isFirst = (): boolean => cluster.isPrimary;

/** In a worker: the CA that all share. */
export function authorityFromLeader(): Promise<Authority | undefined> {
  const { worker } = cluster;
  if (worker === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    worker.once('message', ({ authority }: Message) => resolve(authority));
    worker.send({});
  });
}

/** In a worker: what would be printed. */
export const tellLeader = (said: string): void => void cluster.worker?.send({ said });

/** In a worker: nothing more to say; the process may end. */
export const leave = (): void => void cluster.worker?.disconnect();

/** Resolves with an exit code when all workers have ended. */
export async function leadWorkers(count: number, io: Io): Promise<number> {
  const authority = await createAuthority();
  let stopping = false;
  let code = 0;
  let said = '';
  let speaker: Worker | undefined;
  const alive = new Map<Worker, number>();
  return new Promise((resolve) => {
    const startOne = () => {
      const worker = cluster.fork();
      alive.set(worker, io.now());
      worker.on('message', (message: Message) => {
        if (message.said === undefined) return void worker.send({ authority });
        // All say the same: the first one is heard.
        speaker ??= worker;
        if (speaker === worker && said.length < 65_536) {
          said += message.said;
          io.stdout.write(message.said);
        }
      });
    };
    cluster.on('exit', (worker, status) => {
      const age = io.now() - (alive.get(worker) ?? 0);
      alive.delete(worker);
      if (!stopping && age > QUICK_DEATH_MS) {
        io.stderr.write(`worker ${worker.process.pid} ended with code ${status}: another one takes its place\n`);
        startOne();
        return;
      }
      if (!stopping) {
        stopping = true;
        code = status || 1;
        for (const other of alive.keys()) other.process.kill('SIGTERM');
      }
      if (alive.size === 0) resolve(code);
    });
    void io.stopSignal?.().then(() => {
      stopping = true;
      for (const worker of alive.keys()) worker.process.kill('SIGTERM');
      if (alive.size === 0) resolve(code);
    });
    for (let i = 0; i < count; i++) startOne();
  });
}
