// Rewrites and redirects as Envoy spells them: source/common/router/config_impl.cc (currentUrlPathAfterRewriteWithMatchedPath)
// and source/common/http/utility.cc (newUri, processRequestHost).

import type { Redirect } from '../../model/index.js';
import type { RequestView } from '../request-view.js';
import type { CompiledPathRewrite, Expand, SeenPath } from './engine-rules.js';

export function splitQuery(path: string): SeenPath {
  const at = path.indexOf('?');
  return at < 0 ? { path, query: '' } : { path: path.slice(0, at), query: path.slice(at) };
}

/** The new path and query. A pattern that leaves nothing of the path rewrites nothing (Envoy 1.40, path_rewrite_utility.cc). */
export function applyPathRewrite(
  view: RequestView,
  { rewrite, regex, full }: CompiledPathRewrite,
  expand: Expand,
): string | undefined {
  switch (rewrite.kind) {
    case 'prefix':
      return rewrite.to + view.path.slice(rewrite.from.length) + view.query;
    case 'full':
      return expand(full!) + view.query;
    case 'regex': {
      const replaced = rewrite.all
        ? regex!.replaceAll(view.path, rewrite.substitution)
        : regex!.replaceFirst(view.path, rewrite.substitution);
      return replaced === '' ? undefined : replaced + view.query;
    }
    case 'strip-trailing-slash':
      return (view.path.endsWith('/') ? view.path.slice(0, -1) : view.path) + view.query;
  }
}

/** Location of a redirect. */
export function redirectLocation(
  view: RequestView,
  redirect: Redirect,
  path: CompiledPathRewrite | undefined,
  expand: Expand,
): string {
  if (redirect.relative) return redirectPath(view, redirect, path, expand);
  const scheme = redirect.scheme ?? view.scheme;
  const port =
    typeof redirect.port === 'number'
      ? `:${redirect.port}`
      : redirect.port === 'from-request-port'
        ? `:${view.request.port}`
        : '';
  const host = redirect.host || requestHost(view, scheme, port !== '');
  return `${scheme}://${host}${port}${redirectPath(view, redirect, path, expand)}`;
}

/** The request's own host: its port goes when another is given, or when the scheme changes and it was the old default. */
function requestHost(view: RequestView, scheme: string, otherPort: boolean): string {
  const host = view.authority;
  const colon = host.startsWith('[') ? host.lastIndexOf(']:') + 1 || -1 : host.lastIndexOf(':');
  if (colon < 0) return host;
  const port = host.slice(colon);
  const drop = otherPort || (scheme !== view.scheme && port === (view.scheme === 'https' ? ':443' : ':80'));
  return drop ? host.slice(0, colon) : host;
}

function redirectPath(
  view: RequestView,
  redirect: Redirect,
  path: CompiledPathRewrite | undefined,
  expand: Expand,
): string {
  let result: string;
  if (path?.rewrite.kind === 'full') {
    const full = rooted(expand(path.full!));
    // A query in the configured path wins over the request's and is never stripped.
    if (full.includes('?')) return full;
    result = full + view.query;
  } else result = rooted((path && applyPathRewrite(view, path, expand)) ?? view.path + view.query);
  const query = redirect.stripQuery ? result.indexOf('?') : -1;
  return query < 0 ? result : result.slice(0, query);
}

/** Recorded: istio/action/action-11-030 #29 (`uri: "%PREFIX()%"` → `http://host/%PREFIX()%`). */
const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`);
