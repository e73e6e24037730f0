// Runs command lines in a child process under a watchdog, and says what no input may cause: a crash, a hang, too much memory.

import { type ChildProcess, fork } from 'node:child_process';

/** Seconds of CPU of one command. */
export const MOST_CPU = 10;
/** MB of a process. */
export const MOST_MEMORY = 1000;
/** Seconds without an answer after which the child is killed; other work on the machine counts, so it is more than the CPU allowed. */
const MOST_WAIT = 120;

export interface Outcome {
  readonly code: number;
  /** Seconds. */
  readonly cpu: number;
  /** What went wrong; undefined: nothing. */
  readonly failure?: string;
}

export interface Runner {
  run(argv: readonly string[], cwd: string): Promise<Outcome>;
  close(): void;
}

interface Answer extends Outcome {
  readonly id: number;
  readonly rss: number;
}

export function startRunner(): Runner {
  let child: ChildProcess | undefined;
  let id = 0;
  let commands = 0;
  const start = (): ChildProcess => {
    commands = 0;
    return fork('test/files-fuzz/worker.mjs', {
      execArgv: [`--max-old-space-size=${MOST_MEMORY}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  };
  const stop = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    close: stop,
    run: (argv, cwd) =>
      new Promise((resolve) => {
        const worker = (child ??= start());
        const mine = ++id;
        let noise = '';
        const hear = (chunk: Buffer) => {
          noise = (noise + chunk.toString()).slice(-4000);
        };
        const finish = (outcome: Outcome) => {
          clearTimeout(timer);
          worker.off('message', answer);
          worker.off('exit', exit);
          worker.stderr?.off('data', hear);
          // Memory of many inputs is not that of one.
          if (++commands >= 400) stop();
          resolve(outcome);
        };
        const answer = ({ id: of, code, cpu, rss, failure }: Answer) => {
          if (of !== mine) return;
          const megabytes = Math.round(rss / 1e6);
          if (megabytes > MOST_MEMORY) stop();
          const reason =
            failure ??
            (cpu > MOST_CPU ? `slow: ${cpu.toFixed(1)} s of CPU` : undefined) ??
            (megabytes > MOST_MEMORY ? `memory: ${megabytes} MB` : undefined);
          finish({ code, cpu, ...(reason === undefined ? {} : { failure: reason }) });
        };
        const exit = () => {
          child = undefined;
          finish({ code: -1, cpu: 0, failure: `the process ended: ${noise}` });
        };
        const timer = setTimeout(() => {
          worker.off('exit', exit);
          stop();
          finish({ code: -1, cpu: MOST_WAIT, failure: `no answer in ${MOST_WAIT} s` });
        }, MOST_WAIT * 1000);
        worker.on('message', answer);
        worker.on('exit', exit);
        worker.stderr?.on('data', hear);
        worker.send({ id: mine, argv, cwd });
      }),
  };
}

/** What two failures of one bug have in common: the error and the innermost place in the program. */
export function signature(failure: string): string {
  const lines = failure.split('\n').map((l) => l.trim());
  const error = lines.find((l) => /Error\b|slow|memory|no answer|the process ended/.test(l)) ?? lines[0] ?? '';
  const at = lines.find((l) => l.startsWith('at ') && l.includes('/dist/')) ?? '';
  return `${error.replace(/[\d.]+/g, 'N').slice(0, 100)} ${/dist\/([^)]*)/.exec(at)?.[1] ?? ''}`;
}
