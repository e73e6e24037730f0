// Routers of one priority: which of them decides is chance, anew at each reload (pkg/server/router/router.go walks a map of Go, and
// sort.Sort in pkg/muxer/http/mux.go is not stable). Where two of them meet, a route of its own has the outcome of each as one share of
// many, and an unknown says so.

import {
  type DomainPattern,
  formatResource,
  type GatewayRequest,
  hostText,
  type Origin,
  type Route,
  type Unsupported,
  type WeightedDestination,
} from '../../model/index.js';
import type { Entry } from './entry.js';
import type { Flow } from './middlewares/flow.js';
import { intersected } from './path-match.js';

/** One alternative of a router at a host: what it takes, and what happens to it. */
export interface Part {
  readonly entry: Entry;
  readonly flow: Flow;
  readonly routes: readonly Route[];
}

/** A router of requests or of connections. */
export interface Rival {
  readonly key: string;
  readonly rule: string;
  readonly priority: number;
  readonly matchOrigin: Origin;
}

/** Routers that may decide the same requests. */
export interface Tie {
  readonly rivals: readonly Rival[];
  readonly domain: DomainPattern;
  readonly port: number;
  readonly witness: GatewayRequest;
}

/** Pairs that are looked at in one virtual host. */
const MAX_PAIRS = 20_000;

/** `parts`: in the order of their priorities. The routes of all of them, with what chance decides in front. */
export function withChance(
  parts: readonly Part[],
  domain: DomainPattern,
  tls: boolean,
  found: (tie: Tie) => void,
): readonly Route[] {
  const routes: Route[] = [];
  let pairs = 0;
  for (let start = 0; start < parts.length; ) {
    let end = start + 1;
    while (end < parts.length && isEqual(parts[start]!.entry, parts[end]!.entry)) end++;
    const group = [...parts.slice(start, end)].sort(guardsFirst);
    for (const [i, a] of group.entries()) {
      const partners = partnersOf(a, group.slice(i + 1), () => ++pairs <= MAX_PAIRS);
      for (const tied of tiesOf(a, partners)) {
        const rivals = [...new Set(tied.parts.map((p) => p.entry))].map(({ router, priority }) => ({
          ...router,
          priority,
        }));
        found({ rivals, domain, port: a.entry.entryPoint.port, witness: witnessOf(tied.flow, domain, a.entry, tls) });
        routes.push(chanceRoute(tied.flow, tied.parts));
      }
    }
    for (const { routes: own } of group) for (const route of own) routes.push(route);
    start = end;
  }
  return routes;
}

/** Where somebody has to put one of them first, the one that keeps people out; else by name, whatever the order of the files. */
function guardsFirst(a: Part, b: Part): number {
  if (a.entry === b.entry) return 0;
  const [x, y] = [a.entry.router.key, b.entry.router.key];
  return Number(guards(b)) - Number(guards(a)) || (x < y ? -1 : x > y ? 1 : 0);
}

const guards = ({ routes }: Part): boolean =>
  routes.some(
    ({ action, conditions = [] }) =>
      (action.kind === 'direct-response' && (action.status === 401 || action.status === 403)) ||
      conditions.some(({ kind }) => kind === 'external-auth' || kind === 'basic-auth'),
  );

const isEqual = (a: Entry, b: Entry): boolean => a.priority === b.priority && a.rank === b.rank;

interface Met {
  readonly part: Part;
  readonly flow: Flow;
}

function partnersOf(a: Part, others: readonly Part[], may: () => boolean): readonly Met[] {
  const found: Met[] = [];
  for (const b of others) {
    if (b.entry === a.entry) continue;
    if (!may()) break;
    const flow = meet(a.flow, b.flow);
    if (flow && !isSame(a.routes, b.routes)) found.push({ part: b, flow });
  }
  return found;
}

/** All of them together, where they meet, and each pair. */
function tiesOf(
  a: Part,
  partners: readonly Met[],
): readonly { readonly flow: Flow; readonly parts: readonly Part[] }[] {
  if (partners.length === 0) return [];
  const pairs = partners.map(({ part, flow }) => ({ flow, parts: [a, part] }));
  if (partners.length === 1) return pairs;
  const all = partners.reduce<Flow | undefined>((flow, { part }) => flow && meet(flow, part.flow), a.flow);
  return all ? [{ flow: all, parts: [a, ...partners.map(({ part }) => part)] }, ...pairs] : pairs;
}

