// Rules that no request reaches: covered by one earlier match of the same VirtualService, or (by the algebra of requests)
// by all earlier routes of the gateway together, whatever object and dialect they come from.

import { formatPath, formatResource, type GatewayRequest, type Origin, type Route } from '../../model/index.js';
import { reachability } from '../../space/index.js';
import type { LintContext } from '../context.js';
import { coveredRules } from '../covered-matches.js';
import { exampleRequest, type RoutePlace } from '../example-request.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';
import { suspectRoutes } from '../suspect-routes.js';

const rule = (path: string, to: string) => `- match:\n  - uri: ${path}\n  route:\n  - destination: {host: ${to}}`;
const shop = (...rules: string[]) =>
  virtualService(['hosts: [shop.example.com]', 'gateways: [istio-system/shop]', 'http:', ...rules].join('\n'));
const NEVER = 'The first match decides: no request gets here.';

const placeText = ({ path }: Origin): string => formatPath(path);
const originOfRoute = (route: Route): Origin => route.matchOrigin ?? route.origin;
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

/** Virtual hosts with more routes than this are not explored here: `meshgw routes` does, and says how far it came. */
const MOST_ROUTES = 2000;

const on = (name: string, path: string) =>
  virtualService(
    ['hosts: [shop.example.com]', 'gateways: [shop]', 'http:', rule(`{prefix: ${path}}`, name)].join('\n'),
    name,
  );
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

export const rules: readonly Rule[] = [
  {
    code: 'MGW0151',
    name: 'unreachable-rule',
    severity: 'warning',
    category: 'reachability',
    istio: 'IST0130',
    title: 'An earlier rule of the VirtualService takes everything that a rule matches',
    docs: {
      happens: NEVER,
      instead: 'The special rule before the general one.',
      bad: shop(rule('{prefix: /}', 'web'), rule('{prefix: /api}', 'api')),
      good: shop(rule('{prefix: /api}', 'api'), rule('{prefix: /}', 'web')),
    },
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
    title: 'A match of a rule is taken by an earlier one',
    docs: {
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
    },
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
    title: 'Earlier routes of the gateway together take everything that a route matches',
    docs: {
      happens: `${NEVER} This was decided for all requests, over all objects that end up in the same virtual host, not by comparing texts.`,
      instead: 'Remove the route, or make it more special than what comes before it.',
      bad: documents(SHOP_GATEWAY, on('api', '/api'), on('newer', '/api/v2')),
      good: documents(SHOP_GATEWAY, on('api', '/api'), on('newer', '/v2')),
    },
    check: (context, report) => {
      const { catalog, gateways } = context;
      const said = new Set(
        coveredRules(catalog).flatMap(({ rule: at, matches }) => [keyOf(at), ...matches.map((m) => keyOf(m.at))]),
      );
      const dead = new Map<string, { at: Origin; by: readonly Route[]; contradiction: boolean; place: RoutePlace }>();
      const alive = new Set<string>();
      // A rule is dead only if it is so wherever it stands: on every port, in every virtual host.
      const elsewhere: (readonly Route[])[] = [];
      for (const gateway of gateways) {
        const suspect = suspectRoutes(gateway, MOST_ROUTES, (routes) => elsewhere.push(routes));
        if (!suspect) continue;
        for (const { port, chain, virtualHost, route, reach } of reachability(suspect)) {
          const at = originOfRoute(route);
          const key = keyOf(at);
          if (reach.status === 'unreachable' && (reach.because === 'covered' || reach.because === 'contradiction')) {
            const place = { gateway, listener: { port }, chain, virtualHost, route };
            if (!dead.has(key))
              dead.set(key, { at, by: reach.coveredBy, contradiction: reach.because === 'contradiction', place });
          } else alive.add(key);
        }
      }
      if (dead.size > 0) {
        const resources = new Set([...dead.values()].map(({ at }) => at.resource));
        for (const route of elsewhere.flat())
          if (resources.has(route.origin.resource)) alive.add(keyOf(originOfRoute(route)));
      }
      for (const [key, { at, by, contradiction, place }] of dead) {
        if (alive.has(key) || said.has(key)) continue;
        const others = [...new Map(by.map((r) => [keyOf(originOfRoute(r)), originOfRoute(r)])).values()];
        // A route that its own object repeats (an Ingress path that is two routes) covers itself.
        if (!contradiction && others.every((o) => keyOf(o) === key)) continue;
        report({
          message: contradiction
            ? 'no request reaches this route: none that comes to its port can meet all of its conditions'
            : `no request reaches this route: ${others
                .slice(0, 3)
                .map((o) => `${formatResource(o.resource)} ${placeText(o)}`)
                .join(
                  ', ',
                )}${others.length > 3 ? ` and ${others.length - 3} more` : ''} ${others.length === 1 ? 'comes' : 'come'} first and ${others.length === 1 ? 'takes' : 'take'} everything that it matches`,
          at,
          ...(others.length ? { related: others.slice(0, 10).map((o) => ({ message: 'taken here', place: o })) } : {}),
          ...(contradiction ? {} : takenRequest(place, by, context)),
        });
      }
    },
  },
];
