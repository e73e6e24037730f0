// `meshgw serve` in this process: what it prints, and how it is stopped.

import { expect } from 'vitest';
import { run } from '../../src/cli/run.js';
import { until as holds } from '../until.js';

export interface ServeCommand {
  /** The line of `-o json`. */
  readonly ready: { readonly listening: Record<string, number>; readonly admin: number; readonly ca: string };
  out(): string;
  err(): string;
  until(test: () => boolean): Promise<void>;
  /** Resolves with the exit code. */
  stop(): Promise<number>;
}

/** Resolves when it listens. `json: false`: text output; `ready` is empty then. */
export async function startServe(
  args: readonly string[],
  { json = true, env = {} }: { readonly json?: boolean; readonly env?: Record<string, string> } = {},
): Promise<ServeCommand> {
  let out = '';
  let err = '';
  let end: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
  });
  const finished = run(['serve', ...args, ...(json ? ['-o', 'json'] : [])], {
    cwd: process.cwd(),
    env,
    stdout: { write: (text) => void (out += text), isTTY: false, columns: 80 },
    stderr: { write: (text) => void (err += text), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    stopSignal: () => stopped,
    now: () => Date.now(),
  });
  let code: number | undefined;
  void finished.then((found) => {
    code = found;
  });
  const until = async (test: () => boolean) => {
    await holds(() => test() || code !== undefined);
    expect(test(), `exit ${code}\n${out}${err}`).toBe(true);
  };
  await until(() => out.endsWith('\n'));
  return {
    ready: json ? JSON.parse(out) : {},
    out: () => out,
    err: () => err,
    until,
    stop() {
      end();
      return finished;
    },
  };
}
