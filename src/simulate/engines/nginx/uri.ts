// The path as nginx sees it: ngx_http_parse_complex_uri in nginx 1.22 (src/http/ngx_http_parse.c) with merge_slashes on.
// Percent signs are decoded once, a decoded slash or dot counts as one, repeated slashes become one, and dot segments
// go; what leaves the root, a NUL or a broken escape is answered 400. The bytes of a decoded path are text where they
// are UTF-8; else each byte beyond ASCII stands for itself as U+DC80 to U+DCFF, so that nothing is lost.

import type { Refusal, SeenPath } from '../engine-rules.js';

const bad = (reason: string): Refusal => ({ status: 400, body: '', reason });

const SLASH = 0x2f;
const DOT = 0x2e;
const PERCENT = 0x25;

/** What a segment has been so far. */
type Segment = 'start' | 'dot' | 'dot-dot' | 'usual';

export function seenByNginx(path: string): SeenPath | Refusal {
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(path.slice(0, 2048));
  const target = absolute ? path.slice(absolute[0].length) || '/' : path;
  if (!target.startsWith('/')) return bad('the path must begin with /');
  // Since nginx 1.21.1 spaces and control characters end the request line or are refused.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(target)) return bad('a space or a control character in the path');
  const hash = target.indexOf('#');
  const mark = target.indexOf('?');
  const end = [hash, mark].filter((at) => at >= 0).reduce((a, b) => Math.min(a, b), target.length);
  const decoded = normalize(Buffer.from(target.slice(0, end)));
  if (typeof decoded === 'string') return bad(decoded);
  const query = mark >= 0 && mark === end ? target.slice(mark).replace(/#.*$/s, '') : '';
  return {
    path: textOf(decoded),
    query,
    forward: target,
    ...(absolute ? { authority: absolute[1]! } : {}),
  };
}

/** What a dot makes of a segment. Any other byte makes it a usual one. */
const AFTER_DOT: Readonly<Record<Segment, Segment>> = {
  start: 'dot',
  dot: 'dot-dot',
  'dot-dot': 'usual',
  usual: 'usual',
};

/** The bytes of the normalised path, or why there are none. */
function normalize(raw: Buffer): Buffer | string {
  const out: number[] = [];
  let segment: Segment = 'usual';
  for (let i = 0; i < raw.length; i++) {
    let byte = raw[i]!;
    if (byte === PERCENT) {
      const escaped = escapedByte(raw, i);
      if (typeof escaped === 'string') return escaped;
      byte = escaped;
      i += 2;
    }
    if (byte === SLASH) {
      if (!removeDots(out, segment)) return 'the path leaves the root';
      if (segment === 'usual') out.push(SLASH);
      segment = 'start';
    } else {
      out.push(byte);
      segment = byte === DOT ? AFTER_DOT[segment] : 'usual';
    }
  }
  return removeDots(out, segment) ? Buffer.from(out) : 'the path leaves the root';
}

/** What the escape at `at` stands for, or why it stands for nothing. */
function escapedByte(raw: Buffer, at: number): number | string {
  const hex = raw.subarray(at + 1, at + 3).toString('latin1');
  if (!/^[0-9A-Fa-f]{2}$/.test(hex)) return 'a percent sign without two hexadecimal digits';
  return Number.parseInt(hex, 16) || 'a NUL in the path';
}

/** Takes `.` or `x/..` from the end, where the last segment is dots; false: there is nothing before `..`. */
function removeDots(out: number[], segment: Segment): boolean {
  if (segment === 'dot') out.pop();
  return segment !== 'dot-dot' || dropSegment(out);
}

/** Takes `x/..` from the end; false where there is nothing before it. */
function dropSegment(out: number[]): boolean {
  // Behind the slash of the segment before `/..`.
  for (let at = out.length - 4; at >= 0; at--) {
    if (out[at] === SLASH) {
      out.length = at + 1;
      return true;
    }
  }
  return false;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : LONE + byte)).join('');
  }
}

const LONE = 0xdc00;

/** The bytes that a path stands for. */
export function bytesOf(path: string): Buffer {
  if (!/[\udc80-\udcff]/.test(path)) return Buffer.from(path);
  return Buffer.concat(
    path.split(/([\udc80-\udcff])/).map((part) => {
      const code = part.charCodeAt(0);
      return part.length === 1 && code >= LONE + 0x80 && code <= LONE + 0xff
        ? Buffer.of(code - LONE)
        : Buffer.from(part);
    }),
  );
}

/** ngx_escape_uri with NGX_ESCAPE_URI (nginx 1.22): what a changed path goes upstream as. */
export const escapeUri = (path: string): string => percentEncode(path, '"#%<>?\\^`{|}');

/** A path with captures in a redirect by `rewrite`: what nginx 1.22 answers (asked of it), also behind a question mark in it. */
export function escapeRedirect(path: string): string {
  const mark = path.indexOf('?');
  if (mark < 0) return percentEncode(path, '"#%\\^`{|}');
  return `${percentEncode(path.slice(0, mark), '"#%\\^`{|}')}?${percentEncode(path.slice(mark + 1), '"#%&+;<>?\\^`{|}')}`;
}

/** Control characters, the space and bytes beyond ASCII always. */
function percentEncode(path: string, characters: string): string {
  let out = '';
  for (const byte of bytesOf(path)) {
    const character = String.fromCharCode(byte);
    const escaped = byte <= 0x20 || byte >= 0x7f || characters.includes(character);
    out += escaped ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}` : character;
  }
  return out;
}
