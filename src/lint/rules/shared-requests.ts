// Requests that two rules match: a rule of which earlier ones take a part, and two objects between which only their age
// decides. Both are answers of the algebra, each with a request that shows it.
// Age: VirtualServices of one host are put one after the other, the oldest first, and only what takes everything goes last
// (field notes 5.2); rules of HTTPRoutes are sorted by their matches before that (5.3), so only equals are decided by age.

import {
  type EffectiveGateway,
  formatPath,
  formatResource,
  type GatewayRequest,
  type Origin,
  type Route,
  type VirtualHost,
} from '../../model/index.js';
import { newRun, reachability } from '../../space/index.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';
import { suspectRoutes } from '../suspect-routes.js';

/** Virtual hosts with more routes than this are left out: looking at parts costs the square of them. */
const MOST_ROUTES = 200;
/** Virtual hosts of one gateway that are looked at for this. */
const MOST_HOSTS = 500;

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const routes = (name: string, ...rules: readonly (readonly [match: string, to: string])[]) =>
  virtualService(
    `hosts: [shop.example.com]\ngateways: [shop]\nhttp:\n${rules.map(([match, to]) => `- match: [${match}]\n  route: [{destination: {host: ${to}}}]`).join('\n')}`,
    name,
  );

const placeOf = (route: Route): Origin => route.matchOrigin ?? route.origin;
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;
const NOT_THE_ANSWER: ReadonlySet<string> = new Set(['origin', 'name']);
const answerOf = ({ action, requestHeaders, responseHeaders, fault }: Route): string =>
  JSON.stringify([action, requestHeaders, responseHeaders, fault], (key, value: unknown) =>
    NOT_THE_ANSWER.has(key) ? undefined : value,
  );

/** Hears what was not decided, and why: once for each virtual host. */
type Open = (route: Route, reason: string) => void;

/** The part of a gateway that is looked at; undefined: none. */
function narrowed(
  gateway: EffectiveGateway,
  wanted: (host: VirtualHost) => boolean,
  open: Open,
): EffectiveGateway | undefined {
  let hosts = 0;
  let beyond: Route | undefined;
  const part = suspectRoutes(gateway, undefined, (host) => {
    if (!wanted(host)) return false;
    const [first] = host.routes;
    if (host.routes.length > MOST_ROUTES) {
      open(
        first!,
        `${host.name} has ${host.routes.length} routes, at most ${MOST_ROUTES} are compared with each other`,
      );
      return false;
    }
    if (++hosts > MOST_HOSTS) beyond ??= first;
    return hosts <= MOST_HOSTS;
  });
  if (beyond)
    open(
      beyond,
      `this and later ones are ${hosts - MOST_HOSTS} of ${hosts} virtual hosts, at most ${MOST_HOSTS} are looked at`,
    );
  return part;
}

/** Routes that share requests with earlier ones, each place once, with the earlier ones that `counts`. */
function eachShared(
  gateways: readonly EffectiveGateway[],
  wanted: (host: VirtualHost) => boolean,
  counts: (earlier: Route, later: Route, gateway: EffectiveGateway) => boolean,
  visit: (later: Route, earlier: readonly Origin[], witness: GatewayRequest | undefined) => void,
  undecided: (at: Origin, reason: string) => void,
): void {
  const said = new Set<string>();
  const openAt = new Set<string>();
  const open: Open = (route, reason) => {
    const key = keyOf(placeOf(route));
    if (!openAt.has(key)) undecided(placeOf(route), reason);
    openAt.add(key);
  };
  const run = newRun();
  for (const gateway of gateways) {
    const part = narrowed(gateway, wanted, open);
    if (!part) continue;
    const openHosts = new Set<VirtualHost>();
    for (const { route, virtualHost, reach, shadowedBy, shadowUndecided } of reachability(part, {
      partly: true,
      run,
    })) {
      const reason = reach.status === 'undecided' ? reach.reason : shadowUndecided;
      if (reason !== undefined && !openHosts.has(virtualHost))
        open(route, `${reason} (the first of ${virtualHost.name})`);
      if (reason !== undefined) openHosts.add(virtualHost);
      if (!shadowedBy) continue;
      const earlier = shadowedBy.routes.filter(
        (r) => keyOf(placeOf(r)) !== keyOf(placeOf(route)) && counts(r, route, gateway),
      );
      const key = keyOf(placeOf(route));
      if (earlier.length === 0 || said.has(key)) continue;
      said.add(key);
      const places = new Map(earlier.map((r) => [keyOf(placeOf(r)), placeOf(r)]));
      // The witness belongs to one of all that take a part; only where all count it surely shows what is said.
      const witness = earlier.length === shadowedBy.routes.length ? shadowedBy.witness.request : undefined;
      visit(route, [...places.values()], witness);
    }
  }
}

