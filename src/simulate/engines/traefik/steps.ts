// What middlewares do to the path one after the other, and what they ask of it: pkg/middlewares/{addprefix,stripprefix,stripprefixregex,
// replacepath,replacepathregex,redirect} of Traefik 3.7. Rules and templates name the outcome as a pseudo header (`questions.ts`).

import { goSubstitution } from '../../../regex/go-substitution.js';
import { type CompiledRegex, compileRegex } from '../../../regex/match.js';
import type { RequestView } from '../../request-view.js';
import { cleaned, escapedPath, fromBytes, type GoPath, parsePath, toBytes, unescapePath } from './go-url.js';
import { respelledUrl } from './go-url-text.js';

/** A change of the path. */
export type PathStep =
  | readonly ['add', prefix: string]
  | readonly ['strip', prefixes: readonly string[], forceSlash?: true]
  | readonly ['strip-regex', patterns: readonly string[]]
  | readonly ['replace', path: string]
  | readonly ['replace-regex', pattern: string, replacement: string];

/** Where a request is after some steps. Texts are bytes (go-url.ts). */
export interface Walked {
  readonly url: GoPath;
  /** From `?` on, or empty. */
  readonly query: string;
  /** What the last step added as X-Forwarded-Prefix or X-Replaced-Path; absent: nothing. */
  readonly noted?: string;
  /** A step refuses: 400, or 500 where the new path does not decode. */
  readonly error?: { readonly status: number; readonly body: string };
}

export function walk(view: RequestView, steps: readonly PathStep[]): Walked {
  let at: Walked = start(view);
  for (const step of steps) {
    at = take({ url: at.url, query: at.query }, step);
    if (at.error) break;
  }
  return at;
}

export function start({ forward }: RequestView): Walked {
  const mark = forward.indexOf('?');
  const spelling = toBytes(mark < 0 ? forward : forward.slice(0, mark));
  return { url: parsePath(spelling) ?? { path: spelling, raw: '' }, query: mark < 0 ? '' : forward.slice(mark) };
}

/** The request line that it has become: what RedirectScheme and RedirectRegex look at, and what is sent on. */
export function requestLine({ url, query }: Walked): string {
  return (escapedPath(url) || '/') + query;
}

function take(at: Walked, step: PathStep): Walked {
  switch (step[0]) {
    case 'add':
      return { ...at, url: added(at.url, toBytes(step[1])) };
    case 'strip':
      for (const prefix of step[1].map(toBytes))
        if (at.url.path.startsWith(prefix)) return stripped(at, prefix, step[2] === true);
      return at;
    case 'strip-regex':
      for (const pattern of step[1]) {
        const found = compiled(pattern).first(fromBytes(at.url.path));
        const prefix = found && toBytes(found);
        if (prefix && at.url.path.startsWith(prefix)) return stripped(at, prefix, false);
      }
      return at;
    case 'replace':
      return replaced(at, currentPath(at.url), toBytes(step[1]));
    case 'replace-regex': {
      const current = currentPath(at.url);
      const regex = compiled(step[1]);
      if (!regex.find(fromBytes(current))) return at;
      const next = replaced(at, current, toBytes(replaceAll(regex, fromBytes(current), step[2])));
      return next.error ? next : unlessUnclean(next);
    }
  }
}

export const currentPath = (url: GoPath): string => url.raw || escapedPath(url);

const withSlash = (text: string): string => (text === '' || text.startsWith('/') ? text : `/${text}`);

const added = ({ path, raw }: GoPath, prefix: string): GoPath => ({
  path: withSlash(prefix + path),
  raw: raw === '' ? '' : withSlash(prefix + raw),
});

function stripped(at: Walked, prefix: string, forceSlash: boolean): Walked {
  const rest = (text: string): string => (forceSlash ? `/${text.replace(/^\//, '')}` : withSlash(text));
  const { path, raw } = at.url;
  const url = {
    path: rest(path.slice(prefix.length)),
    raw: raw === '' ? '' : rest(raw.slice(encodedLength(raw, prefix))),
  };
  return { ...unlessUnclean({ ...at, url }), noted: prefix };
}

/** As many characters of the spelling as `prefix` has bytes. */
export function encodedLength(raw: string, prefix: string): number {
  let at = 0;
  for (let decoded = 0; at < raw.length && decoded < prefix.length; decoded++)
    at += raw[at] === '%' && at + 2 < raw.length ? 3 : 1;
  return at;
}

/** A path that cleaning would change is refused. An empty one stays. */
function unlessUnclean(at: Walked): Walked {
  if (at.url.path === '') return at;
  const url = cleaned(at.url);
  return url.path === at.url.path ? { ...at, url } : { ...at, url, error: { status: 400, body: 'Bad Request\n' } };
}

function replaced(at: Walked, before: string, raw: string): Walked {
  const path = unescapePath(raw);
  if (path === undefined) return { ...at, error: { status: 500, body: `${escapeError(raw)}\n` } };
  return { url: { path, raw }, query: at.query, noted: before };
}

/** url.EscapeError's words. */
function escapeError(raw: string): string {
  const [broken = '%'] = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(raw) ?? [];
  return `invalid URL escape ${JSON.stringify(broken)}`;
}

const patterns = new Map<string, CompiledRegex>();

function compiled(pattern: string): CompiledRegex {
  let regex = patterns.get(pattern);
  if (!regex) {
    if (patterns.size > 1000) patterns.clear();
    patterns.set(pattern, (regex = compileRegex(pattern)));
  }
  return regex;
}

/** Regexp.ReplaceAllString: `$1`, `${name}`, `$$`; a name is as long as it can be, so that `$1x` is the group `1x`. */
function replaceAll(regex: CompiledRegex, text: string, replacement: string): string {
  return regex.replaceAll(text, goSubstitution(regex.pattern, replacement));
}

/** A redirect by pattern: undefined where it does not take place. `host`: what the Host header has become on the way. */
export interface UrlRedirect {
  readonly pattern: string;
  readonly replacement: string;
  readonly host?: string;
}

const REQUEST_URL = /^(https?):\/\/(\[[\w:.]+\]|[\w._-]+)?(:\d+)?(.*)$/s;

/**
 * redirect_regex.go: on scheme, host with its port, path and query. Undefined: what does not change the URL redirects nowhere. What is no
 * URL stays as it is (refuseLocation of the engine).
 */
export function redirected(
  view: RequestView,
  at: Walked,
  { pattern, replacement, host }: UrlRedirect,
): string | undefined {
  const line = fromBytes(requestLine(at));
  const [, , named, port = '', rest = line] = REQUEST_URL.exec(line) ?? [];
  const before = `${view.scheme}://${named ?? host ?? view.authority}${port}${rest}`;
  const regex = compiled(pattern);
  if (!regex.find(before)) return undefined;
  const after = replaceAll(regex, before, replacement);
  const location = respelledUrl(toBytes(after));
  if (location === undefined) return after;
  return after === before ? undefined : fromBytes(location);
}
