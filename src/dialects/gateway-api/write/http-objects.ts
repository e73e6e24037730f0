// The hosts of a gateway as HTTPRoutes: the rules of each host on each listener, the same on several listeners as one route, and what
// rules cannot test as the contents of policies.

import {
  besideWildcardLosses,
  deeperHostLosses,
  wildcardLosses,
} from '../../../implementations/istio/write/address-check-losses.js';
import { type AuthPolicy, authPolicies } from '../../../implementations/istio/write/auth-rules.js';
import { type Checked, type DenyRule, denyRules } from '../../../implementations/istio/write/deny-rules.js';
import { withSpelledChecks } from '../../../implementations/istio/write/spelled-checks.js';
import { append, hostText, type Route, type VirtualHost } from '../../../model/index.js';
import { aboutHosts, itemList } from '../../item-list.js';
import { withoutOwn } from '../../nginx-internal-endpoints.js';
import { oneLabelOnly } from '../../single-label-wildcard.js';
import { bySpecificity } from '../features/hostname.js';
import { compareText } from '../fields.js';
import { GROUP } from '../kinds.js';
import { withChecks } from './address-checks.js';
import type { KubeObject } from './gateway-object.js';
import type { Place } from './gateway-place.js';
import { type HostRoutes, hostRoutes } from './host-routes.js';
import { hostRules } from './host-rules.js';
import { NEVER, type Rule, splitRules } from './http-routes.js';
import type { ListenerDraft } from './listeners.js';
import { hostLosses } from './losses.js';
import { nameOfHost, unused } from './names.js';
import type { Report } from './report.js';
import type { RuleWriter } from './rule-writer.js';

/** What rules of any listener are written with. */
export type GatewayWriter = Omit<RuleWriter, 'listener' | 'checks'>;

/** What the AuthorizationPolicies of a gateway contain. */
export interface Guards {
  readonly denied: DenyRule[];
  readonly asked: AuthPolicy[];
}

interface RouteDraft {
  readonly routes: HostRoutes;
  readonly split: readonly (readonly Rule[])[];
}

export interface WrittenHosts {
  readonly objects: readonly KubeObject[];
  readonly guards: Guards;
  /** What each rule is made from. */
  readonly routeOf: ReadonlyMap<object, Route>;
}

/** `byConnection`: see `hostRoutes`. `names`: of routes, taken in the namespace. */
export function httpRoutes(
  drafts: readonly ListenerDraft[],
  byConnection: boolean,
  place: Place,
  names: Set<string>,
  writer: GatewayWriter,
): WrittenHosts {
  const guards: Guards = { denied: [], asked: [] };
  const routeOf = new Map<object, Route>();
  const hosts = hostRoutes(drafts, byConnection, writer.report).flatMap((routes) => {
    const split = rulesOf(routes, guards, routeOf, writer);
    return split.length > 0 ? [{ routes, split }] : [];
  });
  const objects = mergedRoutes(hosts).flatMap((draft) => routeObjects(draft, drafts.length > 1, place, names));
  return { objects, guards, routeOf };
}

/** The rules of a host on its listeners, in lists of which each is an HTTPRoute; none where no route is needed. */
function rulesOf(
  routes: HostRoutes,
  guards: Guards,
  routeOf: Map<object, Route>,
  writer: GatewayWriter,
): RouteDraft['split'] {
  const { report } = writer;
  hostLosses(routes, report);
  const [first] = routes.listeners;
  const listener = { port: first?.port ?? 80, tls: first?.tls !== undefined };
  const others = first?.chain.kind === 'http' ? first.chain.virtualHosts : [];
  const whole = withoutOwn(routes.host);
  // A policy is Istio's; kinds of its own say more of an implementation.
  const isIstio = writer.extended && !writer.own;
  const { host, spelled } = isIstio ? withSpelledChecks(whole, report) : { host: whole, spelled: new Map() };
  const pathsOf = (name: string | undefined) => literalPaths(name === undefined ? host : exactHost(others, name));
  const left = isIstio ? leftOutPreflights(whole, pathsOf, { ...writer, listener }) : new Set();
  const asked = left.size > 0 ? { ...whole, routes: whole.routes.filter((r) => !left.has(r)) } : whole;
  const denials = guard({ host: asked, others, ports: [listener.port], spelled }, host, guards, writer);
  // Client addresses are the policy's, before any rule.
  const isOneLabel = host.domains.some((d) => d.kind === 'one-label');
  const limited = isOneLabel ? oneLabelOnly(host, others.map(withoutOwn), { ports: denials === 0 }) : host;
  deeperHostLosses(host, others, report);
  for (const route of host.routes) if (route.match.source?.length) report.wrote(route);
  // Rules for deeper hosts than a wildcard takes are those of the host for all others, and so are their losses.
  const domains = isOneLabel ? [...host.domains, { kind: 'any' } as const] : host.domains;
  const about = { ...report, add: aboutHosts(report.add, domains) };
  const { routes: rules, checks } = writer.own
    ? withChecks(limited.routes, writer.own.canCheck, about)
    : { routes: limited.routes.filter((r) => !r.match.source?.length), checks: undefined };
  const toWrite = { ...writer, report: about, listener, ...(checks ? { checks } : {}) };
  const split = splitRules(hostRules(rules, pathsOf, toWrite), routeOf);
  if (split.length > 0) return split;
  // A host without rules answers 404 by itself, unless its requests would go to a broader one.
  const isBroader = (v: VirtualHost) => v !== routes.host && v.domains.some((d) => d.kind !== 'exact');
  return routes.hostnames.includes('*') || !others.some(isBroader) ? [] : [[NEVER]];
}

