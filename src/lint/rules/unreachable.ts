// Rules that no request reaches: covered by one earlier match of the same VirtualService, or (by the algebra of requests)
// by all earlier routes of the gateway together, whatever object and dialect they come from.

import {
  formatPath,
  formatResource,
  type GatewayRequest,
  type Origin,
  type Route,
  type VirtualHost,
} from '../../model/index.js';
import type { RouteReach } from '../../space/index.js';
import type { LintContext } from '../context.js';
import { contradictionText, hasBadPattern } from '../contradiction.js';
import { coveredRules } from '../covered-matches.js';
import { exampleRequest, type RoutePlace } from '../example-request.js';
import { documents, gateway, virtualService } from '../examples.js';
import { suspectReach } from '../route-reach.js';
import type { Rule } from '../rule.js';

const rule = (path: string, to: string) => `- match:\n  - uri: ${path}\n  route:\n  - destination: {host: ${to}}`;
const shop = (...rules: string[]) =>
  virtualService(['hosts: [shop.example.com]', 'gateways: [istio-system/shop]', 'http:', ...rules].join('\n'));
const NEVER = 'The first match decides: no request gets here.';

const placeText = ({ path }: Origin): string => formatPath(path);
const originOfRoute = (route: Route): Origin => route.matchOrigin ?? route.origin;
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

const on = (name: string, ...rules: readonly string[]) =>
  virtualService(['hosts: [shop.example.com]', 'gateways: [shop]', 'http:', ...rules].join('\n'), name);
const SHOP_GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);

/** A request that the match of a covered route takes and an earlier one answers: tried, not only made. */
function takenRequest(
  at: RoutePlace,
  earlier: readonly Route[],
  { answer }: LintContext,
): { readonly witness?: GatewayRequest } {
  const witness = exampleRequest(at);
  const route = witness && answer?.(at.gateway, witness)?.route;
  return route && earlier.some((r) => keyOf(originOfRoute(r)) === keyOf(originOfRoute(route))) ? { witness } : {};
}

/** The answer of a controller to paths that no rule of the host has: nobody wrote it, and nobody can remove it. */
const isImplicit = ({ resource: { kind }, path }: Origin): boolean =>
  kind === 'Ingress' && path.length === 3 && path[1] === 'rules';

interface DeadRoute {
  readonly at: Origin;
  /** Undefined: not all that covers it is known. */
  readonly by: readonly Route[] | undefined;
  readonly contradiction: boolean;
  readonly place: RoutePlace;
}

