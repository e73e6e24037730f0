// Envoy as Envoy Gateway configures it (internal/xds/translator/listener.go and route.go, v1.9.1; asked of Envoy 1.40): slashes are
// merged, an escaped slash is a redirect to the path without the escape, header names with an underscore are refused, and nothing is
// told to destinations of what the path or the host was before, but for x-forwarded-host. A ClientTrafficPolicy says some of it otherwise.

import type { Intake } from '../../../model/index.js';
import type { RequestView } from '../../request-view.js';
import type { EngineRules, Refusal, SeenPath } from '../engine-rules.js';
import { engine as envoy } from '../envoy/index.js';
import { splitQuery } from '../rewriting.js';

const ESCAPED_SLASH = /%2f/gi;
const ESCAPED_BACKSLASH = /%5c/gi;
/** The header of the server stays the destination's (PASS_THROUGH). */
const { server: _, serviceTimeHeader, ...bareWire } = envoy.wire;

const hasUnderscore = (name: string): boolean => name.includes('_');

export const engine: EngineRules = configured({});

function configured(intake: Intake): EngineRules {
  const { escapedSlashes = 'redirect', mergeSlashes = true, underscores = 'reject', envoyHeaders = false } = intake;
  const namesOf = (view: RequestView) => Object.keys(view.request.headers ?? {}).filter(hasUnderscore);
  return {
    ...envoy,
    engine: 'envoy-gateway',
    // Escaped slashes and double ones are left out whatever is configured.
    paths: { ...envoy.paths, never: [...envoy.paths.never, '.*//.*', '.*%(?:2[Ff]|5[Cc]).*'] },
    wire: {
      ...bareWire,
      ...(envoyHeaders && serviceTimeHeader !== undefined ? { serviceTimeHeader } : {}),
      // No retries without a policy.
      retries: { attempts: 0, on: '', backoffMs: 0 },
    },
    seePath: (target, method) => seenPath(target, method, escapedSlashes, mergeSlashes),
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
    bookkeeping(view, rewritten) {
      const forwarded =
        rewritten.hostBefore === undefined
          ? []
          : [
              {
                op: 'set' as const,
                name: 'x-forwarded-host',
                value: [...view.lines('x-forwarded-host'), rewritten.hostBefore].join(','),
              },
            ];
      return [...(envoyHeaders ? (envoy.bookkeeping?.(view, rewritten) ?? []) : []), ...forwarded];
    },
    configured,
  };
}

/** Envoy's maybeNormalizePath (source/common/http/conn_manager_utility.cc) and PathUtil::mergeSlashes (path_utility.cc). */
function seenPath(
  target: string,
  method: string,
  escapedSlashes: NonNullable<Intake['escapedSlashes']>,
  mergeSlashes: boolean,
): SeenPath | Refusal {
  const { path, query } = splitQuery(target);
  const isEscaped = ESCAPED_SLASH.test(path) || ESCAPED_BACKSLASH.test(path);
  ESCAPED_SLASH.lastIndex = ESCAPED_BACKSLASH.lastIndex = 0;
  const unescaped = isEscaped && escapedSlashes !== 'keep';
  const written = unescaped ? path.replace(ESCAPED_SLASH, '/').replace(ESCAPED_BACKSLASH, '\\') + query : target;
  // The backslash that an escape stood for is no part of what clients may write.
  const seen = envoy.seePath(written.replaceAll('\\', '/'), method);
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
