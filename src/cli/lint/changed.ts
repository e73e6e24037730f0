// lint --changed [REVISION]: everything is read, since a finding in one file may come from another; shown are the findings of files
// that were changed.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRunError } from '../../diagnostics/index.js';
import { summaryOf } from '../../lint/config.js';
import type { LintResult } from '../../lint/run.js';
import { counted } from '../../model/index.js';
import { git, isRevision } from '../git-revision.js';
import type { Io } from '../io.js';

const HINT = 'lint --changed needs a git repository';

/** The value of the flag: a revision; a path that follows the flag is one of the inputs. Rejects with CannotRunError where it is neither. */
export async function changedFrom(value: string | true, io: Io): Promise<{ revision: string; more: string[] }> {
  if (value === true) return { revision: 'HEAD', more: [] };
  if (await isRevision(value, io)) return { revision: value, more: [] };
  if (existsSync(resolve(io.cwd, value))) return { revision: 'HEAD', more: [value] };
  throw new CannotRunError(`--changed ${value}: git has no such revision`, 'for example --changed origin/main');
}

/** The findings of changed files, or with a related place in one; how many others there are is said on stderr. */
export async function changedOnly({ diagnostics, summary }: LintResult, revision: string, io: Io): Promise<LintResult> {
  const changed = await changedFiles(revision, io);
  const isChanged = ({ file }: { readonly file: string }) => changed.has(resolve(io.cwd, file));
  const shown = diagnostics.filter((d) => isChanged(d.position) || d.related?.some((r) => isChanged(r.position)));
  const others = diagnostics.length - shown.length;
  if (others > 0)
    io.stderr.write(`note: ${counted(others, 'finding')} in files that did not change since ${revision} not shown\n`);
  return { diagnostics: shown, summary: { ...summary, ...summaryOf(shown) } };
}

/** Absolute; files that git does not follow yet are changed. */
async function changedFiles(revision: string, io: Io): Promise<ReadonlySet<string>> {
  const top = resolve(io.cwd, (await git(io, ['rev-parse', '--show-cdup'], undefined, HINT)).toString().trimEnd());
  const names = async (...args: string[]) =>
    (await git({ ...io, cwd: top }, args, undefined, HINT)).toString().split('\0').filter(Boolean);
  const since = (await git(io, ['merge-base', revision, 'HEAD'], undefined, HINT)).toString().trim();
  const [tracked, others] = await Promise.all([
    names('diff', '--name-only', '-z', since),
    names('ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  return new Set([...tracked, ...others].map((name) => resolve(top, name)));
}
