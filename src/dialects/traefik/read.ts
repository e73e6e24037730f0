// Objects of Traefik as the gateway that it makes of them: routers from Ingresses and IngressRoutes (ingresses.ts, ingress-routes.ts), at
// their entry points (entry.ts), as virtual hosts (http.ts) and connections (connections.ts).

import { type EffectiveGateway, own, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadOptions, ReadResult } from '../dialect.js';
import { refusalOf } from './api-server.js';
import { listenerOf } from './connections.js';
import { type Entry, entriesOf } from './entry.js';
import { ingressRouteRouters } from './ingress-routes.js';
import { ingressRouters } from './ingresses.js';
import { loadMiddlewares } from './middlewares/index.js';
import type { MiddlewareContext } from './middlewares/middleware.js';
import { staticFlag } from './profile.js';
import type { Router } from './router.js';
import { staticConfig } from './static.js';
import { tcpEntries } from './tcp.js';
import { tlsOptions } from './tls-options.js';
import { collectVerdicts } from './verdicts.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const config = staticConfig(own(options.flags, staticFlag.name));
  const verdicts = collectVerdicts(refusalOf);
  const provider = config.crd ?? {
    ingressClass: '',
    allowEmptyServices: false,
    allowExternalNameServices: false,
    allowCrossNamespace: false,
  };
  const base = { catalog, config, provider, verdicts };
  const routers: Router[] = [
    ...(config.ingress ? ingressRouters(catalog, options, config, config.ingress, verdicts) : []),
    ...(config.crd ? ingressRouteRouters(base, verdicts) : []),
  ];
  const tcpRoutes = config.crd ? catalog.ofKind('traefik.io/IngressRouteTCP') : [];
  const [first] = [
    ...routers.map((r) => r.origin.resource),
    ...tcpRoutes,
    ...verdicts.notes.map((n) => n.origin.resource),
  ];
  if (!first) return { gateways: [], notes: verdicts.notes };
  const redirects = config.entryPoints.flatMap((entryPoint): Router[] => {
    const { redirect } = entryPoint;
    if (!redirect) return [];
    const origin = { resource: first, path: [] };
    return [
      {
        key: `${entryPoint.name}-redirect@internal`,
        provider: 'internal',
        rule: 'HostRegexp(`^.+$`)',
        syntax: 'default',
        priority: redirect.priority,
        entryPoints: [entryPoint.name],
        middlewares: [],
        target: () => ({ kind: 'internal', status: 418, body: '' }),
        origin,
        matchOrigin: origin,
      },
    ];
  });
  const context: MiddlewareContext = {
    ...base,
    middlewares: config.crd ? loadMiddlewares(base) : new Map(),
    anyOrigin: { resource: first, path: [] },
  };
  const known = tlsOptions(catalog);
  const all = entriesOf([...routers, ...redirects], known, context);
  const unsupported: Unsupported[] = [];
  const tcp = config.crd ? tcpEntries(context, known, unsupported) : [];
  const listeners = config.entryPoints.map((entryPoint) => {
    const here = all.entries.filter((e: Entry) => e.entryPoint === entryPoint).sort((a, b) => b.priority - a.priority);
    return listenerOf(
      { entryPoint, entries: here, tcp: tcp.filter((t) => t.entryPoint === entryPoint), all },
      known,
      context,
    );
  });
  const gateway: EffectiveGateway = {
    id: 'traefik',
    dialect: 'traefik',
    engine: 'traefik',
    // Whoever names Traefik's configuration asks about Traefik.
    ...(config.assumed ? {} : { usual: true as const }),
    listeners,
    unsupported,
  };
  return { gateways: [gateway], notes: verdicts.notes };
}
