// The CA of serve between runs: --ca-dir keeps it, so that a browser has to import it once; --ca-out writes what to import.

import { X509Certificate } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { join, resolve } from 'node:path';
import { CannotRunError } from '../../diagnostics/index.js';
import { readUserFile, writeUserFile } from '../../files/index.js';
import { type Authority, createAuthority } from '../../serve/index.js';

/** Who has the key can make certificates that this user's browser takes. */
const FOLDER_MODE = 0o700;
const KEY_MODE = 0o600;
const OTHERS = 0o077;
const CERTIFICATE = 'ca.crt';
const KEY = 'ca.key';
/** A CA that ends sooner is replaced. Ms. */
const LEFT_MS = 24 * 3_600_000;

/** The CA of the folder, made where there is none. Rejects with CannotRunError where others could read its key. */
export async function persistentAuthority(folder: string, cwd: string, now: number): Promise<Authority> {
  const path = resolve(cwd, folder);
  const refuse = (why: string, hint: string, cause?: unknown) =>
    new CannotRunError(`--ca-dir ${folder}: ${why}`, hint, { cause });
  try {
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    const { mode } = statSync(path);
    if (platform() !== 'win32' && mode & OTHERS)
      throw refuse(
        'other users can access this folder, which holds the private key of the CA',
        `chmod 700 ${folder}, or name a folder that does not exist yet`,
      );
    const known = readAuthority(path, now);
    if (known !== undefined) return known;
    const made = await createAuthority({ years: 10 });
    writeUserFile(KEY, made.key, { cwd, folder, mode: KEY_MODE });
    writeUserFile(CERTIFICATE, made.cert, { cwd, folder });
    return made;
  } catch (error) {
    if (error instanceof CannotRunError) throw error;
    throw refuse((error as Error).message, 'name a folder that you can write', error);
  }
}

/** Undefined: there is none, or it ends. Throws for one that is broken: another one in its place would be a surprise. */
function readAuthority(path: string, now: number): Authority | undefined {
  const read = (name: string): string | undefined => {
    const bytes = readUserFile(join(path, name), { within: path });
    if (Buffer.isBuffer(bytes)) return bytes.toString('utf8');
    if (bytes.code === 'missing') return undefined;
    throw new Error(`cannot read ${name}: ${bytes.why}`);
  };
  const [cert, key] = [read(CERTIFICATE), read(KEY)];
  if (cert === undefined || key === undefined) return undefined;
  const certificate = new X509Certificate(cert);
  return new Date(certificate.validTo).getTime() - now < LEFT_MS ? undefined : { cert, key };
}
