// Where redirects of the configuration lead: back to where the client came from, or to one more redirect. Decided by
// asking the gateway itself for a request of each redirect and for what its Location names.

import { type EffectiveGateway, formatUrl, type GatewayRequest, type Origin } from '../../model/index.js';
import type { LintContext } from '../context.js';
import { eachRoute, exampleRequest, type RoutePlace } from '../example-request.js';
import { documents, gateway, server, virtualService } from '../examples.js';
import { at, GATEWAY } from '../fields/field-rule.js';
import type { Report, Rule } from '../rule.js';

/** Clients give up after 20 or so; nobody writes more than a few. */
const MOST_HOPS = 10;
/** Redirects that are followed in one gateway. */
const MOST_REDIRECTS = 2000;

const SERVERS = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const moved = (...rules: readonly (readonly [path: string, to: string])[]) =>
  documents(
    SERVERS,
    virtualService(
      `hosts: [shop.example.com]\ngateways: [shop]\nhttp:\n${rules.map(([path, to]) => `- match: [{uri: {exact: ${path}}}]\n  redirect: {uri: ${to}}\n`).join('')}- route: [{destination: {host: shop}}]`,
    ),
  );

interface Trail {
  /** URLs, the first one asked for; of a loop the last is one of the others. */
  readonly urls: readonly string[];
  readonly loop: boolean;
}

/** The request that a client sends next: the same headers, to the place that Location names. */
function next(request: GatewayRequest, location: string, status: number): GatewayRequest | undefined {
  if (!URL.canParse(location, formatUrl(request))) return undefined;
  const url = new URL(location, formatUrl(request));
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const { sni: _, ...rest } = request;
  return {
    ...rest,
    scheme,
    host: url.hostname,
    port: url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
    method: status === 303 ? 'GET' : request.method,
  };
}

function follow(gateway: EffectiveGateway, from: GatewayRequest, answer: NonNullable<LintContext['answer']>): Trail {
  const urls = [formatUrl(from)];
  let request = from;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const { status = 0, location } = answer(gateway, request) ?? {};
    const target =
      status >= 300 && status < 400 && location !== undefined ? next(request, location, status) : undefined;
    if (!target) return { urls, loop: false };
    const url = formatUrl(target);
    const again = urls.includes(url);
    urls.push(url);
    if (again) return { urls, loop: true };
    request = target;
  }
  return { urls, loop: false };
}

const redirects = ({ route: { action } }: RoutePlace): boolean =>
  action.kind === 'redirect' || (action.kind === 'direct-response' && action.status >= 300 && action.status < 400);

/** Each redirect of the configuration once, with where it leads. */
function eachTrail(
  { gateways, answer }: LintContext,
  visit: (at: Origin, request: GatewayRequest, trail: Trail) => void,
): void {
  if (!answer) return;
  const counts = new Map<EffectiveGateway, number>();
  eachRoute(gateways, (place) => {
    if (!redirects(place)) return;
    const count = (counts.get(place.gateway) ?? 0) + 1;
    counts.set(place.gateway, count);
    if (count > MOST_REDIRECTS) return;
    const request = exampleRequest(place);
    if (!request || answer(place.gateway, request)?.route !== place.route) return;
    visit(place.route.matchOrigin ?? place.route.origin, request, follow(place.gateway, request, answer));
  });
}

/** The same loop is entered at each of its redirects, and the same rule has several routes: each place once. */
function reportTrails(context: LintContext, report: Report, message: (trail: Trail) => string | undefined): void {
  const said = new Set<string>();
  eachTrail(context, (at, witness, trail) => {
    const text = message(trail);
    const key = `${at.resource.order} ${at.path.join('.')}`;
    if (text === undefined || said.has(key)) return;
    said.add(key);
    report({ message: text, at, witness });
  });
}

/** http to https of the same place is a step that everybody expects. */
function surprisingSteps({ urls }: Trail): number {
  const upgraded = urls[1]?.replace(/^https:/, 'http:') === urls[0] ? 1 : 0;
  return urls.length - 1 - upgraded;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0161',
    name: 'redirect-loop',
    severity: 'warning',
    category: 'reachability',
    title: 'A redirect leads back to itself',
    docs: () => ({
      happens: 'Browsers give up after some twenty redirects (ERR_TOO_MANY_REDIRECTS).',
      instead: 'A target that the rule, and the rules it leads to, do not match.',
      bad: moved(['/a', '/b'], ['/b', '/a']),
      good: moved(['/a', '/b']),
    }),
    check: (context, report) =>
      reportTrails(context, report, ({ urls, loop }) => (loop ? `the redirect loops: ${urls.join(' → ')}` : undefined)),
  },
  {
    code: 'MGW0162',
    name: 'redirect-chain',
    severity: 'info',
    category: 'reachability',
    title: 'A redirect leads to another redirect',
    docs: () => ({
      happens: 'Each step costs the client a round trip, and search engines stop after a few.',
      instead: 'Redirect to the last target directly.',
      bad: moved(['/a', '/b'], ['/b', '/c']),
      good: moved(['/a', '/c'], ['/b', '/c']),
    }),
    check: (context, report) =>
      reportTrails(context, report, (trail) =>
        !trail.loop && surprisingSteps(trail) > 1
          ? `the redirect leads to ${trail.urls.length > MOST_HOPS ? 'one redirect after the other' : 'another redirect'}: ${trail.urls.join(' → ')}`
          : undefined,
      ),
  },
  {
    code: 'MGW0163',
    name: 'https-redirect-behind-load-balancer',
    severity: 'info',
    category: 'migration',
    optIn: true,
    title: 'httpsRedirect loops behind a load balancer that terminates TLS',
    docs: () => ({
      happens:
        'A load balancer that accepts https and forwards plain http to this port gets the redirect for every request, and its clients loop. Envoy uses x-forwarded-proto, which it trusts only with numTrustedProxies of gatewayTopology.',
      instead: 'The redirect in the load balancer, or TLS terminated at the gateway; else numTrustedProxies.',
      bad: server(
        'port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]\ntls: {httpsRedirect: true}',
      ),
      good: server('port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]'),
    }),
    fields: at(GATEWAY, 'spec.servers[].tls.httpsRedirect', (value) =>
      value === true
        ? 'behind a load balancer that terminates TLS and forwards plain http to this port, every answer is this redirect: clients loop unless the gateway trusts its x-forwarded-proto'
        : undefined,
    ),
  },
];
