// The files of a folder as a git revision has them. `REVISION:PATH` means what it means to git (gitrevisions(7), "<rev>:<path>"):
// the path begins at the top of the repository, one that begins with ./ or ../ at the working directory.

import { execFile } from 'node:child_process';
import { posix } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { MAX_TOTAL_BYTES, megabytes } from '../files/index.js';
import type { Io } from './io.js';

const SIDES = 'a side of a diff is a path, or REVISION:PATH inside a git repository';
const FROM_HERE = /^\.\.?(\/|$)/;

/** A file and its content at a revision. */
export interface RevisionFile {
  /** From the top of the repository. */
  readonly name: string;
  readonly content: Buffer;
}

/** The YAML and JSON files at or below `path`, in code unit order. Rejects with CannotRunError, also where there is none. */
export async function filesAt(revision: string, path: string, io: Io): Promise<RevisionFile[]> {
  if (revision.startsWith('-')) throw new CannotRunError(`${JSON.stringify(revision)} is not a git revision`);
  const folder = (await git(io, ['rev-parse', '--show-prefix'])).toString().trimEnd();
  const wanted = fromTop(path, folder);
  if (wanted === undefined) throw new CannotRunError(`${path} leads out of the git repository`);
  const listed = await listing(revision, wanted, io);
  const files = listed.filter(({ name }) => name === wanted || /\.(ya?ml|json)$/.test(name));
  if (files.length === 0) {
    const here = folder === '' || FROM_HERE.test(path) ? '' : posix.join(folder, path);
    const near = here !== '' && (await listing(revision, here, io)).length > 0;
    throw new CannotRunError(
      `no YAML or JSON file under ${wanted === '' ? 'the top of the repository' : wanted} at ${revision}`,
      near ? `from the top of the repository: ${revision}:${here}, from here: ${revision}:./${path}` : undefined,
    );
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const contents = contentsOf(
    await git(io, ['cat-file', '--batch'], files.map(({ id }) => `${id}\n`).join('')),
    files.length,
  );
  return files.map(({ name }, i) => ({ name, content: contents[i]! }));
}

/** Whether git knows a commit by this name; false where there is no repository. */
export async function isRevision(name: string, io: Io): Promise<boolean> {
  if (!/^[\w][\w./~^@{}-]*$/.test(name)) return false;
  return git(io, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]).then(
    () => true,
    () => false,
  );
}

/** Without `.`, `..` and a slash at its end, `''` at the top; undefined where it leads out of the repository. */
function fromTop(path: string, folder: string): string | undefined {
  const joined = posix.join(FROM_HERE.test(path) ? folder : '', path).replace(/\/$/, '');
  if (joined === '..' || joined.startsWith('../')) return undefined;
  return joined === '.' ? '' : joined;
}

/** Regular files (no links, no submodules) at or below a path. */
async function listing(revision: string, path: string, io: Io): Promise<{ id: string; name: string }[]> {
  const pathspec = path === '' ? [] : ['--', path];
  const output = await git(io, ['ls-tree', '-r', '-z', '--full-tree', revision, ...pathspec]);
  return output
    .toString()
    .split('\0')
    .flatMap((line) => {
      const m = /^100\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line);
      return m ? [{ id: m[1]!, name: m[2]! }] : [];
    });
}

/** Of `cat-file --batch`: `<id> blob <size>`, a line break, the content, a line break, for each object. */
function contentsOf(output: Buffer, count: number): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; contents.length < count; ) {
    const end = output.indexOf(0x0a, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    contents.push(output.subarray(end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return contents;
}

/** What git prints. Rejects with CannotRunError; `hint` says what to do where git refuses. */
export function git(io: Io, args: readonly string[], input?: string, hint = SIDES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      args,
      { cwd: io.cwd, maxBuffer: MAX_TOTAL_BYTES, encoding: 'buffer' },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        if ((error as { code?: unknown }).code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
          return reject(
            new CannotRunError(
              `the files of this revision exceed ${megabytes(MAX_TOTAL_BYTES)}`,
              'name the folder that holds the configuration: REVISION:PATH',
            ),
          );
        const said = stderr.toString().trim().split('\n')[0] || error.message;
        reject(new CannotRunError(`git ${args[0]} failed: ${said}`, hint, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
