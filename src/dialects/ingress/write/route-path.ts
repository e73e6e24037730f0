// A rule of the model as a path of an Ingress with its backend, or why an Ingress has nothing for it.

import type { Destination, Forward, Route, StringMatcher } from '../../../model/index.js';
import type { Path } from './path-list.js';

/** A rule as a path, or why not. */
export type RoutePath =
  | {
      readonly path: Path;
      /** Of the backend, and so of the Ingress. */
      readonly namespace: string;
      /** The rule takes more than the path: its prefix need not end at a slash. */
      readonly narrower?: boolean;
    }
  | { readonly impossible: string };

/** What an Ingress has no field for: the first that a rule has is why it is left out. */
const OBSTACLES: readonly (readonly [why: string, applies: (route: Route) => boolean])[] = [
  [
    'an Ingress decides by host and path only',
    ({ match: { headers, query, claims, source } }) =>
      headers.length > 0 || query.length > 0 || !!claims?.length || !!source?.length,
  ],
  ['an Ingress only forwards', ({ action }) => action.kind !== 'forward'],
  [
    'an Ingress changes neither requests nor answers (rewrite, headers, CORS, faults, mirrors)',
    ({ action, requestHeaders, responseHeaders, cors, fault }) =>
      !!(requestHeaders || responseHeaders || cors || fault) ||
      (action.kind === 'forward' && !!(action.rewrite || action.mirrors?.length)),
  ],
];

export function routePath(route: Route): RoutePath {
  const obstacle = OBSTACLES.find(([, applies]) => applies(route));
  if (obstacle || route.action.kind !== 'forward') return { impossible: obstacle?.[0] ?? 'an Ingress only forwards' };
  const target = backendOf(route.action);
  if ('impossible' in target) return target;
  const path = pathOf(route.match.path);
  if (!path) return { impossible: 'an Ingress path is exact or a prefix, not a regular expression' };
  const { narrower, ...spelled } = path;
  return {
    path: { ...spelled, backend: target.backend },
    namespace: target.namespace,
    ...(narrower ? { narrower } : {}),
  };
}

/** The one Service that gets the requests. */
function backendOf({
  destinations,
}: Forward): { readonly backend: Path['backend']; readonly namespace: string } | { readonly impossible: string } {
  const [only, ...others] = destinations.filter((d) => d.weight > 0 || destinations.length === 1);
  if (!only || others.length > 0 || !('host' in only.to)) return { impossible: 'an Ingress has one backend per path' };
  if (only.requestHeaders || only.responseHeaders || only.hostRewrite || only.to.subset)
    return { impossible: 'an Ingress backend is a Service and a port, without subset or changes' };
  const service = serviceOf(only.to);
  if (!service) return { impossible: `${only.to.host} is not a Service of the cluster` };
  const port = only.to.portName === undefined ? { number: only.to.port } : { name: only.to.portName };
  return { backend: { service: { name: service.name, port } }, namespace: service.namespace };
}

function serviceOf({ host }: Destination): { readonly name: string; readonly namespace: string } | undefined {
  const m = /^([^.]+)\.([^.]+)\.svc(\.|$)/.exec(host);
  return m ? { name: m[1]!, namespace: m[2]! } : undefined;
}

function pathOf(
  m: StringMatcher | undefined,
): { readonly path: string; readonly pathType: 'Exact' | 'Prefix'; readonly narrower?: true } | undefined {
  if (!m || m.kind === 'any') return { path: '/', pathType: 'Prefix' };
  if (m.kind === 'regex' || m.ignoreCase || !(m.value === '' || m.value.startsWith('/'))) return undefined;
  if (m.kind === 'exact') return { path: m.value, pathType: 'Exact' };
  if (m.kind === 'segment-prefix') return { path: m.value || '/', pathType: 'Prefix' };
  if (m.kind !== 'prefix') return undefined;
  return m.value === '/' || m.value === ''
    ? { path: '/', pathType: 'Prefix' }
    : { path: m.value, pathType: 'Prefix', narrower: true };
}

/** Where exact paths are sent, by path: backends as texts. */
export function exactBackends(routes: readonly Route[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const route of routes) {
    const { path } = route.match;
    if (path?.kind !== 'exact') continue;
    const result = routePath(route);
    if ('path' in result)
      found.set(path.value, (found.get(path.value) ?? new Set()).add(JSON.stringify(result.path.backend)));
  }
  return found;
}
