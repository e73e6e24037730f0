// Cookies by which a client stays with one endpoint: who shows none gets one with the answer. CookieHashMethod in
// source/common/http/hash_policy.cc, makeSetCookieValue in source/common/http/utility.cc (Envoy 1.40).

import { type Delivery, type Destination, destinationName } from '../model/index.js';
import type { HeaderEdit, SessionCookie } from './decision.js';

/** Stands for a value that is another one for each connection. */
export const SOME_VALUE = '…';

/** The hashes by which endpoints of a destination are chosen; undefined: by none. */
export const hashesFor = ({ hash, unhashed }: Delivery, to: Destination): Delivery['hash'] =>
  unhashed?.includes(destinationName(to)) ? undefined : hash;

/** The cookies that a request misses. `lines`: of its Cookie header, as the destination gets it. */
export function missingCookies(hashes: NonNullable<Delivery['hash']>, lines: readonly string[]): SessionCookie[] {
  return hashes.flatMap(({ by, name = '', ttlMs, path, attributes }) => {
    if (by !== 'cookie' || ttlMs === undefined || cookieValue(lines, name) !== undefined) return [];
    const seconds = Math.floor(ttlMs / 1000);
    const more = [
      ...(seconds > 0 ? [`Max-Age=${seconds}`] : []),
      ...(path ? [`Path=${path}`] : []),
      ...Object.entries(attributes ?? {}).map(([key, value]) => (value === '' ? key : `${key}=${value}`)),
      'HttpOnly',
    ];
    return [{ name, attributes: more.map((text) => `; ${text}`).join('') }];
  });
}

/** Of the first cookie of that name, undefined where it is empty; quotes around it are no part of it (forEachCookie in source/common/http/utility.cc). */
export function cookieValue(lines: readonly string[], name: string): string | undefined {
  for (const pair of lines.flatMap((line) => line.split(';'))) {
    const equal = pair.indexOf('=');
    if (equal < 0 || pair.slice(0, equal).replace(/^ +/, '') !== name) continue;
    const value = pair.slice(equal + 1);
    const bare = /^".*"$/s.test(value) ? value.slice(1, -1) : value;
    return bare === '' ? undefined : bare;
  }
  return undefined;
}

/** Before the route's own changes of the answer, which see it. */
export const setCookies = (cookies: readonly SessionCookie[], value: string): HeaderEdit[] =>
  cookies.map(({ name, attributes }) => ({
    op: 'append',
    name: 'set-cookie',
    value: `${name}="${value}"${attributes}`,
  }));
