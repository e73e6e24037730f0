// Rules that writers make from rules of the source.

import type { Route } from '../model/index.js';

/** A writer's copy of a route comes from it: it may have more conditions, and another action only where that was told of too. */
export const isMadeFrom = (made: Route, route: Route): boolean =>
  made === route ||
  (made.origin === route.origin &&
    made.matchOrigin === route.matchOrigin &&
    (made.action === route.action || (made.action.kind === 'redirect' && route.action.kind === 'redirect')) &&
    route.match.headers.every((h) => made.match.headers.includes(h)));
