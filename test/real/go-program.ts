// Go programs of test/real/<system>/: compiled with the versions of their go.mod, kept in .cache/real/<system>/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotRunError } from '../../src/diagnostics/index.js';

/**
 * Compiles `target` (a package; by default the folder's own) of test/real/<system>, where a file of that folder is newer
 * than the binary.
 * @returns path of the binary. @throws CannotRunError without Go.
 */
export function goProgram(system: string, target = '.'): string {
  const folder = join('test/real', system);
  const binary = resolve('.cache/real', system, target === '.' ? system : (target.split('/').at(-1) ?? system));
  const changed = Math.max(...goFiles(folder).map((file) => statSync(file).mtimeMs));
  if (existsSync(binary) && statSync(binary).mtimeMs > changed) return binary;
  mkdirSync(join('.cache/real', system), { recursive: true });
  process.stderr.write(`compiling ${system} (minutes the first time) …\n`);
  go(folder, ['build', '-o', binary, target]);
  return binary;
}

/** Folder of a module that test/real/<system> requires: for the files beside its code. */
export const goModule = (system: string, module: string): string =>
  go(join('test/real', system), ['list', '-m', '-f', '{{.Dir}}', module]).trim();

const goFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.go$|(^|\/)go\.(mod|sum)$/.test(name))
    .map((name) => join(folder, name));

function go(folder: string, args: readonly string[]): string {
  try {
    return execFileSync('go', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CannotRunError('Go is not installed', 'the real systems are compiled from their Go modules: go.dev/dl');
    throw new CannotRunError(`go ${args.join(' ')} failed in ${folder}`);
  }
}
