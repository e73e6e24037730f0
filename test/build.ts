// For tests that run `bin/meshgw.js`: dist/ is built from the sources of now.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

const ENTRY = 'dist/bundle/main.js';

/** Builds where a source is newer than the build. Type errors are another check's affair: tsc emits all the same. */
export function ensureBuilt(): void {
  const newest = Math.max(
    ...(readdirSync('src', { recursive: true, encoding: 'utf8' }) as string[])
      .map((f) => statSync(`src/${f}`))
      .filter((s) => s.isFile())
      .map((s) => s.mtimeMs),
  );
  if (!existsSync(ENTRY) || statSync(ENTRY).mtimeMs < newest) spawnSync('npm', ['run', '--silent', 'build']);
  if (!existsSync(ENTRY)) throw new Error('npm run build left no dist/bundle/main.js');
}
