// What is lost of redirects and rewrites.

import { type Forward, literalText, type Route, type SimulationResult } from '../../model/index.js';
import { atLocation, type View } from '../answers.js';
import { keepTrailingSlash, onDestinations, onForward, onRedirect } from '../route-changes.js';
import type { Effect, Feature } from './feature.js';

const withoutSlashes: View = (r) => {
  const bare = atLocation(r, (location) => location.replaceAll('/', ''));
  return bare.upstream
    ? { ...bare, upstream: { ...bare.upstream, path: bare.upstream.path.replaceAll('/', '') } }
    : bare;
};
const bySlashes: Effect = { view: withoutSlashes };
function withoutHostRewrite(forward: Forward): Forward {
  if (!forward.rewrite) return forward;
  const { host: _, ...rewrite } = forward.rewrite;
  return { ...forward, rewrite };
}

function withoutComputedPath(forward: Forward): Forward {
  if (!forward.rewrite) return forward;
  const { path, ...rewrite } = forward.rewrite;
  return path?.kind === 'full' && literalText(path.to) === undefined ? { ...forward, rewrite } : forward;
}

const withoutPart =
  (part: 'method' | 'query') =>
  (forward: Forward): Forward => {
    if (!forward.rewrite) return forward;
    const { [part]: _, ...rewrite } = forward.rewrite;
    return { ...forward, rewrite };
  };

function withoutForwardedHost(result: SimulationResult): SimulationResult {
  if (!result.upstream?.set?.['x-forwarded-host']) return result;
  const { set: all, ...upstream } = result.upstream;
  const { 'x-forwarded-host': _, ...set } = all ?? {};
  return { ...result, upstream: { ...upstream, ...(Object.keys(set).length > 0 ? { set } : {}) } };
}

export const REWRITES = {
  'redirect.trailing-slash': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slash at the end of a Location',
    documentation: 'the target keeps a slash at the end of the path',
    parts: ['Redirect.path'],
    effect: { route: ({ exactFor }) => keepTrailingSlash(exactFor ?? []) },
  },
  // Where a rule for one path says what the source says of every path.
  'redirect.slash-before-query': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slash before the query of a Location',
    documentation: 'of the paths that rules name, the target takes the slash off before a query too',
    // One slash of the request line in all: that of the query stays then.
    effect: { view: (r) => atLocation(r, (location) => location.replace(/\/(?=\?)/, '').replace(/(\?.*)\/$/, '$1')) },
  },
  'redirect.relative': {
    severity: 'approximate',
    group: 'differs',
    title: 'Location without scheme and host',
    documentation: 'the target writes scheme and host into the Location',
    parts: ['Redirect.relative'],
    effect: { route: () => onRedirect(({ relative: _, ...action }, route) => [{ ...route, action }]) },
  },
  'redirect.strip-query': {
    severity: 'approximate',
    group: 'differs',
    title: 'Query of a Location',
    documentation: 'the target keeps the query',
    effect: { route: () => onRedirect(({ stripQuery: _, ...action }, route) => [{ ...route, action }]) },
  },
  'redirect.path.slashes': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slashes of a redirected path',
    documentation: 'path elements are replaced, with one slash between them',
    parts: ['Redirect.path'],
    effect: bySlashes,
  },
  'rewrite.path.slashes': {
    severity: 'approximate',
    group: 'differs',
    title: 'Slashes of a rewritten path',
    documentation: 'path elements are replaced, with one slash between them',
    parts: ['Rewrite.path'],
    effect: bySlashes,
  },
  'rewrite.path.root': {
    severity: 'refused',
    group: 'refused',
    title: 'Rewrite of the root',
    documentation: 'Istio replaces the slash of a match of `/` as text',
    parts: ['Rewrite.path'],
    effect: bySlashes,
  },
  'rewrite.forwarded-host': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Host from before a rewrite',
    documentation: 'Envoy Gateway adds it to `x-forwarded-host`',
    effect: { view: withoutForwardedHost },
  },
  'rewrite.host': {
    severity: 'refused',
    group: 'refused',
    title: 'Computed host',
    documentation: 'a Host header that is computed from the request',
    parts: ['Rewrite.host', 'WeightedDestination.hostRewrite'],
    effect: {
      route: () => (route) =>
        [onForward(withoutHostRewrite), onDestinations(({ hostRewrite: _, ...to }) => to)].reduce(
          (routes: readonly Route[], change) => routes.flatMap(change),
          [route],
        ),
    },
  },
  'rewrite.method': {
    severity: 'refused',
    group: 'refused',
    title: 'Changed method',
    documentation: 'the destination gets the method of the client',
    parts: ['Rewrite.method'],
    effect: { route: () => onForward(withoutPart('method')) },
  },
  'rewrite.query': {
    severity: 'refused',
    group: 'refused',
    title: 'Changed query parameters',
    documentation: 'the destination gets the query of the client',
    parts: ['Rewrite.query'],
    effect: { route: () => onForward(withoutPart('query')) },
  },
  'rewrite.path.computed': {
    severity: 'refused',
    group: 'refused',
    title: 'Computed path',
    documentation:
      'a path that is computed from the headers or parameters of the request: the destination gets that of the client',
    parts: ['Rewrite.path'],
    effect: { route: () => onForward(withoutComputedPath) },
  },
} as const satisfies Record<string, Feature>;
