// Paths that ingress-nginx answers for itself (/healthz and /nginx_status of its default server, nginx.tmpl): they belong to the
// controller, not to anybody's configuration, and stay behind with it.

import type { Route, VirtualHost } from '../model/index.js';

const PATHS = new Set(['/healthz', '/nginx_status']);

export const isOwn = (route: Route): boolean =>
  route.action.kind === 'direct-response' &&
  (route.action.status === 200 || route.action.status === 403) &&
  route.match.path?.kind === 'prefix' &&
  PATHS.has(route.match.path.value);

export const withoutOwn = (host: VirtualHost): VirtualHost =>
  host.routes.some(isOwn) ? { ...host, routes: host.routes.filter((r) => !isOwn(r)) } : host;
