// Kong 3.10 in front of destinations, with its default router flavour `traditional_compatible`: routes see the decoded, normalised path,
// the destination gets it escaped again; hosts are compared with their case, without the port (kong/router, kong/tools/uri.lua,
// kong/runloop/handler.lua). What is wrong as HTTP is answered by the nginx below it.

import type { Redirect } from '../../../model/index.js';
import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { CompiledPathRewrite, EngineRules, Expand } from '../engine-rules.js';
import { engine as nginx } from '../nginx/index.js';
import { DOT_SEGMENT } from '../normalize-path.js';
import { kongOperators } from './operators.js';
import { rewrittenQuery } from './query.js';
import { pseudoHeader } from './token.js';
import { escapeUri, isBroken, sanitized, seenByKong } from './uri.js';
import { wire } from './wire.js';

const NO_ROUTE = { status: 404, body: '{"message":"no Route matched with those values"}' } as const;

export const engine: EngineRules = {
  engine: 'kong',
  // A percent sign stands only before the code of a reserved character, in upper case.
  paths: {
    without: '?',
    pattern: '/(?:[^%?]|%(?:2[1346789ABCF]|2[57]|3[ABDF]|40|5[BD]))*',
    never: ['.*//.*', DOT_SEGMENT],
  },
  writePath: (path) => path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]/gu, (c) => encodeURIComponent(c)),
  wire,
  seePath(path) {
    const seen = seenByKong(path);
    return 'path' in seen && isBroken(seen.path) ? { ...NO_ROUTE, reason: 'the decoded path is not UTF-8' } : seen;
  },
  ...(nginx.refuse ? { refuse: nginx.refuse } : {}),
  hostName: hostWithoutPort,
  pseudoHeader,
  noRoute: NO_ROUTE,
  tooLarge: { status: 413, body: '{"message":"Request size limit exceeded"}', at: 'filter' },
  noDestination: { status: 503, body: '{"message":"failure to get a peer from the ring-balancer"}' },
  joinsLines: () => false,
  sendsEmptyHeaders: true,
  rewritePath: (view, rewrite, expand) => escapeUri(rewritten(view, rewrite, expand)) + view.query,
  rewriteQuery: (view, ops, expand) => rewrittenQuery(view.query, ops, expand),
  location: redirectLocation,
  droppedHeaders,
  operators: kongOperators,
};

/** split_port of kong/router/traditional.lua: digits behind the only colon, or behind brackets. */
function hostWithoutPort(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracketed) return bracketed[1]!;
  return /^([^:]*):\d*$/.exec(host)?.[1] ?? host;
}

/** The path alone, not escaped. */
function rewritten(view: RequestView, { rewrite, regex, full }: CompiledPathRewrite, expand: Expand): string {
  switch (rewrite.kind) {
    case 'full':
      return full ? expand(full) : rewrite.to;
    case 'prefix':
      return rewrite.to + sanitized(view.path.slice(rewrite.from.length));
    case 'regex':
      return regex ? regex.replaceFirst(view.path, rewrite.substitution) : view.path;
    case 'strip-trailing-slash':
      return view.path.endsWith('/') ? view.path.slice(0, -1) : view.path;
  }
}

/**
 * A redirect to https keeps the request line, and nginx writes its host in lower case without the port (access.before in
 * kong/runloop/handler.lua); one to another host (plugin redirect with keep_incoming_path) has the normalised path.
 */
function redirectLocation(
  view: RequestView,
  redirect: Redirect,
  path: CompiledPathRewrite | undefined,
  expand: Expand,
): string {
  const scheme = redirect.scheme ?? view.scheme;
  const port = typeof redirect.port === 'number' ? `:${redirect.port}` : '';
  if (redirect.host === undefined && !path)
    return `${scheme}://${nginxHost(view.authority)}${port}${view.request.path}`;
  const host = redirect.host ?? nginxHost(view.authority);
  const target = path ? rewritten(view, path, expand) : view.path;
  return `${scheme}://${host}${port}${escapeUri(target)}${redirect.stripQuery ? '' : view.query}`;
}

/** `$host`: lower case, without the port and a dot at its end. */
const nginxHost = (authority: string): string => hostWithoutPort(authority).toLowerCase().replace(/\.$/, '');

/** Of nginx's proxy module and access.after of the handler. */
function droppedHeaders(view: RequestView): readonly HeaderEdit[] {
  const names = Object.keys(view.request.headers ?? {}).map((name) => name.toLowerCase());
  return names
    .filter((name) => name === 'proxy' || name === 'proxy-connection')
    .map((name) => ({ op: 'remove', name, value: '' }));
}
