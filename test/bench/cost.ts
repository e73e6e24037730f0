// What a command costs: CPU time, because wall time means nothing on a busy machine, and the most memory that it held.

import { spawnSync } from 'node:child_process';

export interface Cost {
  /** Seconds of CPU, user and system. */
  readonly cpu: number;
  readonly megabytes: number;
}

/** Of Node with these arguments. Throws where it ends with another code than `expected`. */
export function costOf(args: readonly string[], expected = 0): Cost {
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', process.execPath, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== expected)
    throw new Error(`${args.join(' ')} ended with ${status}: ${stdout.slice(0, 2000)}${stderr.slice(-2000)}`);
  const [user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { cpu: user! + system!, megabytes: kilobytes! / 1024 };
}

/** Arguments of Node for js-yaml's parse of a file. */
export const parseOf = (file: string): readonly string[] => [
  '--input-type=module',
  '-e',
  `import { loadAll } from 'js-yaml'; import { readFileSync } from 'node:fs'; loadAll(readFileSync(${JSON.stringify(file)}, 'utf8'));`,
];
