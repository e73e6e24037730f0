// What the files say of a MeshGateway beyond its routes: policies that can change an answer are unknowns, others change how bytes travel.

import {
  formatResource,
  type JsonObject,
  type Origin,
  originOf,
  type Resource,
  type Unsupported,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, objectOf, objectsOf, stringOf } from '../../resources/fields.js';
import { findService } from '../../resources/services.js';
import { backendByReference, backendByTags, furtherTags } from './destination.js';
import { bodyOf, meshOf } from './fields.js';
import { GATEWAY_ROUTE } from './gateway-routes.js';
import { HTTP_ROUTE, TCP_ROUTE } from './mesh-routes.js';
import { isForOthers, permits } from './permissions.js';

type Effect = Unsupported['effect'];

/** Kinds of policies, and what is not known because of one. */
const POLICIES: readonly (readonly [kind: string, effect: Effect, detail: string])[] = [
  ['MeshRateLimit', 'change', 'Requests beyond the limit are answered 429.'],
  ['RateLimit', 'change', 'Requests beyond the limit are answered 429.'],
  ['MeshGlobalRateLimit', 'change', 'Requests beyond the limit are answered 429.'],
  ['MeshFaultInjection', 'change', 'A share of the requests is answered with an error, or late.'],
  ['FaultInjection', 'change', 'A share of the requests is answered with an error, or late.'],
  ['MeshProxyPatch', 'routing', 'It changes the configuration of Envoy.'],
  ['ProxyTemplate', 'routing', 'It changes the configuration of Envoy.'],
  ['MeshOPA', 'security', 'A policy of OPA decides which requests are accepted.'],
  ['OPAPolicy', 'security', 'A policy of OPA decides which requests are accepted.'],
  ['MeshTrafficPermission', 'security', 'Destinations refuse callers that have no permission.'],
  ['TrafficPermission', 'security', 'Destinations refuse callers that have no permission.'],
  ...[
    [
      'MeshTimeout',
      'Timeout',
      'MeshRetry',
      'Retry',
      'MeshCircuitBreaker',
      'CircuitBreaker',
      'MeshHealthCheck',
      'HealthCheck',
    ],
    ['MeshLoadBalancingStrategy', 'MeshTLS', 'MeshAccessLog', 'MeshTrace', 'MeshMetric', 'TrafficLog', 'TrafficTrace'],
  ]
    .flat()
    .map((kind) => [kind, 'delivery', 'It changes how requests travel, and no answer.'] as const),
];

/** What some of them are there for, as the advice of `ways-in` calls it. */
const NEEDS = new Map([
  ['MeshRateLimit', 'rate-limit'],
  ['RateLimit', 'rate-limit'],
  ['MeshGlobalRateLimit', 'rate-limit'],
  ['MeshFaultInjection', 'fault'],
  ['FaultInjection', 'fault'],
  ['MeshOPA', 'authorization'],
  ['OPAPolicy', 'authorization'],
  ['MeshTrafficPermission', 'authorization'],
  ['TrafficPermission', 'authorization'],
  ['MeshTimeout', 'timeouts'],
  ['Timeout', 'timeouts'],
  ['MeshRetry', 'retries'],
  ['Retry', 'retries'],
  ['MeshCircuitBreaker', 'circuit-breaking'],
  ['CircuitBreaker', 'circuit-breaking'],
]);

export const unsupportedOf = (gateway: Resource, catalog: Catalog): readonly Unsupported[] => [
  ...POLICIES.flatMap(([kind, effect, detail]) =>
    catalog
      .ofKind(`kuma.io/${kind}`)
      .filter((policy) => meshOf(policy) === meshOf(gateway) && concerns(policy, gateway))
      .filter(
        (policy) =>
          !isPermission(policy) || !(permits(policy, gateway) || isForOthers(policy, called(gateway, catalog))),
      )
      .map(
        (policy): Unsupported => ({
          feature: kind.toLowerCase(),
          detail,
          effect,
          ...(effect === 'security' && { guards: true as const }),
          ...(NEEDS.has(kind) && { need: NEEDS.get(kind)! }),
          origin: originOf(policy),
        }),
      ),
  ),
  ...[GATEWAY_ROUTE, HTTP_ROUTE, TCP_ROUTE]
    .flatMap((kind) => catalog.ofKind(kind))
    .filter((route) => meshOf(route) === meshOf(gateway) && concerns(route, gateway))
    .flatMap((route) => ofRoute(route, catalog)),
];

