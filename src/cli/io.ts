// The outside world as the program sees it: everything that `run` may read or write. Tests pass their own.

/** One output stream. */
export interface Output {
  /** `how` is for what would be neutralised otherwise (guarded-output.ts): commands to CI on purpose, or to the terminal. */
  write(text: string, how?: 'ci-commands' | 'terminal'): void;
  /** Whether a person looks at it. */
  readonly isTTY: boolean;
  /** Width in columns; 80 where unknown. */
  readonly columns: number;
}

export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Everything on standard input, read once. */
  stdin(): Promise<Buffer>;
  /** Resolves when the user asks to stop (SIGINT or SIGTERM); only long-running commands listen. */
  stopSignal?(): Promise<void>;
  /** From now on the process ends only when the command does: what nobody caught, and outputs that cannot be written, are reported. */
  keepRunning?(reports: KeepRunning): void;
  /** Wall clock in ms: only commands may ask, the core takes times as input. */
  now(): number;
}

export interface KeepRunning {
  /** An error that nothing caught. */
  onError(error: unknown): void;
  /** One line: an output is lost. */
  onNotice(text: string): void;
}

/** Colour wanted on this stream: the flag wins, then NO_COLOR and FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(io: Io, output: Output, flag: boolean | undefined): boolean {
  if (flag !== undefined) return flag;
  if (io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR && !['0', 'false'].includes(io.env.FORCE_COLOR)) return true;
  return output.isTTY && io.env.TERM !== 'dumb';
}
