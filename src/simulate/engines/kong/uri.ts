// Paths as Kong sees and sends them: kong/tools/uri.lua (normalize with merged slashes, escape) and kong/router/utils.lua
// (strip_uri_args) of Kong 3.10, behind nginx, which refuses what it cannot parse. Bytes that are no UTF-8 are handled as by nginx/uri.ts.

import type { Refusal, SeenPath } from '../engine-rules.js';
import { bytesOf, seenByNginx, textOf } from '../nginx/uri.js';

const PERCENT = 0x25;

/** Escaped, these stay as they are: `!*'();:@&=+$,/?%#[]`. */
const RESERVED = new Set([..."!*'();:@&=+$,/?%#[]"].map((c) => c.charCodeAt(0)));

/** The path that routes see: escapes decoded but for reserved characters, dot segments and repeated slashes gone. */
export function seenByKong(path: string): SeenPath | Refusal {
  const seen = seenByNginx(path);
  if ('status' in seen) return seen;
  const target = seen.forward ?? path;
  // The first character is never taken for the mark (string.find from 2).
  const mark = target.indexOf('?', 1);
  const normal = normalizeUri(mark < 0 ? target : target.slice(0, mark));
  return { ...seen, path: normal, forward: escapeUri(normal) + seen.query };
}

/** `/a//b/../%41` → `/a/A`. */
function normalizeUri(path: string): string {
  if (/^[\w\-~/]*$/.test(path) && !path.includes('//')) return path;
  return textOf(Buffer.from(withoutDots(decode(Buffer.from(path))), 'latin1'));
}

/** The bytes as characters up to U+00FF. */
function decode(raw: Buffer): string {
  let out = '';
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]!;
    const hex = byte === PERCENT ? raw.subarray(i + 1, i + 3).toString('latin1') : '';
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) out += String.fromCharCode(byte);
    else {
      const code = Number.parseInt(hex, 16);
      out += RESERVED.has(code) ? `%${hex.toUpperCase()}` : String.fromCharCode(code);
      i += 2;
    }
  }
  return out;
}

/** Segments with the slash before them; what ends in a dot segment ends in a slash. */
function withoutDots(path: string): string {
  const segments = path.split('/');
  const out: string[] = [];
  let open = false;
  for (const [i, segment] of segments.entries()) {
    if (i === 0 && segment === '') continue;
    open = segment === '' || segment === '.' || segment === '..';
    if (segment === '..') out.pop();
    else if (!open) out.push(segment);
  }
  const text = `/${out.join('/')}`;
  return open && out.length > 0 ? `${text}/` : text;
}

/** What a path that was decoded goes upstream as. */
export function escapeUri(path: string): string {
  if (/^[\w!#$&'()*+,/:;=?@[\]\-.~%]*$/.test(path)) return path;
  let out = '';
  for (const byte of bytesOf(path)) {
    const character = String.fromCharCode(byte);
    out += /[\w!#$&'()*+,/:;=?@[\]\-.~%]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** What is left of a path behind the part that is stripped must not begin with a dot segment (sanitize_uri_postfix). */
export function sanitized(rest: string): string {
  if (rest === '.' || rest === '..') return '';
  if (rest.startsWith('./')) return rest.slice(2);
  return rest.startsWith('../') ? rest.slice(3) : rest;
}

/** No text: a byte of it is not part of a character. */
export const isBroken = (path: string): boolean => /(?<![\ud800-\udbff])[\udc80-\udcff]/.test(path);
