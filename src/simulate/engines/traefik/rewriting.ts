// Rewrites of the model as Traefik's middlewares do them: on the decoded path with the client's spelling beside it (go-url.ts), or, where
// a pattern replaces all of its matches (ReplacePathRegex), on the spelling.

import type { RequestView } from '../../request-view.js';
import type { CompiledPathRewrite, Expand } from '../engine-rules.js';
import { applyPathRewrite } from '../rewriting.js';
import { fromBytes, type GoPath, parsePath, toBytes, unescapePath } from './go-url.js';
import { currentPath, encodedLength, requestLine, start } from './steps.js';

/** The new path and query. */
export function rewritePath(view: RequestView, compiled: CompiledPathRewrite, expand: Expand): string | undefined {
  const { rewrite, regex } = compiled;
  const at = start(view);
  const sent = (url: GoPath): string => fromBytes(requestLine({ url, query: at.query }));
  switch (rewrite.kind) {
    case 'prefix':
      return sent(withPrefix(at.url, toBytes(rewrite.from), toBytes(rewrite.to)));
    case 'full':
      return expand(compiled.full!) + at.query;
    case 'regex': {
      if (!rewrite.all) {
        const path = fromBytes(at.url.path);
        return regex!.find(path)
          ? sent(withoutStart(at.url, toBytes(regex!.replaceFirst(path, rewrite.substitution)).slice(1)))
          : sent(at.url);
      }
      const before = fromBytes(currentPath(at.url));
      const after = regex!.replaceAll(before, rewrite.substitution);
      const url = after === before ? at.url : parsePath(toBytes(after));
      // Text that had to be escaped makes Go escape the whole path anew.
      return url && sent(after !== before && rewrite.substitution.includes('%') ? { ...url, raw: '' } : url);
    }
    default:
      return applyPathRewrite(view, compiled, expand);
  }
}

/** StripPrefix adds no slash where one stands already; a slash behind one that was sent escaped stays. */
function withPrefix({ path, raw }: GoPath, from: string, spelling: string): GoPath {
  const { length } = from;
  const to = unescapePath(spelling) ?? spelling;
  const rest = path.slice(length);
  const doubled = !from.endsWith('/') && to.endsWith('/') && rest.startsWith('/');
  return {
    path: to + (doubled ? rest.slice(1) : rest),
    // Where the prefix may not stand in a spelling, Go escapes the whole path anew (escapedPath).
    raw: raw === '' ? '' : to + raw.slice(encodedLength(raw, path.slice(0, length))),
  };
}

/** StripPrefixRegex: what is left of the decoded path, behind a slash. */
function withoutStart({ path, raw }: GoPath, left: string): GoPath {
  const cut = path.slice(0, path.length - left.length);
  return { path: `/${left}`, raw: raw === '' ? '' : `/${raw.slice(encodedLength(raw, cut))}` };
}
