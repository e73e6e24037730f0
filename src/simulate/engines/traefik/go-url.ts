// net/url of Go 1.26 as far as Traefik's handling of paths depends on it: what is escaped, when the escaped spelling of the client is
// kept, and how a path is cleaned. A path is a text of bytes: each character one byte (latin1), so that nothing is lost on the way.

/** Path, decoded, and the client's spelling of it where Go would spell it differently. */
export interface GoPath {
  readonly path: string;
  /** Empty: `escape(path)` is the spelling. */
  readonly raw: string;
}

const KEPT_IN_PATH = /[A-Za-z0-9\-_.~$&+,/:;=@]/;
/** validEncoded: what may stand in a spelling that is kept. */
const VALID = /^[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]*$/;

const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** Undefined: a percent sign without two hexadecimal digits. */
export function unescapePath(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (BROKEN_ESCAPE.test(text)) return undefined;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const escaped = (c: string): string => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

export const escapePath = (path: string): string => {
  let out = '';
  for (const c of path) out += KEPT_IN_PATH.test(c) ? c : escaped(c);
  return out;
};

/** url.URL.setPath; undefined: not a path. */
export function parsePath(spelling: string): GoPath | undefined {
  const path = unescapePath(spelling);
  return path === undefined ? undefined : { path, raw: escapePath(path) === spelling ? '' : spelling };
}

/** url.URL.EscapedPath. */
export function escapedPath({ path, raw }: GoPath): string {
  if (raw !== '' && VALID.test(raw) && unescapePath(raw) === path) return raw;
  return path === '*' ? '*' : escapePath(path);
}

/** url.URL.JoinPath without elements: repeated slashes and dot segments go, a slash at the end stays. */
export function cleaned(url: GoPath): GoPath {
  const spelling = escapedPath(url);
  const absolute = spelling.startsWith('/');
  let result = cleanPath(absolute ? spelling : `/${spelling}`);
  if (!absolute) result = result.slice(1);
  const last = absolute ? spelling : `/${spelling}`;
  if (last.endsWith('/') && !result.endsWith('/')) result += '/';
  return parsePath(result) ?? { path: result, raw: '' };
}

/** path.Clean of a path that begins with a slash. */
function cleanPath(path: string): string {
  const out: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop();
    else if (segment !== '' && segment !== '.') out.push(segment);
  }
  return `/${out.join('/')}`;
}

/** url.ParseQuery: names to values, decoded; what does not decode is left out. `query` without its question mark. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const equal = part.indexOf('=');
    const name = unescapeQuery(equal < 0 ? part : part.slice(0, equal));
    const value = equal < 0 ? '' : unescapeQuery(part.slice(equal + 1));
    if (name === undefined || value === undefined) continue;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}

function unescapeQuery(text: string): string | undefined {
  const bytes = unescapePath(toBytes(text.replaceAll('+', ' ')));
  return bytes === undefined ? undefined : fromBytes(bytes);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();
const ASCII = /^[\u0020-\u007e]*$/;

/** A text as its bytes in UTF-8, one character each. */
export function toBytes(text: string): string {
  if (ASCII.test(text)) return text;
  let out = '';
  for (const byte of encoder.encode(text)) out += String.fromCharCode(byte);
  return out;
}

/** Bytes as text, where they are UTF-8; else each beyond ASCII stands for itself as U+DC80 to U+DCFF. */
export function fromBytes(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  try {
    return utf8.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return Array.from(bytes, (c) => (c.charCodeAt(0) < 0x80 ? c : String.fromCharCode(0xdc00 + c.charCodeAt(0)))).join(
      '',
    );
  }
}
