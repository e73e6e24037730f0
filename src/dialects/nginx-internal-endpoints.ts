// What a controller answers by itself (/healthz and /nginx_status of ingress-nginx) belongs to nobody's configuration, and stays behind.

import type { VirtualHost } from '../model/index.js';

export const withoutOwn = (host: VirtualHost): VirtualHost =>
  host.routes.some((r) => r.own) ? { ...host, routes: host.routes.filter((r) => !r.own) } : host;
