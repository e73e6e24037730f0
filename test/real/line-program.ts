// A program that is asked by lines of JSON: each question a line on its stdin, each answer a line on its descriptor 3, with
// the question's id. One that ends early takes the questions it was working on with it; the others are asked of a new one.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface LineProgram<Answer> {
  /** Answers may come in any order; `error` says why there is none. */
  ask(question: object): Promise<Answer | { readonly error: string }>;
  close(): void;
}

export interface LineProgramOptions {
  readonly binary: string;
  readonly args: readonly string[];
  /** Questions that the program works on at once: lost when it ends early. */
  readonly workers: number;
  /** Seconds without any answer after which the program is taken for stuck and ended. */
  readonly patience: number;
}

interface Waiting {
  readonly line: string;
  answered(answer: object): void;
}

export function startLineProgram<Answer extends object>(options: LineProgramOptions): LineProgram<Answer> {
  // In the order of asking.
  const waiting = new Map<string, Waiting>();
  let child: ChildProcess | undefined;
  let asked = 0;
  let closed = false;
  let watchdog: NodeJS.Timeout | undefined;

  function watch(): void {
    clearTimeout(watchdog);
    if (waiting.size > 0) watchdog = setTimeout(() => child?.kill('SIGKILL'), options.patience * 1000).unref();
  }

  function start(): ChildProcess {
    // Programs log to stdout before they can be told not to.
    const started = spawn(options.binary, options.args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    let errors = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000);
    });
    started.stdin?.on('error', () => {});
    started.on('exit', (code, signal) => {
      if (closed) return;
      const lost = [...waiting].slice(0, options.workers);
      for (const [id, { answered }] of lost) {
        waiting.delete(id);
        answered({ error: `the program ended (${code ?? signal}):\n${errors}` });
      }
      child = waiting.size > 0 ? start() : undefined;
      for (const { line } of waiting.values()) child?.stdin?.write(line);
      watch();
    });
    createInterface({ input: started.stdio[3] as Readable }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer & { readonly id: string };
      waiting.get(answer.id)?.answered(answer);
      waiting.delete(answer.id);
      watch();
    });
    return started;
  }

  return {
    ask: (question) =>
      new Promise((resolve) => {
        const id = String(asked++);
        const line = `${JSON.stringify({ ...question, id })}\n`;
        waiting.set(id, { line, answered: (a) => resolve(a as Answer) });
        child ??= start();
        child.stdin?.write(line);
        watch();
      }),
    close() {
      closed = true;
      clearTimeout(watchdog);
      child?.stdin?.end();
    },
  };
}
