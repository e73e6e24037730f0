// Which of the four approaches a service needs, by what its configuration uses and what is asked for; what the ways of
// now lack; what moving would take.

import {
  type Advice,
  type Approach,
  type ControllerFit,
  locatedOrigin,
  type Need,
  type Origin,
  originOf,
  own,
  takesDatagrams,
  unsupportedAt,
  WAY_TITLES,
  type WayIn,
} from '../model/index.js';
import { objectOf, specOf, stringOf } from '../resources/fields.js';
import type { AdviceInput } from './advice-input.js';
import { CONTROLLERS, type Controller, RETIRED, type Retired } from './controllers.js';
import { FEATURES, type Feature, featureOf, usedBy } from './features.js';
import { type FoundWay, placeOf } from './found-way.js';
import type { AdviseOptions } from './input.js';
import { movesOf } from './moves.js';

const RANK: Readonly<Record<Approach, number>> = {
  'load-balancer': 0,
  ingress: 1,
  'istio-gateway': 2,
  'api-gateway': 3,
};

/** Features of API gateways that none of the three others has today, whatever one writes. */
const ONLY_PRODUCTS = new Set(['aggregation', 'lifecycle', 'billing', 'basic-auth']);

export function advise(input: AdviceInput, options: AdviseOptions): Advice {
  const { locate } = input;
  const used = featuresOf(input);
  const needs: Need[] = FEATURES.flatMap((feature) => {
    const origin = used.get(feature.name);
    if (!origin && !options.needs.includes(feature.name)) return [];
    const { name, title, from } = feature;
    return [{ feature: name, title, from, ...(origin ? { origin: locatedOrigin(origin, locate) } : {}) }];
  });
  const approach = needs.reduce<Approach>(
    (most, need) => (RANK[need.from] > RANK[most] ? need.from : most),
    'load-balancer',
  );
  const asked = options.needs.filter((name) => !used.has(name)).map(featureOf);
  return {
    approach: needs.length === 0 ? 'none' : approach,
    verdict:
      needs.length === 0
        ? input.service.ports.some(takesDatagrams)
          ? 'no feature is required, and no way in was found; ways of datagrams (UDP, SCTP) were not looked for'
          : 'not reachable from outside, and no feature is required: it can stay a ClusterIP'
        : verdict(approach, needs),
    needs,
    missing: [...missingOf(input, used, asked), ...retired(input)],
    controllers: needs.length === 0 ? [] : CONTROLLERS.map((controller) => fitOf(controller, needs)),
    moves: needs.length === 0 ? [] : movesOf(input, approach, options),
  };
}

function fitOf({ title, has, part, lacks }: Controller, needs: readonly Need[]): ControllerFit {
  const names = needs.map(({ feature }) => feature);
  const limits = names.flatMap((feature) => {
    const limit = own(part, feature);
    return limit === undefined ? [] : [{ feature, limit }];
  });
  return {
    title,
    lacks: names.filter((name) => lacks.includes(name)),
    part: limits,
    unknown: names.filter((name) => !has.includes(name) && !lacks.includes(name) && own(part, name) === undefined),
  };
}

/** Ways through what its makers have given up. */
function retired({ ways, service, catalog }: AdviceInput): string[] {
  const namespace = service.view?.resource.namespace;
  const inUse = (entry: Retired): boolean =>
    ways.some((way) => entry.dialects?.includes(way.dialect)) ||
    catalog.all.some((r) => r.namespace === namespace && entry.groups?.includes(r.group) === true);
  return RETIRED.filter(inUse).map(({ title, state, instead }) => `${title} ${state}; ${instead}`);
}

/** Each feature in use, with the first place that uses it. */
function featuresOf({ found, service, catalog }: AdviceInput): Map<string, Origin> {
  const used = new Map<string, Origin>();
  const add = (name: string, origin: Origin) => {
    if (!used.has(name)) used.set(name, origin);
  };
  // Bytes that go round a gateway ask for nothing that the gateway has not.
  const http = found.some((way) => !way.gateway.direct);
  for (const way of http ? found.filter((w) => !w.gateway.direct) : found) {
    for (const name of usedBy(way))
      add(name, name === 'tls' || name === 'hosts' ? (way.chain.tls?.origin ?? way.rule) : way.rule);
    for (const { need, origin } of unsupportedAt(way.gateway, placeOf(way))) if (need !== undefined) add(need, origin);
  }
  for (const resource of catalog.ofKind('networking.istio.io/DestinationRule')) {
    const spec = specOf(resource);
    const host = stringOf(spec.host);
    const mine =
      host === service.host || host === service.host.split('.')[0] || `${host}.svc.cluster.local` === service.host;
    const policy = objectOf(spec.trafficPolicy);
    if (mine && (policy?.outlierDetection ?? policy?.connectionPool))
      add('circuit-breaking', originOf(resource, 'spec', 'trafficPolicy'));
  }
  return used;
}

function verdict(approach: Approach, needs: readonly Need[]): string {
  switch (approach) {
    case 'load-balancer':
      return 'a NodePort or LoadBalancer is enough: no routing by host or path, no TLS';
    case 'ingress':
      return 'an Ingress is enough: hosts, paths and TLS';
    case 'istio-gateway':
      return 'an Istio Gateway (or HTTPRoute, where it has the field): Ingress supports this only by annotations of one controller, or not at all';
    case 'api-gateway': {
      const products = needs.filter((n) => ONLY_PRODUCTS.has(n.feature)).map((n) => n.title);
      if (products.length > 0) return `an API gateway: nothing else supports ${products.join(', ')} today`;
      const istio = needs.filter((n) => n.from === 'api-gateway').map((n) => n.title);
      return `usually a task for an API gateway product; today an Istio Gateway with its policies does it: ${istio.join(', ')}`;
    }
  }
}

function missingOf(
  { ways, found }: AdviceInput,
  used: ReadonlyMap<string, Origin>,
  asked: readonly Feature[],
): string[] {
  const missing = asked.map((f) => `${f.title}: required, but no way has it; supported by ${f.today}`);
  const http = ways.filter((w) => w.protocol === 'HTTP');
  if (http.length > 0 && !ways.some((w) => w.protocol === 'HTTPS'))
    missing.push(`TLS: port ${numbers(http)} is plain HTTP, and no other way has a certificate`);
  if (used.has('jwt') && !used.has('authorization'))
    missing.push(
      'a token is checked but not required: a request without one is accepted, until an AuthorizationPolicy requires requestPrincipals',
    );
  const direct = new Set(found.flatMap((w) => (w.gateway.direct ? [w.gateway.id] : [])));
  const open = ways.filter((w) => w.port === null || direct.has(w.gateway));
  const kinds = [...new Set(open.map((w) => WAY_TITLES[w.kind]))].join(' and ');
  const guarded = found.some((w) => w.chain.policies !== undefined || w.chain.tls !== undefined);
  if (open.length > 0 && found.some((w) => !w.gateway.direct))
    missing.push(
      `${kinds} ${numbers(open)} bypasses the gateway${guarded ? ': without its TLS and policies' : ''}; type ClusterIP closes it`,
    );
  return missing;
}

const numbers = (ways: readonly WayIn[]): string =>
  [...new Set(ways.map((w) => (w.port === null ? 'assigned by the cluster' : String(w.port))))].join(', ');
