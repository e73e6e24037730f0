// What a real system is to `npm run real`: commands under a name.

/** Exported as `system` by test/real/<name>/index.ts. */
export interface System {
  /** What it is and in which version, for the list of systems. */
  readonly about: string;
  readonly commands: Readonly<Record<string, Command>>;
}

export interface Command {
  /** Arguments, as the list of systems shows them. */
  readonly usage: string;
  /** Seconds after which the command is ended; without it, the command ends by itself. The variable LIMIT overrides it. */
  readonly limit?: number;
  /** @returns whether the real system and meshgw agree, where they are compared. @throws CannotRunError where something is missing. */
  run(args: readonly string[]): Promise<boolean>;
}
