// What a command costs: CPU time, because wall time means little on a busy machine, wall time all the same, and the most memory that it held.

import { spawnSync } from 'node:child_process';

export interface Cost {
  /** Seconds of CPU, user and system. */
  readonly cpu: number;
  /** Seconds by the clock. */
  readonly wall: number;
  readonly megabytes: number;
}

/** Of a program with these arguments. Throws where it ends with a code that is not expected. */
export function costOfProgram(program: string, args: readonly string[], expected: readonly number[] = [0]): Cost {
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M %e', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status === null || !expected.includes(status))
    throw new Error(`${args.join(' ')} ended with ${status}: ${stdout.slice(0, 2000)}${stderr.slice(-2000)}`);
  const [user, system, kilobytes, wall] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { cpu: Number((user! + system!).toFixed(2)), wall: wall!, megabytes: Math.round(kilobytes! / 1024) };
}

export const costOf = (args: readonly string[], expected: readonly number[] = [0]): Cost =>
  costOfProgram(process.execPath, args, expected);

/** Arguments of Node for js-yaml's parse of a file. */
export const parseOf = (file: string): readonly string[] => [
  '--input-type=module',
  '-e',
  `import { loadAll } from 'js-yaml'; import { readFileSync } from 'node:fs'; loadAll(readFileSync(${JSON.stringify(file)}, 'utf8'));`,
];

/** A number of the environment. */
export const setting = (name: string, usual: number): number => Number(process.env[name] ?? usual);