/** Preflights in front of address checks that get no rule, since the one behind them cannot be written: the checks are about them, too. */
function leftOutPreflights(
  { routes }: VirtualHost,
  pathsOf: (name: string | undefined) => readonly string[],
  writer: RuleWriter,
): ReadonlySet<Route> {
  if (!routes.some((r) => r.match.source?.length)) return new Set();
  const tried = itemList();
  hostRules(
    routes.filter((r) => !r.match.source?.length),
    pathsOf,
    { ...writer, report: tried },
  );
  const said = [...tried.rules.written, ...tried.rules.needless];
  const isSaid = ({ matchOrigin, match }: Route) =>
    said.some((r) => r.matchOrigin === matchOrigin && r.match.headers === match.headers);
  const copies = tried.items.flatMap(({ key, instead }) => (key === 'cors.preflight' && instead ? [...instead] : []));
  return new Set(copies.filter(([, copy]) => !isSaid(copy)).map(([route]) => route));
}

const exactHosts = new WeakMap<readonly VirtualHost[], ReadonlyMap<string, VirtualHost>>();

/** The virtual host of a name without a star. */
function exactHost(hosts: readonly VirtualHost[], name: string): VirtualHost | undefined {
  let byName = exactHosts.get(hosts);
  if (!byName) {
    byName = new Map(hosts.flatMap((v) => v.domains.map((d) => [d.kind === 'exact' ? hostText(d) : '', v] as const)));
    exactHosts.set(hosts, byName);
  }
  return byName.get(name);
}

/** What its rules name, but for patterns. */
const literalPaths = (host: VirtualHost | undefined): string[] =>
  (host?.routes ?? []).flatMap(({ match: { path } }) =>
    path?.kind === 'exact' || path?.kind === 'prefix' || path?.kind === 'segment-prefix' ? [path.value] : [],
  );

/** What policies do for a host; how many rules turn addresses away there. `written`: the host as its rules are written. */
function guard(
  checked: Checked,
  written: VirtualHost,
  { denied, asked }: Guards,
  { report, extended, own }: GatewayWriter,
): number {
  const { host, others } = checked;
  if (own) return 0;
  if (!extended) {
    noteAddressLists(host, report);
    return 0;
  }
  const denials = denyRules(checked, report);
  append(denied, denials);
  append(asked, authPolicies(written, others));
  if (denials.length > 0) {
    wildcardLosses(host, report);
    besideWildcardLosses(host, others, report);
  }
  return denials.length;
}

/** Client addresses are no part of the standard. */
function noteAddressLists(host: VirtualHost, report: Report): void {
  for (const route of host.routes)
    if (route.match.source?.length)
      report.add(
        'source-address.dropped',
        'the Gateway API has no field for client addresses',
        route.matchOrigin ?? route.origin,
        { route },
      );
}

/** The same host names with the same rules on several listeners (http and https) are one route. */
function mergedRoutes(drafts: readonly RouteDraft[]): readonly RouteDraft[] {
  const merged = new Map<string, RouteDraft>();
  for (const draft of drafts) {
    const key = JSON.stringify([draft.routes.hostnames, draft.split]);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, draft);
    else {
      const listeners = [...same.routes.listeners, ...draft.routes.listeners];
      merged.set(key, { ...same, routes: { ...same.routes, listeners } });
    }
  }
  // Virtual hosts have no order; routes are written with the most specific host name first.
  const hostOf = ({ routes }: RouteDraft) => routes.hostnames[0] ?? '*';
  return [...merged.values()].sort((a, b) => bySpecificity(hostOf(a), hostOf(b)) || compareText(hostOf(a), hostOf(b)));
}

/** `named`: the Gateway has several listeners, so that each is named. */
function routeObjects(
  { routes: { hostnames, listeners }, split }: RouteDraft,
  named: boolean,
  place: Place,
  names: Set<string>,
): readonly KubeObject[] {
  const base = nameOfHost(hostnames[0] ?? '*');
  const name = names.has(base) ? unused(`${base}-${listeners[0]?.port}`, names) : unused(base, names);
  const digits = String(split.length).length;
  return split.map((rules, i) => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'HTTPRoute',
    // Routes of one age come in the order of their names, and so do the parts of one list of rules. None is the beginning of another's
    // name: which of them Istio takes first then depends on what it adds to names.
    metadata: {
      name: split.length === 1 ? name : unused(`${name}-part-${String(i + 1).padStart(digits, '0')}`, names),
      namespace: place.namespace,
    },
    spec: {
      parentRefs: listeners.map((l) => ({ name: place.name, ...(named && { sectionName: l.name }) })),
      ...(!hostnames.includes('*') && { hostnames }),
      rules,
    },
  }));
}
