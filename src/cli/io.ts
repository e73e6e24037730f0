// The outside world as the program sees it: everything that `run` may read or write. Tests pass their own.

/** One output stream. */
export interface Output {
  write(text: string): void;
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
  /** Wall clock in ms: only commands may ask, the core takes times as input. */
  now(): number;
}

/** Colour wanted on this stream: the flag wins, then NO_COLOR and FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(io: Io, output: Output, flag: boolean | undefined): boolean {
  if (flag !== undefined) return flag;
  if (io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR && !['0', 'false'].includes(io.env.FORCE_COLOR)) return true;
  return output.isTTY && io.env.TERM !== 'dumb';
}
