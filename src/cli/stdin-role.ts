// Standard input is read once, and is one thing: configuration, or requests, or a body.

import { CannotRunError } from '../diagnostics/index.js';
import type { Io } from './io.js';

const roles = new WeakMap<Io, string>();

/** All of standard input as `role` (`the configuration`). Rejects with CannotRunError where another role has it. */
export function stdinAs(role: string, io: Io): Promise<Buffer> {
  const other = roles.get(io) ?? role;
  if (other !== role)
    throw new CannotRunError(
      `standard input cannot be ${other} and ${role}: it is read once`,
      'put one of them into a file and name that',
    );
  roles.set(io, role);
  return io.stdin();
}
