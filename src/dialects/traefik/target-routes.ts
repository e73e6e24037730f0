// What stands at the end of a flow: the service of a router as destinations with weights, copies and settings of delivery.

import type { Action, Delivery, Origin, Route, Unsupported, WeightedDestination } from '../../model/index.js';
import { answerTemplate } from './engine.js';
import { answerRoute, type Flow, forwardRoute, isHeaderName, isHeaderValue } from './middlewares/flow.js';
import { NOSNIFF } from './middlewares/paths.js';
import type { Sticky, Target } from './services/target.js';

export function targetRoutes(target: Target, before: Flow): readonly Route[] {
  const flow: Flow = { ...before, shapedBy: [...before.shapedBy, ...membersOf(target)] };

  if (target.kind === 'empty') return [answerRoute(flow, NO_SERVER, [NOSNIFF])];
  if (target.kind === 'internal')
    return [
      answerRoute(flow, {
        kind: 'direct-response',
        status: target.status,
        ...(target.body ? { body: target.body } : {}),
      }),
    ];
  const destinations = destinationsOf(target);
  const total = destinations.reduce((sum, d) => sum + d.weight, 0);
  if (total === 0) return [answerRoute(flow, NO_SERVER, [NOSNIFF])];
  const [only] = destinations;
  if (destinations.length === 1 && only && 'status' in only.to) return [answerRoute(flow, NO_SERVER, [NOSNIFF])];
  if (cannotBeSent(flow)) return [answerRoute(flow, NOT_SENT)];
  const mirrors = mirrorsOf(target, 100);
  const host = flow.host === undefined ? {} : { rewrite: { host: flow.host } };
  const action: Extract<Action, { kind: 'forward' }> = {
    kind: 'forward',
    destinations,
    ...host,
    ...(mirrors.length > 0 ? { mirrors } : {}),
    ...deliveryOf(target, flow),
  };
  // passHostHeader: false goes over what a middleware set.
  const hosts = new Set(destinations.map((d) => d.hostRewrite));
  const [shared] = hosts;
  if (hosts.size === 1 && shared !== undefined) {
    const bare = destinations.map(({ hostRewrite: _, ...d }) => d);
    return [forwardRoute(flow, { ...action, destinations: bare, rewrite: { host: shared } })];
  }
  return [forwardRoute(flow, action)];
}

type Found = Pick<Unsupported, 'feature' | 'detail' | 'effect'> & Partial<Pick<Unsupported, 'origin'>>;

/** What the routes of a service do not show: servers by chance, and copies of requests that nobody else gets. */
export function unknownsOf(target: Target): readonly Found[] {
  const chances = serversOf(target).flatMap(({ chance }): Found[] =>
    chance ? [{ feature: 'traefik.tie', effect: 'change', ...chance }] : [],
  );
  const alone = mirrorsOf(target, 100).length > 0 && destinationsOf(target).every(({ to }) => 'status' in to);
  const detail = 'the service has no endpoints and answers 503, and its mirrors get copies all the same, which are not shown'; // biome-ignore format: one line
  return alone ? [...chances, { feature: 'traefik.copies', effect: 'change', detail }] : chances;
}

function serversOf(target: Target): readonly Extract<Target, { kind: 'server' }>[] {
  if (target.kind === 'server') return [target];
  if (target.kind === 'weighted') return target.members.flatMap((m) => serversOf(m.target));
  if (target.kind === 'failover') return serversOf(target.main);
  if (target.kind !== 'mirroring') return [];
  return [target.main, ...target.mirrors.map((m) => m.target)].flatMap(serversOf);
}

/** Where the members of TraefikServices stand. */
function membersOf(target: Target): readonly Origin[] {
  if (target.kind === 'mirroring' || target.kind === 'failover') return membersOf(target.main);
  if (target.kind !== 'weighted') return [];
  return target.members.flatMap((m) => (m.weight === 0 ? [] : [m.origin, ...membersOf(m.target)]));
}

/** Attempts of the middleware `retry`, and cookies that bind clients to endpoints. */
function deliveryOf(target: Target, { attempts }: Flow): { readonly delivery?: Delivery } {
  const settings = stickyIn(target).map(({ origin }) => ({ name: 'sticky.cookie', origin }));
  if (attempts === undefined && settings.length === 0) return {};
  return {
    delivery: {
      ...(attempts === undefined ? {} : { retries: { attempts: attempts - 1 } }),
      ...(settings.length === 0 ? {} : { settings, settingsOf: 'traefik' as const }),
    },
  };
}