const isPermission = ({ kind }: Resource): boolean => kind.endsWith('TrafficPermission');

/** Selectors of the Services that routes of the mesh lead to; undefined: of one that the files do not hold. */
function called(gateway: Resource, catalog: Catalog): readonly (Readonly<Record<string, string>> | undefined)[] {
  return [GATEWAY_ROUTE, HTTP_ROUTE, TCP_ROUTE]
    .flatMap((kind) => catalog.ofKind(kind))
    .filter((route) => meshOf(route) === meshOf(gateway) && concerns(route, gateway))
    .flatMap((route) =>
      rulesOf(route).flatMap(({ rule, place }) => [
        ...objectsOf(rule.backends).map((b) => backendByTags(b, place, catalog)),
        ...objectsOf(rule.backendRefs).map((b) => backendByReference(b, route, place, catalog)),
      ]),
    )
    .map((backend) => {
      const [name = '', namespace = ''] = backend && 'host' in backend.to ? backend.to.host.split('.') : [];
      return findService(catalog, namespace, name)?.selector;
    });
}

/** A policy that names another gateway, or only sidecars, is not about this one. */
function concerns(policy: Resource, gateway: Resource): boolean {
  const ref = objectOf(bodyOf(policy).value.targetRef);
  return stringOf(ref?.kind) !== 'MeshGateway' || stringOf(ref?.name) === gateway.name;
}

/** Rules of either kind, with where they stand. */
function rulesOf(route: Resource): readonly { readonly rule: JsonObject; readonly place: Origin }[] {
  const { value, path } = bodyOf(route);
  const place = (...more: (string | number)[]): Origin => ({ resource: route, path: [...path, ...more] });
  const conf = objectOf(value.conf);
  const ofConf = (key: 'http' | 'tcp') =>
    objectsOf(objectOf(conf?.[key])?.rules).map((rule, i) => ({ rule, place: place('conf', key, 'rules', i) }));
  return [
    ...ofConf('http'),
    ...ofConf('tcp'),
    ...objectsOf(value.to).flatMap((to, t) =>
      objectsOf(to.rules).map((rule, i) => ({
        rule: objectOf(rule.default) ?? {},
        place: place('to', t, 'rules', i, 'default'),
      })),
    ),
  ];
}

const NO_SERVICE =
  'It is no Service of Kubernetes by its name (name_namespace_svc_port): where it is, the files do not say.';

function ofRoute(route: Resource, catalog: Catalog): readonly Unsupported[] {
  const reach = { objects: [formatResource(route)] };
  return rulesOf(route).flatMap(({ rule, place }): Unsupported[] => {
    const hosts = objectsOf(rule.filters).flatMap((filter, i): Unsupported[] => {
      const rewrite = objectOf(filter.urlRewrite) ?? objectOf(filter.rewrite);
      if (rewrite?.hostToBackendHostname !== true && rewrite?.host_to_backend_hostname !== true) return [];
      const detail = 'The destination gets its own name as host: which name that is, the files do not say.';
      const origin = at(place, 'filters', i);
      return [{ feature: 'kuma.host-to-backend-hostname', detail, effect: 'change', reach, origin }];
    });
    const written = [
      ...objectsOf(rule.backends).map((b, i) => {
        const origin = at(place, 'backends', i);
        return { backend: b, found: backendByTags(b, origin, catalog), origin };
      }),
      ...objectsOf(rule.backendRefs).map((b, i) => {
        const origin = at(place, 'backendRefs', i);
        return { backend: b, found: backendByReference(b, route, origin, catalog), origin };
      }),
    ];
    const backends = written.flatMap(({ backend, found, origin }): Unsupported[] => {
      const item = (feature: string, detail: string, place = origin): Unsupported => ({
        feature,
        detail,
        effect: 'routing',
        reach,
        origin: place,
      });
      if (!found) return [item('kuma.backend', NO_SERVICE)];
      return furtherTags(backend).map(({ tag, path }) =>
        item('kuma.tags', `Only proxies with ${tag} are chosen: all of the Service are taken.`, at(origin, ...path)),
      );
    });
    return [...hosts, ...backends];
  });
}
