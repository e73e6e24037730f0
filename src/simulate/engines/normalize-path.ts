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
const NOTHING_TO_DO = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;
/** A dot segment that is not escaped loses its parameters first: `/a/..;x/b` → `/b`. */
const DOTS_WITH_PARAMETERS = /\/(\.\.?);[^/]*/g;
const ENCODER = new TextEncoder();

/** Canonical form of a path that begins with `/` and has no query; null where Envoy refuses it. */
export function normalizePath(path: string): string | null {
  if (NOTHING_TO_DO.test(path) && !path.includes('/.')) return path;
  const bytes = ENCODER.encode(path.replace(DOTS_WITH_PARAMETERS, '/$1'));
  let out = '';
  /** Where in `out` the last `%` stands that begins no escape. */
  let loose = -1;
  for (let i = 0; i < bytes.length; ) {
    const dot = out.endsWith('/') ? dotSegment(bytes, i) : undefined;
    if (dot) {
      i += dot.length;
      loose = -1;
      if (dot.up) out = out.slice(0, out.lastIndexOf('/', out.length - 2) + 1) || '/';
      continue;
    }
    const b = bytes[i]!;
    if (b === 0) return null;
    if (b === 92) {
      out += '/';
      i++;
    } else if (b === 37) {
      const code = escapeAt(bytes, i);
      if (code === undefined) {
        loose = out.length;
        out += '%';
        i++;
      } else if (code === 0) return null;
      else {
        const kept = !UNESCAPE.has(code);
        out += kept ? String.fromCharCode(37, bytes[i + 1]!, bytes[i + 2]!) : String.fromCharCode(code);
        i += 3;
        if (!kept && loose >= 0 && formsEscape(out.slice(loose), bytes[i]))
          out = `${out.slice(0, loose + 1)}25${out.slice(loose + 1)}`;
      }
    } else {
      out += PASS.has(b) ? String.fromCharCode(b) : `%${b.toString(16).toUpperCase().padStart(2, '0')}`;
      i++;
    }
  }
  return out;
}

/** Whether a loose `%` would begin an escape now that something behind it was unescaped (`%4%41` → `%254A`). */
function formsEscape(tail: string, next: number | undefined): boolean {
  const first = hex(tail.charCodeAt(1));
  return first >= 0 && (tail.length === 2 ? hex(next) >= 0 : tail.length === 3 && hex(tail.charCodeAt(2)) >= 0);
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
  if (bytes[i] === SLASH || bytes[i] === 92) return { length: i + 1 - at, up: dots === 2 };
  return undefined;
}

const hex = (b: number | undefined): number =>
  b === undefined ? -1 : b >= 48 && b <= 57 ? b - 48 : b >= 65 && b <= 70 ? b - 55 : b >= 97 && b <= 102 ? b - 87 : -1;

function escapeAt(bytes: Uint8Array, at: number): number | undefined {
  const high = hex(bytes[at + 1]);
  const low = hex(bytes[at + 2]);
  return high < 0 || low < 0 ? undefined : high * 16 + low;
}
