// What the objects of Envoy Gateway say and the model does not express, by field.

import {
  append,
  formatResource,
  type JsonObject,
  type Origin,
  originOf,
  own,
  type Reach,
  type Resource,
  table,
  type Unsupported,
} from '../../../../model/index.js';
import type { Catalog } from '../../../../resources/catalog.js';
import { at } from '../../../../resources/fields.js';
import { has, listAt, objectAt, stringAt } from '../../fields.js';
import { GATEWAY_CLASS } from '../../kinds.js';
import type { GatewayParts } from '../implementation.js';
import { isForGateway, isForRoute, policiesOf } from './attached.js';
import { isBeyondRoutes } from './authorization.js';
import {
  BACKEND_TRAFFIC_POLICY,
  CLIENT_TRAFFIC_POLICY,
  ENVOY_PROXY,
  EXTENSION_POLICY,
  HTTP_ROUTE_FILTER,
  PATCH_POLICY,
  SECURITY_POLICY,
} from './kinds.js';

interface Field {
  readonly path: readonly string[];
  readonly effect: Unsupported['effect'];
  readonly guards?: true;
  readonly detail: string;
  /** Where only some values count; default: any. */
  readonly counts?: (spec: JsonObject) => boolean;
}

const field = (path: string, effect: Unsupported['effect'], detail: string, more: Partial<Field> = {}): Field => ({
  path: path.split('.'),
  effect,
  detail,
  ...more,
});
const guard = (path: string, detail: string, more: Partial<Field> = {}): Field =>
  field(path, 'security', detail, { guards: true, ...more });

const DELIVERY = 'It sets how bytes travel.';

const FIELDS = table<readonly Field[]>({
  [SECURITY_POLICY]: [
    guard('jwt', 'Requests without a valid token are refused; tokens are not checked here.'),
    guard('oidc', 'Requests without a session are sent to sign in.'),
    guard('apiKeyAuth', 'Requests without a known key get 401.'),
    guard('csrf', 'Requests that another site caused are refused.'),
    guard('authorization', 'Some of its rules look at more than addresses, headers and methods.', {
      counts: (spec) => isBeyondRoutes(objectAt(spec, 'authorization')),
    }),
  ],
  [BACKEND_TRAFFIC_POLICY]: [
    field('faultInjection', 'change', 'Some requests are delayed or aborted.'),
    field('responseOverride', 'change', 'Some answers of destinations are replaced.'),
    field('httpUpgrade', 'routing', 'Which protocols requests may change to is set.'),
    field('admissionControl', 'change', 'Some requests are refused when destinations fail.'),
    ...['bandwidthLimit', 'compression', 'compressor', 'healthCheck', 'proxyProtocol', 'useClientProtocol', 'dns'].map(
      (path) => field(path, 'delivery', DELIVERY),
    ),
  ],
  [CLIENT_TRAFFIC_POLICY]: [
    field('enableProxyProtocol', 'routing', 'Connections begin with the PROXY protocol.'),
    field('proxyProtocol', 'routing', 'Connections begin with the PROXY protocol.'),
    field('clientIPDetection', 'security', 'The address of a client is found in another way than by its connection.'),
    field('headers.earlyRequestHeaders', 'routing', 'Headers are changed before rules are looked at.'),
    field('headers.lateResponseHeaders', 'change', 'Headers of all answers are changed.'),
    field('headers.xForwardedClientCert', 'change', 'Destinations get the certificate of a client in a header.'),
    field('headers.host', 'routing', 'The host of requests is changed before rules are looked at.'),
    field('healthCheck', 'routing', 'A path is answered by the gateway itself.'),
    field('scheme', 'change', 'The scheme that destinations see is set.'),
    ...['timeout', 'tcpKeepalive', 'connection', 'http1', 'http2', 'http3', 'grpc'].map((path) =>
      field(path, 'delivery', DELIVERY),
    ),
  ],
  [EXTENSION_POLICY]: [
    ...['wasm', 'extProc', 'lua', 'dynamicModule'].map((path) =>
      field(path, 'change', 'Code of its own runs on requests and answers.'),
    ),
  ],
  [PATCH_POLICY]: [field('jsonPatches', 'routing', "Envoy's configuration is patched.")],
  [ENVOY_PROXY]: [
    field('filterOrder', 'security', 'The order of the filters is set.'),
    field('mergeGateways', 'routing', 'All Gateways of the class share one set of proxies.'),
    field('preserveRouteOrder', 'routing', 'Rules are tried in the order in which they are written.'),
    field('bootstrap', 'routing', "Envoy's bootstrap is changed."),
  ],
  [HTTP_ROUTE_FILTER]: [
    field('matches', 'routing', 'Rules look at cookies too.'),
    field('credentialInjection', 'change', 'Destinations get a credential.'),
    field('urlRewrite.appendXForwardedHost', 'change', 'Whether destinations get x-forwarded-host is set.'),
    field('urlRewrite.hostname', 'change', 'The host is taken from the path or the destination.', {
      counts: (spec) => stringAt(objectAt(objectAt(spec, 'urlRewrite'), 'hostname'), 'type') !== 'Header',
    }),
  ],
});

