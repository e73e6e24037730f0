// The path on its way into Traefik 3.7: what net/http and the entry point refuse, how it is cleaned (normalizePath, sanitizePath and
// denyFragment in pkg/server/server_entrypoint_tcp.go), and what rules see of it (withRoutingPath in pkg/muxer/http/mux.go).

import type { Refusal, SeenPath } from '../engine-rules.js';
import { cleaned, escapedPath, fromBytes, type GoPath, parsePath, toBytes, unescapePath } from './go-url.js';

const refused = (reason: string, body = '400 Bad Request'): Refusal => ({ status: 400, body, reason });

/** A request line as Traefik's handlers begin with it. */
export interface Entered {
  readonly url: GoPath;
  /** From `?` on, or empty; as it came. */
  readonly query: string;
  readonly authority?: string;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/** Before the entry point's own handlers, or why net/http does not let it in. */
export function enter(target: string, method: string): Entered | Refusal {
  if (target === '*')
    return method === 'OPTIONS'
      ? { status: 200, body: '', reason: 'net/http answers OPTIONS * by itself' }
      : { url: { path: '*', raw: '' }, query: '' };
  const absolute = ABSOLUTE.exec(target.slice(0, 2048));
  const line = absolute ? target.slice(absolute[0].length) : target;
  if (!absolute && !line.startsWith('/')) return refused('the path must begin with /');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(line)) return refused('a space or a control character in the path');
  const mark = line.indexOf('?');
  const url = parsePath(sentBytes(mark < 0 ? line : line.slice(0, mark)));
  if (!url) return refused('a percent sign without two hexadecimal digits');
  return {
    url,
    query: mark < 0 ? '' : line.slice(mark),
    ...(absolute ? { authority: absolute[1]! } : {}),
  };
}

/** A text whose characters are the bytes of UTF-8 already (sockets, recordings) stays as it is. */
function sentBytes(line: string): string {
  if ([...line].some((c) => c > '\u00ff')) return toBytes(line);
  const text = fromBytes(line);
  return text === line || /[\udc80-\udcff]/.test(text) ? toBytes(line) : line;
}

/** Behind them. `sanitized`: `sanitizePath` of the entry point. */
export function clean(url: GoPath, sanitized: boolean): GoPath | Refusal {
  if (url.raw.includes('#')) return refused('a fragment in the path', '');
  const normal = url.raw === '' ? url : { path: url.path, raw: normalized(url.raw) };
  return sanitized ? cleaned(normal) : normal;
}

/** Unreserved characters lose their escape, others get capital letters. */
const normalized = (raw: string): string =>
  raw.replace(/%[0-9A-Fa-f]{2}/g, (code) => {
    const c = unescapePath(code)!;
    return /[A-Za-z0-9\-_.~]/.test(c) ? c : code.toUpperCase();
  });

const STAYS_ESCAPED = new Set([...":/?#[]@!$&'()*+,;=%"].map((c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`));

/** What rules see: decoded, but for reserved characters and the percent sign. */
export function routingPath(url: GoPath): string {
  const spelling = escapedPath(url);
  if (!spelling.includes('%')) return spelling;
  return fromBytes(
    spelling.replace(/%[0-9A-Fa-f]{2}/g, (code) => (STAYS_ESCAPED.has(code) ? code : unescapePath(code)!)),
  );
}

/** AllowQuerySemicolons of net/http, and the reverse proxy: a semicolon parts parameters, and is sent on as `&`. */
const queryOf = (query: string): string => query.replaceAll(';', '&');

export function seenByTraefik(target: string, method: string, sanitized: boolean): SeenPath | Refusal {
  const entered = enter(target, method);
  if ('status' in entered) return entered;
  const url = clean(entered.url, sanitized);
  if ('status' in url) return url;
  const { authority } = entered;
  const query = queryOf(entered.query);
  return {
    path: routingPath(url),
    query,
    forward: (escapedPath(url) || '/') + query,
    ...(authority === undefined ? {} : { authority }),
  };
}