const named = (places: readonly Origin[]): string =>
  places
    .slice(0, 3)
    .map((o) => `${formatResource(o.resource)} ${formatPath(o.path)}`)
    .join(', ') + (places.length > 3 ? ` and ${places.length - 3} more` : '');
const related = (places: readonly Origin[]) =>
  places.slice(0, 10).map((place) => ({ message: 'comes first here', place }));

const hasTwoObjects = ({ routes: all }: VirtualHost): boolean =>
  all.some((r) => r.origin.resource !== all[0]!.origin.resource);
const takesEverything = ({ match: { path, headers, query, source, claims } }: Route): boolean =>
  headers.length + query.length + (source?.length ?? 0) + (claims?.length ?? 0) === 0 &&
  (!path || path.kind === 'any' || (path.kind === 'prefix' && path.value === '/'));
const rank = ({ match: { path, headers, query } }: Route): string =>
  [path?.kind, path && 'value' in path ? path.value.length : 0, headers.length, query.length].join();

/** Turned round, if the ages were: nothing else puts one before the other. */
function onlyAgeDecides(earlier: Route, later: Route): boolean {
  const [a, b] = [earlier.origin.resource, later.origin.resource];
  if (a === b || a.kind !== b.kind) return false;
  if (a.kind === 'VirtualService') return !takesEverything(later) && !takesEverything(earlier);
  return a.group === 'gateway.networking.k8s.io' && rank(earlier) === rank(later);
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0154',
    name: 'partly-reachable-route',
    severity: 'info',
    category: 'reachability',
    optIn: true,
    title: 'Earlier rules match some of the requests of a rule',
    docs: () => ({
      happens:
        'Often this is intended (the special rule before the general one); the message names the rules and a request.',
      instead: 'Another order, or a match that leaves the part out.',
      bad: documents(GATEWAY, routes('shop', ['{uri: {prefix: /api/v2}}', 'new'], ['{uri: {prefix: /api}}', 'old'])),
      good: documents(GATEWAY, routes('shop', ['{uri: {prefix: /api/}}', 'new'], ['{uri: {prefix: /web}}', 'old'])),
    }),
    check: ({ gateways }, report) =>
      eachShared(
        gateways,
        ({ routes: all }) => all.length > 1,
        (earlier, later) => !takesEverything(later) && answerOf(earlier) !== answerOf(later),
        (route, earlier, witness) =>
          report({
            message: `a part of what this matches goes to ${named(earlier)}, which ${earlier.length === 1 ? 'comes' : 'come'} first${witness ? `: ${witness.path}` : ''}`,
            at: placeOf(route),
            related: related(earlier),
            ...(witness ? { witness } : {}),
          }),
        (at, reason) =>
          report({ message: `whether earlier rules take a part of what this matches was not decided: ${reason}`, at }),
      ),
  },
  {
    code: 'MGW0155',
    name: 'age-decides',
    severity: 'info',
    category: 'conflict',
    title: 'Two objects match the same requests, and only their age decides between them',
    docs: () => ({
      happens:
        'The older object answers. Applied again in another order (a new cluster, a restored backup) the other one does.',
      instead: 'The rules in one object, in the order that is meant, or matches that exclude each other.',
      bad: documents(
        GATEWAY,
        routes('one', ['{uri: {prefix: /api/v2}}', 'new']),
        routes('two', ['{uri: {prefix: /api}}', 'old']),
      ),
      good: documents(GATEWAY, routes('one', ['{uri: {prefix: /api/v2}}', 'new'], ['{uri: {prefix: /api}}', 'old'])),
    }),
    check: ({ gateways }, report) =>
      eachShared(
        gateways,
        hasTwoObjects,
        (earlier, later) => onlyAgeDecides(earlier, later) && answerOf(earlier) !== answerOf(later),
        (route, earlier, witness) =>
          report({
            message: `${named(earlier)} ${earlier.length === 1 ? 'matches' : 'match'} some of the same requests${witness ? ` (${witness.path})` : ''} and ${earlier.length === 1 ? 'answers' : 'answer'} them only because the object is older, or first by name`,
            at: placeOf(route),
            related: related(earlier),
            ...(witness ? { witness } : {}),
          }),
        (at, reason) =>
          report({ message: `whether two objects match the same requests here was not decided: ${reason}`, at }),
      ),
  },
];
