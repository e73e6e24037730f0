// Effective gateways as text, for expected files: what a person would check, origins as paths.

import type { ReadResult } from '../../src/dialects/dialect.js';
import type {
  Action,
  DomainPattern,
  EffectiveGateway,
  FilterChain,
  HeaderMatcher,
  Origin,
  Route,
  StringMatcher,
  WeightedDestination,
} from '../../src/model/index.js';
import { formatPath, formatResource } from '../../src/model/index.js';

const place = ({ resource, path }: Origin): string => `${formatResource(resource)} ${formatPath(path)}`.trim();

export function describeGateways({ gateways, notes }: ReadResult): string {
  return `${[
    ...gateways.flatMap(describeGateway),
    ...notes.map((n) => `note ${n.code}: ${n.message} (${place(n.origin)})`).sort(),
  ].join('\n')}\n`;
}

const describeGateway = (gateway: EffectiveGateway): string[] => [
  `gateway ${[gateway.id, ...(gateway.aliases ?? [])].join(' = ')} (${gateway.dialect}, ${gateway.engine})`,
  ...gateway.listeners.flatMap((listener) => [
    `  listener ${listener.bind ? `${listener.bind}:` : ''}${listener.port}`,
    ...listener.filterChains.flatMap(describeChain),
  ]),
  ...gateway.unsupported.map((u) => `  unsupported ${u.feature} (${u.effect}): ${u.detail} (${place(u.origin)})`),
];

function describeChain(chain: FilterChain): string[] {
  const sni = chain.match.sni?.map(domain).join(' ') ?? '';
  const tls = chain.tls
    ? ` tls ${chain.tls.mode} ${chain.tls.credentials.map((c) => `${c.namespace}/${c.name}`).join()}`
    : '';
  const head = `    chain ${chain.kind} ${chain.match.transport}${sni && ` sni ${sni}`}${tls}`;
  if (chain.kind === 'l4')
    return [`${head} ${chain.l4} → ${destinations(chain.destinations)}  (${place(chain.origin)})`];
  return [
    head,
    ...chain.virtualHosts.flatMap((host) => [
      `      host ${host.domains.map(domain).join(' ')}`,
      ...host.routes.map((r) => `        ${describeRoute(r)}  (${place(r.matchOrigin ?? r.origin)})`),
    ]),
  ];
}

const domain = (d: DomainPattern): string => (d.kind === 'any' ? '*' : d.kind === 'exact' ? d.value : `*${d.value}`);

function describeRoute(route: Route): string {
  const { match } = route;
  const tests = [
    match.path ? `path ${text(match.path)}` : 'any path',
    ...match.headers.map(header),
    ...match.query.map((q) => `?${q.name} ${text(q.value)}`),
    ...(match.claims ?? []).map((c) => `${c.invert ? 'not ' : ''}claim ${c.claim.join('.')} ${text(c.value)}`),
  ];
  const extras = {
    ...route,
    match: undefined,
    action: undefined,
    origin: undefined,
    matchOrigin: undefined,
    name: undefined,
  };
  const shown = JSON.stringify(extras, (key, value: unknown) => (key === 'origin' ? undefined : value));
  return `${route.name ? `[${route.name}] ` : ''}${tests.join(', ')} → ${action(route.action)}${shown === '{}' ? '' : ` ${shown}`}`;
}

const text = (m: StringMatcher): string => {
  if (m.kind === 'any') return 'any';
  return m.kind === 'regex' ? `~${m.pattern}` : `${m.kind} ${m.value}${m.ignoreCase ? ' (any case)' : ''}`;
};

const header = (h: HeaderMatcher): string =>
  `${h.invert ? 'not ' : ''}${h.name} ${text(h.value)}${h.missing ? ` (absent: ${h.missing})` : ''}`;

function action(a: Action): string {
  if (a.kind !== 'forward') return JSON.stringify(a);
  const rest = { rewrite: a.rewrite, mirrors: a.mirrors, delivery: a.delivery?.origin ? a.delivery : undefined };
  const shown = JSON.stringify(rest, (key, value: unknown) => (key === 'origin' ? undefined : value));
  return `${destinations(a.destinations)}${shown === '{}' ? '' : ` ${shown}`}`;
}

const destinations = (list: readonly WeightedDestination[]): string =>
  list
    .map(({ to, weight }) => {
      if ('status' in to) return `${weight} status ${to.status}`;
      const subset = to.subset === undefined ? '' : `/${to.subset}`;
      const protocol = to.protocol ? ` ${to.protocol}` : '';
      return `${weight} ${to.host}:${to.port}${subset}${protocol}${to.missing ? ` (no ${to.missing})` : ''}`;
    })
    .join(' + ');