function stickyIn(target: Target): readonly Sticky[] {
  if (target.kind === 'server') return target.sticky ? [target.sticky] : [];
  if (target.kind === 'mirroring' || target.kind === 'failover') return stickyIn(target.main);
  if (target.kind !== 'weighted') return [];
  return [...(target.sticky ? [target.sticky] : []), ...target.members.flatMap((m) => stickyIn(m.target))];
}

const NO_SERVER: Action = {
  kind: 'direct-response',
  status: 503,
  body: 'no available server\n',
  why: 'the Service has no endpoints',
};

/** Go's HTTP client sends no request with a header whose name is none, or whose value has control characters. */
const cannotBeSent = ({ request }: Flow): boolean => {
  const last = new Map(request.map((change) => [change.name, change]));
  return [...last.values()].some(
    ({ op, name, value }) => op !== 'remove' && !(isHeaderName(name) && isHeaderValue(value)),
  );
};

const NOT_SENT: Action = {
  kind: 'direct-response',
  status: 500,
  body: 'Internal Server Error',
  why: 'a middleware sets a header whose name or value is none, and the request cannot be sent',
};

/** With weights relative to each other: whole numbers, of members' members too. */
function destinationsOf(target: Target): readonly WeightedDestination[] {
  switch (target.kind) {
    case 'server':
      return [
        {
          to: target.to,
          weight: 1,
          ...(target.passHost ? {} : { hostRewrite: `${target.to.host}:${target.to.port}` }),
          ...(target.to.origin ? { origin: target.to.origin } : {}),
        },
      ];
    case 'empty':
      return [{ to: { status: 503, origin: target.origin }, weight: 1, origin: target.origin }];
    case 'internal':
      return [{ to: { status: target.status }, weight: 1 }];
    case 'mirroring':
    case 'failover':
      return destinationsOf(target.main);
    case 'weighted':
      return weightedOf(target.members);
  }
}

function weightedOf(members: Extract<Target, { kind: 'weighted' }>['members']): readonly WeightedDestination[] {
  const parts = members.flatMap((m) =>
    m.weight === 0 ? [] : [{ weight: m.weight, origin: m.origin, list: destinationsOf(m.target) }],
  );
  if (parts.length === 0) return [{ to: { status: 503 }, weight: 1 }];
  const sums = parts.map(({ list }) => list.reduce((sum, d) => sum + d.weight, 0));
  const scale = sums.reduce((a, b) => (a * b) / divisor(a, b), 1);
  const all = parts.flatMap(({ weight, origin, list }, i) =>
    list.map((d) => ({ ...d, weight: (d.weight * weight * scale) / sums[i]!, origin })),
  );
  const common = all.reduce((of, { weight }) => divisor(of, weight), 0);
  return common > 1 ? all.map((d) => ({ ...d, weight: d.weight / common })) : all;
}

/** The greatest number that divides both. */
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Copies go to each mirror with the host that the client sent, unless its service says otherwise. */
function mirrorsOf(target: Target, percent: number): NonNullable<Extract<Action, { kind: 'forward' }>['mirrors']> {
  if (target.kind === 'failover') return mirrorsOf(target.main, percent);
  if (target.kind === 'weighted') {
    // Copied is the share of requests that goes to the member.
    const total = target.members.reduce((sum, m) => sum + m.weight, 0);
    return total === 0
      ? []
      : target.members.flatMap((m) => (m.weight === 0 ? [] : mirrorsOf(m.target, (percent * m.weight) / total)));
  }
  if (target.kind !== 'mirroring') return [];
  return [
    ...mirrorsOf(target.main, percent),
    ...target.mirrors.flatMap(({ target: copy, percent: share, origin }) =>
      share === 0 ? [] : copies(copy, (percent * share) / 100, origin),
    ),
  ];
}

function copies(
  target: Target,
  percent: number,
  origin: NonNullable<Route['origin']>,
): NonNullable<Extract<Action, { kind: 'forward' }>['mirrors']> {
  const total = target.kind === 'weighted' ? target.members.reduce((sum, m) => sum + m.weight, 0) : 0;
  switch (target.kind) {
    case 'server':
      return [
        {
          destination: target.to,
          percent: Math.round(percent * 10_000) / 10_000,
          host: target.passHost ? answerTemplate({ ask: 'host' }) : `${target.to.host}:${target.to.port}`,
          origin,
        },
      ];
    case 'weighted':
      return total === 0 ? [] : target.members.flatMap((m) => copies(m.target, (percent * m.weight) / total, origin));
    case 'mirroring':
      return [
        ...copies(target.main, percent, origin),
        ...target.mirrors.flatMap((m) => copies(m.target, (percent * m.percent) / 100, m.origin)),
      ];
    case 'failover':
      return copies(target.main, percent, origin);
    default:
      return [];
  }
}
