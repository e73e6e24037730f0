// Paths of an engine that decodes requests before it matches (nginx: `/ü`, `/a b`), as a target sees them that matches them as they come in
// (`/%C3%BC`, `/a%20b`). Patterns stay as they are: the loss of path normalisation says so.

import { type EffectiveGateway, mapRoutes, type Route, routesOf } from '../model/index.js';
import { engines } from '../simulate/engines/index.gen.js';

/** No request has one, and none can be escaped. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The same gateway where no rule has such a path. */
export function withEscapedPaths(gateway: EffectiveGateway): EffectiveGateway {
  const { writePath } = engines[gateway.engine];
  if (!writePath) return gateway;
  const changed = new Map<Route, Route>();
  for (const route of routesOf(gateway)) {
    const { path } = route.match;
    if (!path || path.kind === 'any' || path.kind === 'regex') continue;
    const value = writePath(path.value.replace(LONE_SURROGATE, '\ufffd'));
    if (value !== path.value) changed.set(route, { ...route, match: { ...route.match, path: { ...path, value } } });
  }
  return changed.size === 0
    ? gateway
    : mapRoutes(gateway, (routes) => routes.map((route) => changed.get(route) ?? route));
}