const POLICIES = [SECURITY_POLICY, BACKEND_TRAFFIC_POLICY, CLIENT_TRAFFIC_POLICY, EXTENSION_POLICY] as const;

/** `routes`: those that the Gateway takes. */
export function egUnsupported(
  surveyed: GatewayParts,
  routes: readonly Resource[],
  catalog: Catalog,
): readonly Unsupported[] {
  const found: Unsupported[] = [];
  for (const kind of POLICIES)
    for (const policy of policiesOf(kind, catalog)) {
      for (const reach of reachesOf(policy, surveyed, routes)) append(found, fieldsOf(policy, reach));
      append(found, bySelector(policy));
    }
  for (const policy of catalog.ofKind(PATCH_POLICY)) append(found, fieldsOf(policy, {}));
  for (const proxy of proxiesOf(surveyed.resource, catalog)) append(found, fieldsOf(proxy, {}));
  for (const filter of catalog.ofKind(HTTP_ROUTE_FILTER)) {
    const users = routes.filter((r) => r.namespace === filter.namespace && uses(r, filter.name)).map(formatResource);
    if (users.length > 0) append(found, fieldsOf(filter, { objects: users }));
  }
  return found;
}

/** All requests, or those of its listeners and of its routes; none where it is for another Gateway. */
function reachesOf(
  policy: Resource,
  { resource, programmed }: GatewayParts,
  routes: readonly Resource[],
): readonly Reach[] {
  const owners = [resource, ...programmed.map((l) => l.owner)];
  if (owners.some((owner) => isForGateway(policy, owner, undefined))) return [{}];
  const sections = programmed.filter((l) => isForGateway(policy, l.owner, l.name));
  const ports = [...new Set(sections.map((l) => l.port))];
  const objects = routes.filter((route) => isForRoute(policy, route)).map(formatResource);
  return [...(ports.length > 0 ? [{ ports }] : []), ...(objects.length > 0 ? [{ objects }] : [])];
}

/** Targets that are found by more than equal labels. */
function bySelector(policy: Resource): readonly Unsupported[] {
  const selectors = listAt(objectAt(policy.object, 'spec'), 'targetSelectors');
  if (!selectors.some((s) => has(s, 'matchExpressions') || has(s, 'namespaces'))) return [];
  const decides = policy.kind === 'SecurityPolicy';
  return [
    {
      feature: `${policy.kind.toLowerCase()}.targetSelectors`,
      detail: 'Which objects it is for is said by expressions that are not read here.',
      effect: decides ? 'security' : 'routing',
      ...(decides ? { guards: true } : {}),
      origin: originOf(policy, 'spec', 'targetSelectors'),
    },
  ];
}

const uses = (route: Resource, filter: string): boolean =>
  listAt(objectAt(route.object, 'spec'), 'rules').some((rule) =>
    listAt(rule, 'filters').some((f) => stringAt(objectAt(f, 'extensionRef'), 'name') === filter),
  );

/** The EnvoyProxy of a Gateway, and that of its class. */
function proxiesOf(gateway: Resource, catalog: Catalog): readonly Resource[] {
  const spec = objectAt(gateway.object, 'spec');
  const named = stringAt(objectAt(objectAt(spec, 'infrastructure'), 'parametersRef'), 'name');
  const ofClass = catalog.ofKind(GATEWAY_CLASS).find((c) => c.name === stringAt(spec, 'gatewayClassName'));
  const reference = objectAt(objectAt(ofClass?.object, 'spec'), 'parametersRef');
  return [
    ...(named === undefined ? [] : [catalog.find(ENVOY_PROXY, gateway.namespace, named)]),
    catalog.find(ENVOY_PROXY, stringAt(reference, 'namespace') ?? '', stringAt(reference, 'name') ?? ''),
  ].filter((p) => p !== undefined);
}

function fieldsOf(resource: Resource, reach: Reach): readonly Unsupported[] {
  const spec = objectAt(resource.object, 'spec');
  return (FIELDS.get(`${resource.group}/${resource.kind}`) ?? []).flatMap(
    ({ path, effect, guards, detail, counts }) => {
      const holder = path.slice(0, -1).reduce((object, key) => objectAt(object, key), spec);
      const last = path.at(-1) ?? '';
      if (!has(holder, last) || own(holder, last) === false || counts?.(spec) === false) return [];
      const origin: Origin = path.reduce((o, key) => at(o, key), originOf(resource, 'spec'));
      return [
        {
          feature: `${resource.kind.toLowerCase()}.${path.join('.')}`,
          detail,
          effect,
          ...(guards ? { guards } : {}),
          ...(Object.keys(reach).length > 0 ? { reach } : {}),
          origin,
        },
      ];
    },
  );
}
