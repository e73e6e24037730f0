// What a command reads: `-f` and the paths beside it.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';

/** The inputs in order; `-f a,b` names two, unless there is a file or folder `a,b` or the comma stands in braces of a glob. */
export const inputsOf = (
  { filename = [] }: Pick<InputFlags, 'filename'>,
  paths: readonly string[],
  { cwd }: Pick<Io, 'cwd'>,
): string[] => [...filename.flatMap((name) => split(name, cwd)), ...paths];

const split = (name: string, cwd: string): string[] =>
  !name.includes(',') || existsSync(resolve(cwd, name)) ? [name] : name.split(/,(?![^{]*\})/);
