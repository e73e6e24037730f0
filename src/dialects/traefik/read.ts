// Objects of Traefik as the gateway that it makes of them: routers from Ingresses and IngressRoutes (ingresses.ts, ingress-routes.ts), at
// their entry points (entry.ts), as virtual hosts (http.ts) and connections (connections.ts).

import {
  append,
  type EffectiveGateway,
  hostText,
  type Origin,
  own,
  placeKey,
  type Resource,
  type Unsupported,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadOptions, ReadResult } from '../dialect.js';
import { listed } from './api-server.js';
import { listenerOf } from './connections.js';
import { byPriority, type Entry, entriesOf } from './entry.js';
import { ingressRouteRouters } from './ingress-routes.js';
import { ingressRouters } from './ingresses.js';
import { loadMiddlewares } from './middlewares/index.js';
import type { MiddlewareContext } from './middlewares/middleware.js';
import { noteNotRead } from './not-read.js';
import { staticFlag } from './profile.js';
import type { Router } from './router.js';
import { type EntryPoint, staticConfig } from './static.js';
import { tcpEntries } from './tcp.js';
import { type Tie, tieMessage, tieUnknown } from './ties.js';
import { tlsOptions } from './tls-options.js';
import { collectVerdicts, type Verdicts } from './verdicts.js';

/** Each pair of routers once for each host and port. */
function collectTies(unsupported: Unsupported[], verdicts: Verdicts): (tie: Tie) => void {
  const told = new Set<string>();
  return (tie) => {
    const names = tie.rivals.map((rival) => rival.key).join(' ');
    const key = `${tie.port} ${hostText(tie.domain)} ${names}`;
    if (!told.has(key)) unsupported.push(tieUnknown(tie));
    told.add(key);
    verdicts.note('traefik-tie', tie.rivals[0]!.matchOrigin, tieMessage(tie), tie.witness);
  };
}

/** The same comes up at each host of a router. */
function once(unsupported: Unsupported[]): (unknown: Unsupported) => void {
  const told = new Set<string>();
  return (unknown) => {
    const { feature, detail, reach, origin } = unknown;
    const key = [feature, detail, placeKey(origin), ...(reach?.ports ?? []), ...(reach?.places ?? [])].join('|');
    if (!told.has(key)) unsupported.push(unknown);
    told.add(key);
  };
}

/** X-Forwarded-* of clients count there, and those headers choose hosts, schemes and addresses behind it. */
function trustUnknown({ name, port, trusted }: EntryPoint, { anyOrigin }: MiddlewareContext): readonly Unsupported[] {
  if (trusted.length === 0) return [];
  const who = trusted === 'all' ? 'any client' : trusted.join(', ');
  return [
    {
      feature: 'traefik.forwarded-headers',
      detail: `entry point ${name} takes X-Forwarded-* headers of ${who} as they are (forwardedHeaders); answers are those to clients that send none`,
      effect: 'change',
      reach: { ports: [port] },
      content: trusted,
      origin: anyOrigin,
    },
  ];
}

/** Where no field says it: the name of an object, which none of its fields is a part of. */
const somewhere = (resource: Resource): Origin => ({ resource, path: ['metadata', 'name'] });

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const config = staticConfig(own(options.flags, staticFlag.name));
  const verdicts = collectVerdicts();
  noteNotRead(catalog, config, verdicts);
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
  const tcpRoutes = config.crd ? listed(catalog, 'IngressRouteTCP') : [];
  const [first] = [
    ...routers.map((r) => r.origin.resource),
    ...tcpRoutes,
    ...verdicts.notes.map((n) => n.origin.resource),
  ];
  if (!first) return { gateways: [], notes: verdicts.notes };
  const redirects = config.entryPoints.flatMap((entryPoint): Router[] => {
    const { redirect } = entryPoint;
    if (!redirect) return [];
    const origin = somewhere(first);
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
    anyOrigin: somewhere(first),
  };
  const known = tlsOptions(catalog);
  const all = entriesOf([...routers, ...redirects], known, context);
  const unsupported: Unsupported[] = [];
  append(
    unsupported,
    config.entryPoints.flatMap((entryPoint) => trustUnknown(entryPoint, context)),
  );
  const ties = collectTies(unsupported, verdicts);
  const unknown = once(unsupported);
  const tcp = config.crd ? tcpEntries(context, known, unsupported) : [];
  const listeners = config.entryPoints.flatMap((entryPoint) => {
    const here = all.entries.filter((e: Entry) => e.entryPoint === entryPoint).sort(byPriority);
    if (entryPoint.name === 'traefik' && here.length === 0) return [];
    return listenerOf({ entryPoint, entries: here, tcp: tcp.filter((t) => t.entryPoint === entryPoint), all }, known, {
      ...context,
      found: { tie: ties, unknown, verdicts },
    });
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
