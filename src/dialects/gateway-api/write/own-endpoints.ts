// /healthz and /nginx_status of ingress-nginx's default server (nginx.tmpl) belong to the controller, not to anybody's
// configuration: they stay behind with it.

import type { EffectiveGateway, Route } from '../../../model/index.js';

const PATHS: readonly string[] = ['/healthz', '/nginx_status'];

export const isOwnEndpoint = ({ action, match }: Route, { engine }: Pick<EffectiveGateway, 'engine'>): boolean =>
  engine === 'nginx' &&
  action.kind === 'direct-response' &&
  (action.status === 200 || action.status === 403) &&
  match.path?.kind === 'prefix' &&
  PATHS.includes(match.path.value);
