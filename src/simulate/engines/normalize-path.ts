// Envoy's `normalize_path`: the path canonicalisation of Chromium's URL library (googleurl, url/url_canon_path.cc),
// called by source/common/http/path_utility.cc canonicalPath(). Recorded: `/%61pi` → `/api`, `/%2Fq` and `//y` stay;
// fixtures/simulate/paths.json is what Envoy 1.40 made of random paths.

/** Characters that stay as they are when they come unescaped; everything else becomes %XX. */
const PASS = new Set(
  [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/[]%"].map((c) =>
    c.charCodeAt(0),
  ),
);
/** Escaped characters that are unescaped. Others keep their escape, in the case in which it came. */
const UNESCAPE = new Set(
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~'].map((c) => c.charCodeAt(0)),
);
const SLASH = 47;
const BACKSLASH = 92;
const NOTHING_TO_DO = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;
/** A dot segment that is not escaped loses its parameters first: `/a/..;x/b` → `/b`. */
const DOTS_WITH_PARAMETERS = /\/(\.\.?);[^/]*/g;
const ENCODER = new TextEncoder();

const PERCENT = 37;

/** Pattern of the paths that have one. */
export const DOT_SEGMENT = '.*/\\.\\.?(?:/.*)?';

/** Canonical form of a path that begins with `/` and has no query; null where Envoy refuses it. Linear in its length. */
export function normalizePath(path: string): string | null {
  if (NOTHING_TO_DO.test(path) && !path.includes('/.')) return path;
  const bytes = ENCODER.encode(path.replace(DOTS_WITH_PARAMETERS, '/$1'));
  const out: number[] = [];
  /** Where in `out` the last `%` stands that begins no escape. */
  let loose = -1;
  for (let i = 0; i < bytes.length; ) {
    const dot = out[out.length - 1] === SLASH ? dotSegment(bytes, i) : undefined;
    if (dot) {
      i += dot.length;
      loose = -1;
      if (dot.up) dropSegment(out);
      continue;
    }
    const b = bytes[i]!;
    if (b === 0) return null;
    if (b !== PERCENT) {
      pushUnescaped(out, b);
      i++;
      continue;
    }
    const code = escapeAt(bytes, i);
    if (code === 0) return null;
    if (code === undefined) {
      loose = out.length;
      out.push(PERCENT);
      i++;
    } else if (UNESCAPE.has(code)) {
      out.push(code);
      i += 3;
      if (loose >= 0 && formsEscape(out, loose, bytes[i])) out.splice(loose + 1, 0, 50, 53);
    } else {
      out.push(PERCENT, bytes[i + 1]!, bytes[i + 2]!);
      i += 3;
    }
  }
  return Buffer.from(out).toString('latin1');
}

function pushUnescaped(out: number[], b: number): void {
  if (b === BACKSLASH) out.push(SLASH);
  else if (PASS.has(b)) out.push(b);
  else out.push(PERCENT, ...hexDigits(b));
}

/** `/a/b/` → `/a/`; `/` stays. */
function dropSegment(out: number[]): void {
  if (out.length === 1) return;
  do out.pop();
  while (out[out.length - 1] !== SLASH);
}

function hexDigits(b: number): readonly [number, number] {
  const digits = b.toString(16).toUpperCase().padStart(2, '0');
  return [digits.charCodeAt(0), digits.charCodeAt(1)];
}

/** Whether a loose `%` would begin an escape now that something behind it was unescaped (`%4%41` → `%254A`). */
function formsEscape(out: readonly number[], loose: number, next: number | undefined): boolean {
  const behind = out.length - loose - 1;
  if (behind > 2 || hex(out[loose + 1]) < 0) return false;
  return hex(behind === 1 ? next : out[loose + 2]) >= 0;
}

/** `.` or `..` (dots may be written `%2e`) up to the next slash or the end; `length` includes that slash. */
function dotSegment(bytes: Uint8Array, at: number): { readonly length: number; readonly up: boolean } | undefined {
  let i = at;
  let dots = 0;
  while (i < bytes.length) {
    if (bytes[i] === 46) i += 1;
    else if (bytes[i] === 37 && escapeAt(bytes, i) === 46) i += 3;
    else break;
    if (++dots > 2) return undefined;
  }
  if (dots === 0) return undefined;
  if (i === bytes.length) return { length: i - at, up: dots === 2 };
  if (bytes[i] === SLASH || bytes[i] === BACKSLASH) return { length: i + 1 - at, up: dots === 2 };
  return undefined;
}

const hex = (b: number | undefined): number =>
  b === undefined ? -1 : b >= 48 && b <= 57 ? b - 48 : b >= 65 && b <= 70 ? b - 55 : b >= 97 && b <= 102 ? b - 87 : -1;

function escapeAt(bytes: Uint8Array, at: number): number | undefined {
  const high = hex(bytes[at + 1]);
  const low = hex(bytes[at + 2]);
  return high < 0 || low < 0 ? undefined : high * 16 + low;
}
