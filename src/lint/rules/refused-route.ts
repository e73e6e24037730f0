// Routes that Istio takes and Envoy refuses, with all others of their route table.

import { type RouteProblem, routeProblems, tableOf } from '../../implementations/istio/refused-routes.js';
import { type EffectiveGateway, routePlaces } from '../../model/index.js';
import { documents, ingress } from '../examples.js';
import type { Report, Rule } from '../rule.js';

const API_GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
`;
const regexRoute = (pattern: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: shop}]
  rules:
  - matches: [{path: {type: RegularExpression, value: "${pattern}"}}]
    backendRefs: [{name: shop, port: 80}]
`;

const istioIngress = (path: string): string =>
  ingress(
    `ingressClassName: istio\nrules:\n- http: {paths: [{path: "${path}", pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}`,
  );

const HAPPENS =
  'Istio accepts the route, and Envoy refuses the whole route table (of an HTTP port, or of one HTTPS server): every route keeps its last good state, and a restarted gateway serves none.';

/** In a VirtualService, header values, operators and rules without an action are findings of their fields (MGW0443, MGW0459, MGW0451, MGW0421, MGW0423). */
const isToldByField = ({ kind, isHeaderValue, origin }: RouteProblem): boolean =>
  (kind === 'operator' || kind === 'action' || isHeaderValue === true) && origin.resource.kind === 'VirtualService';

function reportRefused(
  gateways: readonly EffectiveGateway[],
  report: Report,
  isMeant: (problem: RouteProblem) => boolean,
): void {
  const said = new Set<string>();
  for (const gateway of gateways)
    if (gateway.controlPlane === 'istio')
      for (const { chain, route } of routePlaces(gateway))
        for (const problem of routeProblems(route)) {
          const key = JSON.stringify([problem.origin.resource.order, problem.origin.path, problem.text]);
          if (!isMeant(problem) || said.has(key)) continue;
          said.add(key);
          report({
            message: `${problem.text}: Envoy refuses ${tableOf(chain)}, which keep their last good state; a restarted gateway serves none`,
            at: problem.origin,
          });
        }
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0460',
    name: 'route-regex',
    severity: 'error',
    category: 'reachability',
    title: 'A regular expression of a route is not RE2',
    docs: () => ({
      happens: HAPPENS,
      instead: 'RE2 syntax: no lookahead, no backreferences.',
      bad: documents(API_GATEWAY, regexRoute('/(?!admin).*')),
      good: documents(API_GATEWAY, regexRoute('/v[0-9]+/.*')),
    }),
    check: ({ gateways }, report) => reportRefused(gateways, report, ({ kind }) => kind === 'pattern'),
  },
  {
    code: 'MGW0461',
    name: 'refused-route',
    severity: 'error',
    category: 'reachability',
    title: 'Envoy refuses a value of a route',
    docs: () => ({
      happens: HAPPENS,
      instead:
        'Prefixes without ? and #, names and values of headers without line breaks and of at most 16384 bytes, statuses from 200 to 599, cookies without a negative ttl.',
      bad: istioIngress('/list?page=1'),
      good: istioIngress('/list'),
    }),
    check: ({ gateways }, report) =>
      reportRefused(gateways, report, (problem) => problem.kind !== 'pattern' && !isToldByField(problem)),
  },
];
