// What the fields of routes of the Gateway API become in the model, whoever reads them.

import type { Json, Part } from '../model/index.js';
import type { Feed, Feeds } from './accounts.js';

/** `matches[]` of a rule of an HTTPRoute. */
export const MATCHES: Feeds = {
  'matches[]': ['RouteMatch.path'],
  'matches[].path.type': { parts: ['RouteMatch.path'], usual: (type) => type === 'PathPrefix' },
  'matches[].path.value': { parts: ['RouteMatch.path'], usual: (value) => value === '/' },
  'matches[].headers[].type': { parts: ['RouteMatch.headers'], usual: (type) => type === 'Exact' },
  'matches[].headers[].*': ['RouteMatch.headers'],
  'matches[].queryParams[].type': { parts: ['RouteMatch.query'], usual: (type) => type === 'Exact' },
  'matches[].queryParams[].*': ['RouteMatch.query'],
  'matches[].method': ['RouteMatch.headers'],
};

/** Where a route is attached: what the CRD fills in, and the rest as `parts` says. */
export const parentFeeds = (parts: readonly Part[]): Feeds => ({
  'spec.parentRefs[].group': usually(parts, 'gateway.networking.k8s.io'),
  'spec.parentRefs[].kind': usually(parts, 'Gateway'),
  'spec.parentRefs[].*': parts,
});

/** A backend: what the CRD fills in, and the rest as `parts` says. */
export const backendFeeds = (parts: readonly Part[]): Feeds => ({
  group: usually(parts, ''),
  kind: usually(parts, 'Service'),
  '*': parts,
});

const usually = (parts: readonly Part[], value: Json): Feed => ({ parts, usual: (given) => given === value });
