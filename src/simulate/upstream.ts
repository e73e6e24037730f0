// What the destination gets: headers changed, host and path rewritten, in Envoy's order. The weighted destination's own
// changes come first, then the route's (source/common/router/weighted_cluster_specifier.cc, config_impl.cc finalizeRequestHeaders).

import { append, type Destination } from '../model/index.js';
import type { Choice, CompiledRoute } from './action.js';
import type { Forwarded, HeaderEdit } from './decision.js';
import { type DecisionState, happens } from './decision-state.js';
import type { Expand } from './engines/engine-rules.js';
import { applyHeaderOps, requestScope } from './header-ops.js';
import { mirrorsOf } from './mirror.js';
import { compileTemplate, evaluateTemplate } from './template.js';

/** Path, host and headers that go upstream, and the copies of them. */
export function upstreamRequest(
  state: DecisionState,
  compiled: CompiledRoute,
  choice: Choice,
  to: Destination,
): Pick<Forwarded, 'upstream' | 'mirrors'> {
  const { engine, view, context } = state;
  const { action } = compiled.route;
  const mirrors = action.kind === 'forward' ? action.mirrors : undefined;
  const { hostRewrite } = choice.destination;
  // What the token check changed, `view` shows already; the destination gets it too.
  const edits: HeaderEdit[] = context.token?.requestHeaders ? [...context.token.requestHeaders] : [];
  if (engine.droppedHeaders && (view.request.headers || view.certified)) append(edits, engine.droppedHeaders(view));
  const rewrite = action.kind === 'forward' ? action.rewrite : undefined;
  const method = rewrite?.method ?? view.method;
  const proto = (): 'http' | 'https' => engine.protoAfter?.(edits) ?? view.scheme;
  const unchanged =
    !choice.requestHeaders &&
    !compiled.requestHeaders &&
    !hostRewrite &&
    !compiled.hostRewrite &&
    !compiled.pathRewrite &&
    !rewrite?.query;
  const addHeaders = (): void => {
    if (engine.addedHeaders) append(edits, engine.addedHeaders(view, edits));
  };
  const named = (host: string, { host: name, port }: Destination): string =>
    host === '' && engine.namesHosts ? `${name}:${port}` : host;
  if (unchanged && !mirrors) {
    addHeaders();
    return {
      upstream: { method, path: view.forward, host: named(view.authority, to), proto: proto(), headers: edits },
      mirrors: NO_MIRRORS,
    };
  }

  const current = { path: view.forward, host: view.authority };
  const names = { routeName: compiled.route.name, destination: `${to.host}:${to.port}` };
  const scope = requestScope(view, edits, names, current);
  const expand: Expand = (template) => evaluateTemplate(template, scope, engine.operators);

  applyHeaderOps(choice.requestHeaders, edits, scope, engine);
  if (hostRewrite) current.host = hostRewrite;
  applyHeaderOps(compiled.requestHeaders, edits, scope, engine);
  // Envoy notes the original host for the route's rewrite only, not for that of a weighted cluster.
  const newHost = compiled.hostRewrite && expand(compiled.hostRewrite);
  // A value that the request does not have changes nothing, as with headers.
  const rewritesHost = newHost !== undefined && (newHost !== '' || engine.sendsEmptyHeaders);
  const hostBefore = rewritesHost ? current.host : undefined;
  if (rewritesHost) current.host = newHost;
  const newPath = compiled.pathRewrite && engine.rewritePath(view, compiled.pathRewrite, expand);
  if (newPath !== undefined) current.path = newPath;
  if (rewrite?.query && engine.rewriteQuery) {
    const query = engine.rewriteQuery(view, rewrite.query, (template) => expand(compileTemplate(template)));
    // What an engine puts behind a path that it writes anew is the query as it came.
    current.path = current.path.slice(0, current.path.length - view.query.length) + query;
  }
  if (engine.bookkeeping && (newPath !== undefined || hostBefore !== undefined))
    append(edits, engine.bookkeeping(view, { path: newPath !== undefined, hostBefore }));
  addHeaders();

  const sent = { method, path: current.path, host: current.host };
  const copies =
    mirrors &&
    mirrorsOf(
      mirrors,
      sent,
      (percent) => happens(percent, context),
      (t) => expand(compileTemplate(t)),
    ).map((copy) => ({ ...copy, host: named(copy.host, copy.destination) }));
  return {
    upstream: { ...sent, host: named(sent.host, to), proto: proto(), headers: edits },
    mirrors: copies ?? NO_MIRRORS,
  };
}

const NO_MIRRORS: Forwarded['mirrors'] = [];
