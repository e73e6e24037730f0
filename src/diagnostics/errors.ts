// Reasons for not being able to run. Everything else that is thrown is a bug and keeps its stack.

import { oneLine } from './safe-text.js';

/** Exit codes of contract "All commands". */
export const EXIT = { ok: 0, findings: 1, cannotRun: 2 } as const;

export interface CannotRunOptions extends ErrorOptions {
  /** Places, one a line below the message. */
  readonly details?: readonly string[];
}

/**
 * meshgw could not run: bad flag, unreadable file, no config. Printed without a stack, with the hint on its own line; exit 2. Messages
 * repeat what files and flags hold: each part is made one safe line here, so that nobody who prints it has to think of that.
 */
export class CannotRunError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, { details = [], ...options }: CannotRunOptions = {}) {
    super([message, ...details].map(oneLine).join('\n  '), options);
    this.name = 'CannotRunError';
    this.hint = hint === undefined ? undefined : oneLine(hint);
  }
}
