// The command line in this process, in a folder of its own.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../src/cli/io.js';
import { run } from '../src/cli/run.js';

/** A new folder with these files: path → text. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'meshgw-test-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** What a command prints there, and its exit code. */
export async function meshgwIn(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    cwd,
    env,
    stdout: { write: (t) => void (out += t), isTTY: false, columns: 80 },
    stderr: { write: (t) => void (err += t), isTTY: false, columns: 80 },
    stdin: async () => Buffer.from(stdin),
    now: () => Date.parse('2026-11-22T00:00:00Z'),
  };
  const code = await run(argv, io);
  return { code, out, err };
}
