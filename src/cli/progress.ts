// A bar on stderr while a command takes longer than a second; nothing where nobody looks (no terminal).

import type { Io } from './io.js';

const WIDTH = 30;
const PATIENCE_MS = 1000;
const PAUSE_MS = 100;

export interface Progress {
  /** `share` of the work that is done, 0..1. */
  at(share: number): void;
  /** Takes the bar away. */
  end(): void;
}

export function progressOn(io: Pick<Io, 'stderr' | 'now'>, label: string): Progress {
  if (!io.stderr.isTTY) return { at: () => {}, end: () => {} };
  const start = io.now();
  let last = start + PATIENCE_MS - PAUSE_MS;
  let shown = false;
  return {
    at(share) {
      const now = io.now();
      if (now - last < PAUSE_MS) return;
      last = now;
      shown = true;
      const width = Math.max(5, Math.min(WIDTH, io.stderr.columns - label.length - ' [] 100 % '.length));
      const done = Math.round(Math.min(1, Math.max(0, share)) * width);
      const bar = `[${'#'.repeat(done)}${' '.repeat(width - done)}]`;
      io.stderr.write(`\r${label} ${bar} ${Math.round(share * 100)} %`, 'terminal');
    },
    end() {
      if (shown) io.stderr.write('\r\x1b[K', 'terminal');
    },
  };
}