/** Requests of both; undefined: there are none. */
function meet(a: Flow, b: Flow): Flow | undefined {
  const headers = [...a.headers, ...b.headers];
  if (excludes(headers)) return undefined;
  const path = b.path ? intersected(a.path, b.path, false) : (a.path ?? 'all');
  if (path === 'none') return undefined;
  return {
    ...a,
    ...(path === 'all' || path === undefined ? {} : { path }),
    headers: path === undefined ? [...headers, { name: ':pathname', value: b.path! }] : headers,
    query: [...a.query, ...b.query],
    source: [...a.source, ...b.source],
  };
}

/** Two values of one method, or one that has to be there and must not. */
function excludes(headers: Flow['headers']): boolean {
  return headers.some(({ name, value, invert }, i) =>
    headers.slice(i + 1).some((other) => {
      if (other.name !== name) return false;
      const same = JSON.stringify(other.value) === JSON.stringify(value);
      if (Boolean(invert) !== Boolean(other.invert)) return same;
      return name === ':method' && !invert && value.kind === 'exact' && other.value.kind === 'exact' && !same;
    }),
  );
}

const MEANINGLESS = new Set(['origin', 'matchOrigin', 'bodyLimitOrigin', 'shapedBy', 'match']);

const shape = (routes: readonly Route[]): string =>
  JSON.stringify(routes, (key, value: unknown) => (MEANINGLESS.has(key) ? undefined : value));

/** Whichever decides, the answer is the same. */
const isSame = (a: readonly Route[], b: readonly Route[]): boolean => a.length === b.length && shape(a) === shape(b);

/** A share for the outcome of each: of what goes on behind all middlewares. */
function chanceRoute(flow: Flow, parts: readonly Part[]): Route {
  const weight = 100 / parts.length;
  const destinations = parts.flatMap(({ routes }): readonly WeightedDestination[] => {
    const last = routes.at(-1)!;
    const { action } = last;
    if (action.kind !== 'forward')
      return [{ to: { status: 'status' in action ? action.status : 404 }, weight, origin: last.origin }];
    const total = action.destinations.reduce((sum, d) => sum + d.weight, 0) || 1;
    return action.destinations.map((d) => ({
      ...d,
      weight: (d.weight * weight) / total,
      ...(last.requestHeaders ? { requestHeaders: last.requestHeaders } : {}),
      ...(last.responseHeaders ? { responseHeaders: last.responseHeaders } : {}),
      origin: d.origin ?? last.origin,
    }));
  });
  return {
    match: {
      ...(flow.path ? { path: flow.path } : {}),
      headers: flow.headers,
      query: flow.query,
      ...(flow.source.length > 0 ? { source: flow.source } : {}),
    },
    action: { kind: 'forward', destinations },
    chance: true,
    origin: flow.origin,
    matchOrigin: flow.matchOrigin,
  };
}

/** A request that both take, as far as literal tests show one. */
function witnessOf(flow: Flow, domain: DomainPattern, { entryPoint }: Entry, tls: boolean): GatewayRequest {
  const host = domain.kind === 'any' ? 'host.example' : domain.kind === 'exact' ? domain.value : `a${domain.value}`;
  const method = flow.headers.find((h) => h.name === ':method' && !h.invert && h.value.kind === 'exact');
  const path = flow.path && 'value' in flow.path && flow.path.value.startsWith('/') ? flow.path.value : '/';
  return {
    port: entryPoint.port,
    scheme: tls ? 'https' : 'http',
    method: method && 'value' in method.value ? method.value.value : 'GET',
    host,
    path,
  };
}

/** What an answer that chance decides carries along. */
export function tieUnknown({ rivals, domain, port }: Tie): Unsupported {
  const [first] = rivals;
  const rules = rivals.map(({ rule }) => rule);
  return {
    feature: 'traefik.tie',
    detail: `routers of one priority (${first!.priority}) meet, and chance decides between them at each reload: ${rules.join(' and ')}`,
    effect: 'routing',
    reach: {
      ports: [port],
      hosts: [domain],
      objects: [...new Set(rivals.map(({ matchOrigin }) => formatResource(matchOrigin.resource)))],
    },
    origin: first!.matchOrigin,
  };
}

export const tieMessage = ({ rivals, domain }: Tie): string =>
  `${rivals.length} routers have priority ${rivals[0]!.priority} and take the same requests of ${hostText(domain)}: which of them decides is chance, and may change at each reload; set a priority`;
