// Reasons for not being able to run. Everything else that is thrown is a bug and keeps its stack.

/** Exit codes of contract "All commands". */
export const EXIT = { ok: 0, findings: 1, cannotRun: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** meshgw could not run: bad flag, unreadable file, no config. Printed without a stack, with the hint on its own line; exit 2. */
export class CannotRunError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CannotRunError';
    this.hint = hint;
  }
}
