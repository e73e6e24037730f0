// Envoy with the settings of a connection manager about paths and names of headers: normalize_path, path_with_escaped_slashes_action, merge_slashes,
// the runtime flag http_reject_path_with_fragment, headers_with_underscores_action, suppress_envoy_headers.

import type { Intake } from '../../../model/index.js';
import type { RequestView } from '../../request-view.js';
import type { EngineRules, Refusal, SeenPath } from '../engine-rules.js';
import { splitQuery } from '../rewriting.js';

const ESCAPED_SLASH = /%2f/gi;
const ESCAPED_BACKSLASH = /%5c/gi;

const hasUnderscore = (name: string): boolean => name.includes('_');

/** `envoy`: as it is where nothing of this is said. */
export function takingIn(envoy: EngineRules, intake: Required<Intake>): EngineRules {
  const { underscores, envoyHeaders, clientCertificates } = intake;
  const { serviceTimeHeader, ...bareWire } = envoy.wire;
  const namesOf = (view: RequestView) => Object.keys(view.request.headers ?? {}).filter(hasUnderscore);
  return {
    ...envoy,
    tellsCertificates: clientCertificates,
    wire: { ...bareWire, ...(envoyHeaders && serviceTimeHeader !== undefined ? { serviceTimeHeader } : {}) },
    seePath: (target, method) => seenPath(envoy, target, method, intake),
    refuse(request) {
      const refused = envoy.refuse?.(request);
      if (refused || underscores !== 'reject') return refused;
      const bad = Object.keys(request.headers ?? {}).find(hasUnderscore);
      return bad === undefined
        ? undefined
        : { status: 400, body: 'Bad Request', reason: `the name of header ${bad} has an underscore` };
    },
    droppedHeaders: (view) => [
      ...(envoy.droppedHeaders?.(view) ?? []),
      ...(underscores === 'drop'
        ? namesOf(view).map((n) => ({ op: 'remove' as const, name: n.toLowerCase(), value: '' }))
        : []),
    ],
    seenHeader: (view, name) => (underscores === 'drop' && hasUnderscore(name) ? null : envoy.seenHeader?.(view, name)),
    bookkeeping: (view, rewritten) => (envoyHeaders ? (envoy.bookkeeping?.(view, rewritten) ?? []) : []),
  };
}

/** Envoy's maybeNormalizePath (source/common/http/conn_manager_utility.cc) and PathUtil::mergeSlashes (path_utility.cc). */
function seenPath(
  envoy: EngineRules,
  target: string,
  method: string,
  { escapedSlashes, mergeSlashes, normalizePath, fragments }: Required<Intake>,
): SeenPath | Refusal {
  if (fragments === 'reject' && target.includes('#'))
    return { status: 400, body: '', reason: 'the path must not contain a fragment (#)' };
  const { path, query } = splitQuery(target);
  const isEscaped = ESCAPED_SLASH.test(path) || ESCAPED_BACKSLASH.test(path);
  ESCAPED_SLASH.lastIndex = ESCAPED_BACKSLASH.lastIndex = 0;
  const unescaped = isEscaped && escapedSlashes !== 'keep';
  const written = unescaped ? path.replace(ESCAPED_SLASH, '/').replace(ESCAPED_BACKSLASH, '\\') + query : target;
  // The backslash that an escape stood for is no part of what clients may write.
  const seen = envoy.seePath(normalizePath ? written.replaceAll('\\', '/') : written, method, normalizePath);
  if ('status' in seen) return seen;
  if (unescaped && escapedSlashes === 'reject')
    return { status: 400, body: '', reason: 'the path has an escaped slash' };
  const merged = mergeSlashes && seen.path.includes('//') ? { ...seen, path: seen.path.replace(/\/{2,}/g, '/') } : seen;
  if (!unescaped || escapedSlashes === 'forward') return merged;
  return {
    status: 307,
    body: '',
    location: merged.path + merged.query,
    reason: 'the path has an escaped slash: the client is redirected to the path without it',
  };
}