/** A rule is dead only if it is so wherever it stands: on every port, in every virtual host. */
function deadRoutes(reached: ReturnType<typeof suspectReach>): {
  readonly dead: ReadonlyMap<string, DeadRoute>;
  readonly alive: ReadonlySet<string>;
} {
  const dead = new Map<string, DeadRoute>();
  const alive = new Set<string>();
  for (const { gateway, routes } of reached.gateways)
    for (const { port, chain, virtualHost, route, reach } of routes) {
      const at = originOfRoute(route);
      const key = keyOf(at);
      if (reach.status !== 'unreachable' || !(reach.because === 'covered' || reach.because === 'contradiction'))
        alive.add(key);
      else if (!dead.has(key)) {
        const place = { gateway, listener: { port }, chain, virtualHost, route };
        // What is known of its cover is not all: it is the routes before it, whichever they are.
        const by = reach.coverUndecided === undefined ? reach.coveredBy : undefined;
        dead.set(key, { at, by, contradiction: reach.because === 'contradiction', place });
      }
    }
  if (dead.size > 0) {
    const resources = new Set([...dead.values()].map(({ at }) => at.resource));
    for (const route of reached.others.flat())
      if (resources.has(route.origin.resource)) alive.add(keyOf(originOfRoute(route)));
  }
  return { dead, alive };
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0151',
    name: 'unreachable-rule',
    severity: 'warning',
    category: 'reachability',
    istio: 'IST0130',
    title: 'An earlier rule of the VirtualService matches all requests of a rule',
    docs: () => ({
      happens: NEVER,
      instead: 'The special rule before the general one.',
      bad: shop(rule('{prefix: /}', 'web'), rule('{prefix: /api}', 'api')),
      good: shop(rule('{prefix: /api}', 'api'), rule('{prefix: /}', 'web')),
    }),
    check: ({ catalog }, report) => {
      for (const { rule: at, matches, whole } of coveredRules(catalog)) {
        if (!whole) continue;
        const by = [...new Set(matches.map((m) => placeText(m.by)))];
        report({
          message: `no request reaches this rule: ${by.join(' and ')} ${by.length === 1 ? 'comes' : 'come'} first and ${by.length === 1 ? 'takes' : 'take'} everything that it matches`,
          at,
          related: matches.map((m) => ({ message: 'taken here', place: m.by })),
        });
      }
    },
  },
  {
    code: 'MGW0152',
    name: 'ineffective-match',
    severity: 'warning',
    category: 'reachability',
    istio: 'IST0131',
    title: 'A match is fully covered by an earlier one',
    docs: () => ({
      happens: NEVER,
      instead: 'Remove the match, or put the rule before the other.',
      bad: shop(
        rule('{prefix: /api}', 'api'),
        '- match:\n  - uri: {prefix: /api/v2}\n  - uri: {prefix: /web}\n  route:\n  - destination: {host: web}',
      ),
      good: shop(
        rule('{prefix: /api}', 'api'),
        '- match:\n  - uri: {prefix: /web}\n  route:\n  - destination: {host: web}',
      ),
    }),
    check: ({ catalog }, report) => {
      for (const { matches, whole } of coveredRules(catalog))
        if (!whole)
          for (const { at, by } of matches)
            report({
              message: `this match has no effect: ${placeText(by)} comes first and takes everything that it matches`,
              at,
              related: [{ message: 'taken here', place: by }],
            });
    },
  },
  {
    code: 'MGW0153',
    name: 'unreachable-route',
    severity: 'warning',
    category: 'reachability',
    title: 'Earlier routes of the gateway together match all requests of a route',
    docs: () => ({
      happens: `${NEVER} This is proven for all requests, over all objects of the same virtual host, not by comparing text.`,
      instead: 'Remove the route, or make it more specific than the routes before it.',
      bad: documents(
        SHOP_GATEWAY,
        on('api', rule('{prefix: /api}', 'api')),
        on('newer', rule('{prefix: /api/v2}', 'newer')),
      ),
      good: documents(
        SHOP_GATEWAY,
        on('api', rule('{prefix: /api}', 'api')),
        on('newer', rule('{prefix: /v2}', 'newer')),
      ),
    }),
    check: (context, report) => {
      const { catalog, gateways } = context;
      const said = new Set(
        coveredRules(catalog).flatMap(({ rule: at, matches }) => [keyOf(at), ...matches.map((m) => keyOf(m.at))]),
      );
      const { dead, alive } = deadRoutes(suspectReach(gateways));
      for (const [key, { at, by, contradiction, place }] of dead) {
        if (alive.has(key) || said.has(key) || hasBadPattern(place.route) || isImplicit(at)) continue;
        const others = [...new Map((by ?? []).map((r) => [keyOf(originOfRoute(r)), originOfRoute(r)])).values()];
        // A route that its own object repeats (an Ingress path that is two routes) covers itself.
        if (!contradiction && by && others.every((o) => keyOf(o) === key)) continue;
        report({
          message: contradiction
            ? `no request reaches this route: ${contradictionText(place)}`
            : `no request reaches this route: ${takersText(others)} everything that it matches`,
          at,
          ...(others.length ? { related: others.slice(0, 10).map((o) => ({ message: 'taken here', place: o })) } : {}),
          ...(contradiction ? {} : takenRequest(place, by ?? [], context)),
        });
      }
    },
  },
  {
    code: 'MGW0164',
    name: 'reachability-undecided',
    severity: 'info',
    category: 'reachability',
    title: 'Reachability of a route was not determined',
    docs: () => ({
      happens:
        'The configuration works as it stands, but this was not checked: the patterns are too large, or more work together than one run may spend. A route that is never reached may be among them.',
      instead:
        'Patterns that begin with the text that distinguishes them (`/orders/.*` in place of `.*orders.*`), or fewer of them on one host.',
      bad: documents(
        SHOP_GATEWAY,
        on('shop', rule('{regex: "/.*a.*"}', 'web'), rule('{regex: "/(a|b)*a(a|b){14}"}', 'api')),
      ),
      good: documents(SHOP_GATEWAY, on('shop', rule('{regex: "/a/.*"}', 'a'), rule('{regex: "/b/.*"}', 'b'))),
    }),
    check: ({ gateways }, report) => {
      const said = new Set<string>();
      for (const { routes } of suspectReach(gateways).gateways)
        for (const [virtualHost, open] of byVirtualHost(routes)) {
          const { route, reason } = open[0]!;
          const at = originOfRoute(route);
          if (said.has(keyOf(at))) continue;
          said.add(keyOf(at));
          const more = open.length === 1 ? '' : ` (and ${open.length - 1} more of ${virtualHost.name})`;
          report({ message: `whether a request reaches this route${more} was not decided: ${reason}`, at });
        }
    },
  },
];

/** `others`: none where naming them was more work than is spent on it. */
function takersText(others: readonly Origin[]): string {
  if (others.length === 0) return 'the routes before it take';
  const named = others.slice(0, 3).map((o) => `${formatResource(o.resource)} ${placeText(o)}`);
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return `${named.join(', ')}${more} ${others.length === 1 ? 'comes first and takes' : 'come first and take'}`;
}

/** Open routes of each virtual host. */
function byVirtualHost(routes: readonly RouteReach[]) {
  const open = new Map<VirtualHost, { readonly route: Route; readonly reason: string }[]>();
  for (const { virtualHost, route, reach } of routes) {
    if (reach.status !== 'undecided') continue;
    const list = open.get(virtualHost) ?? [];
    open.set(virtualHost, list);
    list.push({ route, reason: reach.reason });
  }
  return open;
}
