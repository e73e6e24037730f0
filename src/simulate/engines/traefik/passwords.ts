// Passwords of BasicAuth (github.com/abbot/go-http-auth, basic.go): which user a request shows the password of. MD5 of Apache and SHA-1
// are computed; bcrypt is not (its work is made to be slow): a known user counts as having the right password.

import { append } from '../../../model/index.js';
import { md5, sha1 } from './digests.js';

/**
 * `header`: Authorization as the client sent it; `users`: lines `name:hash`, the last of a name counts. Without them (in the page, which
 * holds no hash) every user counts as having the right password.
 */
export function passwordUser(header: string | undefined, users: readonly string[] | undefined): string | undefined {
  const credentials = credentialsOf(header);
  if (!credentials) return undefined;
  if (!users) return credentials.user;
  const { user, password } = credentials;
  const line = users.findLast((entry) => entry.startsWith(`${user}:`));
  return line !== undefined && holds(password, line.slice(user.length + 1)) ? user : undefined;
}

function credentialsOf(header: string | undefined): { readonly user: string; readonly password: string } | undefined {
  const [, encoded] = /^basic (.*)$/is.exec(header ?? '') ?? [];
  if (encoded === undefined || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded))
    return undefined;
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function holds(password: string, hash: string): boolean {
  if (hash.startsWith('{SHA}')) return base64(sha1(password)) === hash.slice(5);
  const [, magic, salt] = /^\$(apr1|1)\$([^$]*)\$/.exec(hash) ?? [];
  if (magic !== undefined && salt !== undefined) return md5Crypt(password, salt, `$${magic}$`) === hash;
  return /^\$2[abxy]?\$/.test(hash);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const bytesOf = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0) & 0xff);

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** MD5-based crypt of Apache (`apr1`) and of BSD (`1`). */
function md5Crypt(password: string, salt: string, magic: string): string {
  const key = bytesOf(password);
  const salted = bytesOf(salt.slice(0, 8));
  const alternate = md5([...key, ...salted, ...key]);
  const input = [...key, ...bytesOf(magic), ...salted];
  for (let left = key.length; left > 0; left -= 16) append(input, alternate.slice(0, Math.min(16, left)));
  for (let n = key.length; n > 0; n >>= 1) input.push(n & 1 ? 0 : (key[0] ?? 0));
  let digest = md5(input);
  for (let round = 0; round < 1000; round++) {
    const next: number[] = [];
    append(next, round & 1 ? key : digest);
    if (round % 3) append(next, salted);
    if (round % 7) append(next, key);
    append(next, round & 1 ? digest : key);
    digest = md5(next);
  }
  let out = '';
  const put = (a: number, b: number, c: number, count: number): void => {
    let value = (a << 16) | (b << 8) | c;
    for (let i = 0; i < count; i++) {
      out += ALPHABET[value & 0x3f];
      value >>= 6;
    }
  };
  for (const [a, b, c] of [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]] as const) // biome-ignore format: one line
    put(digest[a]!, digest[b]!, digest[c]!, 4);
  put(0, 0, digest[11]!, 2);
  return `${magic}${salt.slice(0, 8)}$${out}`;
}
