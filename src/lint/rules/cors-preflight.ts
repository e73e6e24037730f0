// A CORS policy on a rule that no preflight meets. Envoy takes the policy from the route of the preflight itself (CorsFilter::decodeHeaders
// in source/extensions/filters/http/cors/cors_filter.cc of Envoy 1.40), and a preflight is an OPTIONS request without the headers, cookies
// and credentials of the request that follows it (Fetch standard, CORS-preflight fetch).

import { formatPath, type Origin, type Route, type RouteMatch } from '../../model/index.js';
import type { LintContext, RequestAnswer } from '../context.js';
import { eachRoute, exampleRequest, type RoutePlace } from '../example-request.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const route = (match: string) =>
  documents(
    GATEWAY,
    virtualService(
      `hosts: [shop.example.com]\ngateways: [shop]\nhttp:\n- match: [{${match}}]\n  route: [{destination: {host: shop}}]\n  corsPolicy: {allowMethods: [GET, POST], allowOrigins: [{exact: "https://ui.example.com"}]}`,
    ),
  );

/** Headers that every preflight has. */
const OF_PREFLIGHTS = new Set([
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'user-agent',
  'accept',
  'accept-language',
  'accept-encoding',
  'referer',
  'host',
]);

const takesOptions = ({ value, invert }: RouteMatch['headers'][number]): boolean => {
  // Patterns of methods are lists of names.
  const taken =
    !value ||
    value.kind === 'any' ||
    (value.kind === 'regex' ? /OPTIONS|\*|\+/.test(value.pattern) : value.value === 'OPTIONS');
  return taken !== (invert ?? false);
};

/** The condition that no preflight meets, in words. */
function unmet({ headers }: RouteMatch): string | undefined {
  for (const condition of headers) {
    if (condition.name === ':method' && !takesOptions(condition)) return 'the method is not OPTIONS';
    if (!condition.name.startsWith(':') && !condition.invert && !OF_PREFLIGHTS.has(condition.name))
      return `it has no header ${condition.name}`;
  }
  return undefined;
}

const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

/** What answers the preflight of a request that the route takes; undefined where that cannot be asked. */
function preflight(place: RoutePlace, { answer }: LintContext) {
  const request = exampleRequest({ ...place, route: { ...place.route, match: { ...place.route.match, headers: [] } } });
  if (!request || !answer) return undefined;
  const witness = {
    ...request,
    method: 'OPTIONS',
    headers: { origin: 'https://ui.example.com', 'access-control-request-method': 'POST' },
  };
  const answered = answer(place.gateway, witness);
  return answered && { witness, answered };
}

const outcome = ({ status, route }: RequestAnswer): string =>
  route ? `it goes to another rule${status === undefined ? '' : ` (${status})`}` : `it gets ${status ?? 'no answer'}`;

export const rules: readonly Rule[] = [
  {
    code: 'MGW0169',
    name: 'cors-without-preflight',
    severity: 'warning',
    category: 'reachability',
    title: 'A CORS policy on a rule that matches no preflight request',
    docs: () => ({
      happens:
        'A browser sends OPTIONS first, without the headers and cookies of the request: the preflight goes to another rule or gets 404, and the browser refuses the request.',
      instead:
        'OPTIONS in the condition on the method, no condition on headers, or a rule of its own for OPTIONS with the same policy.',
      bad: route('uri: {prefix: /api/}, method: {exact: POST}'),
      good: route('uri: {prefix: /api/}, method: {regex: POST|OPTIONS}'),
    }),
    check: (context, report) => {
      const rulesSeen = new Map<string, { met: boolean; first?: { place: RoutePlace; why: string } }>();
      eachRoute(context.gateways, (place) => {
        const { route } = place;
        if (!route.cors || route.origin.path.length === 0) return;
        const seen = rulesSeen.get(keyOf(route.origin)) ?? { met: false };
        rulesSeen.set(keyOf(route.origin), seen);
        const why = unmet(route.match);
        if (why === undefined) seen.met = true;
        else seen.first ??= { place, why };
      });
      for (const { met, first } of rulesSeen.values()) {
        if (met || !first) continue;
        const { place, why } = first;
        const asked = preflight(place, context);
        // Another rule answers it with a policy of its own.
        if (asked?.answered.route?.cors) continue;
        report({
          message: `no preflight request matches this rule (${why}): its CORS policy is not used for OPTIONS${asked ? `; ${outcome(asked.answered)}` : ''}`,
          at: corsOrigin(place.route),
          ...(asked ? { witness: asked.witness } : {}),
        });
      }
    },
  },
];

const corsOrigin = (route: Route): Origin => route.cors?.origin ?? route.matchOrigin ?? route.origin;
