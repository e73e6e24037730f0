// Envoy as Istio configures it for a gateway: normalize_path on, merge_slashes off, escaped slashes kept
// (istio pilot/pkg/networking/core/listener_builder.go, path normalisation BASE), use_remote_address on.

import type { HeaderEdit } from '../decision.js';
import type { RequestView } from '../request-view.js';
import type { EngineRules, Refusal } from './engine-rules.js';
import { envoyOperators } from './envoy-operators.js';
import { lowerHostWithoutPort } from './host-name.js';
import { normalizePath } from './normalize-path.js';
import { applyPathRewrite, redirectLocation, splitQuery } from './rewriting.js';

const badRequest = (reason: string, body = 'Bad Request'): Refusal => ({ status: 400, body, reason });

export const envoy: EngineRules = {
  engine: 'envoy',
  seePath(path) {
    // Recorded: istio/merge/merge-11-006 #11 (`v4` → 400 `Bad Request`).
    if (!path.startsWith('/')) return badRequest('a path begins with /');
    if (path.includes('#')) return badRequest('a path has no fragment (#)', '');
    const seen = splitQuery(path);
    const normal = normalizePath(seen.path);
    if (normal === null) return badRequest('the path cannot be normalised', '');
    return normal === seen.path ? seen : { path: normal, query: seen.query };
  },
  refuse: (request) => (request.host === '' ? badRequest('HTTP/1.1 needs a Host header', '') : undefined),
  hostName: lowerHostWithoutPort,
  noRoute: { status: 404, body: '', flags: 'NR' },
  noDestination: { status: 503, body: '', flags: 'NC' },
  seenHeader,
  rewritePath: applyPathRewrite,
  location: redirectLocation,
  bookkeeping(view, rewritten) {
    const edits: HeaderEdit[] = [];
    if (rewritten.host) edits.push({ op: 'set', name: 'x-envoy-original-host', value: view.authority });
    if (rewritten.path) edits.push({ op: 'set', name: 'x-envoy-original-path', value: view.forward });
    return edits;
  },
  operators: envoyOperators,
};

/** Set by the connection manager before routing (source/common/http/conn_manager_utility.cc, mutateRequestHeaders), edge gateway. */
function seenHeader(view: RequestView, name: string): string | undefined {
  if (name === 'x-forwarded-proto') return view.scheme;
  if (name !== 'x-forwarded-for') return undefined;
  return [...view.lines(name), view.source].join(',');
}
