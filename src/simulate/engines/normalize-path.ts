// Envoy's `normalize_path`: the path canonicalisation of Chromium's URL library (googleurl, url/url_canon_path.cc),
// called by source/common/http/path_utility.cc canonicalPath(). Asked of Envoy 1.40 itself, and recorded: `/%61pi` → `/api`, `/%2Fq` and `//y` stay.

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
const SIMPLE = /^\/(?:[A-Za-z0-9\-_~!$&'()*+,;=:@][A-Za-z0-9\-._~!$&'()*+,;=:@]*\/?|\/)*$/;
const ENCODER = new TextEncoder();

/** Canonical form of a path that begins with `/` and has no query; null where Envoy refuses it. */
export function normalizePath(path: string): string | null {
  if (SIMPLE.test(path)) return path;
  const bytes = ENCODER.encode(path);
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const dot = out.endsWith('/') ? dotSegment(bytes, i) : undefined;
    if (dot) {
      i += dot.length;
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
        out += '%';
        i++;
      } else {
        if (code === 0) return null;
        out += UNESCAPE.has(code) ? String.fromCharCode(code) : String.fromCharCode(37, bytes[i + 1]!, bytes[i + 2]!);
        i += 3;
      }
    } else {
      out += PASS.has(b) ? String.fromCharCode(b) : `%${b.toString(16).toUpperCase().padStart(2, '0')}`;
      i++;
    }
  }
  return out;
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
