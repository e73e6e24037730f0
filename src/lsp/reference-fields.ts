// Which fields name other objects, kind by kind: a table. Whether the name is right is lint's part.

import { isObject, type Json, own, type Resource } from '../model/index.js';

/** Whether an object is the one that a text names; `from`: the object with the text, `around`: what the text is a field of. */
export type Reading = (text: string, from: Resource, around: Json | undefined) => (resource: Resource) => boolean;

const textOf = (value: Json | undefined, key: string): string | undefined => {
  const found = isObject(value) ? own(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
};
const listOf = (value: Json | undefined, key: string): readonly Json[] => {
  const found = isObject(value) ? own(value, key) : undefined;
  return Array.isArray(found) ? (found as readonly Json[]) : [];
};

/** Classes have no namespace. */
const isAt = (resource: Resource, namespace: string, name: string): boolean =>
  resource.name === name && (resource.namespace === namespace || /Class$|^KongCluster/.test(resource.kind));

/** The namespace stands beside the name, or is the object's own. */
const beside: Reading = (name, from, around) => {
  const namespace = textOf(around, 'namespace') ?? from.namespace;
  return (resource) => isAt(resource, namespace, name);
};
/** `namespace/name`, or a name. */
const slashed: Reading = (text, from) => {
  const [first = '', name] = text.split('/');
  return (resource) => isAt(resource, name === undefined ? from.namespace : first, name ?? first);
};
/** In the namespace of the gateway's workload, which no file has to say. */
const anywhere: Reading = (text) => (resource) => resource.name === text.split('/').at(-1);
/** `namespace-name@kubernetescrd`. */
const joined: Reading = (text) => (resource) => `${resource.namespace}-${resource.name}@kubernetescrd` === text;
/** A host: of a Service as `name`, `name.namespace` or longer, or of a ServiceEntry. */
const host: Reading = (text, from) => {
  const [name = '', namespace = from.namespace, service = 'svc'] = text.split('.');
  return (resource) =>
    resource.kind === 'ServiceEntry'
      ? listOf(own(resource.object, 'spec'), 'hosts').some((pattern) => covers(pattern, text))
      : service === 'svc' && isAt(resource, namespace, name);
};
/** A subset of the DestinationRule for the host beside it. */
const subset: Reading = (text, from, around) => {
  const wanted = fullHost(textOf(around, 'host') ?? '', from.namespace);
  return (resource) => {
    const spec = own(resource.object, 'spec');
    return (
      fullHost(textOf(spec, 'host') ?? '', resource.namespace) === wanted &&
      listOf(spec, 'subsets').some((one) => textOf(one, 'name') === text)
    );
  };
};

const fullHost = (name: string, namespace: string): string => {
  const parts = name.split('.');
  return parts.length <= 2 ? `${parts[0]}.${parts[1] ?? namespace}.svc.cluster.local` : name;
};
const covers = (pattern: Json, name: string): boolean =>
  typeof pattern === 'string' && (pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1))));

/** Separated by commas: each names one. */
export const LISTED = new Set(['konghq.com/plugins', 'traefik.ingress.kubernetes.io/router.middlewares']);

const ISTIO_GATEWAY = 'networking.istio.io/Gateway';
const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';
const DESTINATION_RULE = 'networking.istio.io/DestinationRule';
const GATEWAY = 'gateway.networking.k8s.io/Gateway';
const LISTENER_SET = 'gateway.networking.k8s.io/ListenerSet';
const INGRESS = 'networking.k8s.io/Ingress';
const SERVICE = '/Service';
const SECRET = '/Secret';
const CONFIG_MAP = '/ConfigMap';
const HOSTS = [SERVICE, 'networking.istio.io/ServiceEntry'];
const TRAEFIK_SERVICES = [SERVICE, 'traefik.io/TraefikService'];
const MIDDLEWARE = ['traefik.io/Middleware'];
const KONG_PLUGINS = ['configuration.konghq.com/KongPlugin', 'configuration.konghq.com/KongClusterPlugin'];

/** `kinds`: those that are meant where no kind (and group) stands beside the text; empty: only what stands there. */
export interface FieldRow {
  /** `*` is every item of a list; a key of annotations is one step. */
  readonly path: readonly string[];
  readonly kinds: readonly string[];
  readonly reading: Reading;
}

const field = (path: string, kinds: readonly string[], reading: Reading = beside): FieldRow => ({
  path: path.split('.'),
  kinds,
  reading,
});
const annotation = (key: string, kinds: readonly string[], reading: Reading = beside): FieldRow => ({
  path: ['metadata', 'annotations', key],
  kinds,
  reading,
});

const route = (kind: string): readonly [string, readonly FieldRow[]] => [
  `gateway.networking.k8s.io/${kind}`,
  [
    field('spec.parentRefs.*.name', [GATEWAY, LISTENER_SET]),
    field('spec.rules.*.backendRefs.*.name', [SERVICE]),
    ...['spec.rules.*.filters.*', 'spec.rules.*.backendRefs.*.filters.*'].flatMap((filter) => [
      field(`${filter}.requestMirror.backendRef.name`, [SERVICE]),
      field(`${filter}.extensionRef.name`, []),
    ]),
  ],
];

const traefikRoute = (kind: string, middleware: string): readonly [string, readonly FieldRow[]] => [
  `traefik.io/${kind}`,
  [
    field('spec.routes.*.services.*.name', TRAEFIK_SERVICES),
    field('spec.routes.*.services.*.serversTransport', [
      'traefik.io/ServersTransport',
      'traefik.io/ServersTransportTCP',
    ]),
    field('spec.routes.*.middlewares.*.name', [middleware]),
    field('spec.tls.secretName', [SECRET]),
    field('spec.tls.options.name', ['traefik.io/TLSOption']),
    field('spec.tls.store.name', ['traefik.io/TLSStore']),
  ],
];

/** Of objects of every kind. */
export const EVERYWHERE: readonly FieldRow[] = [
  field('spec.targetRef.name', []),
  field('spec.targetRefs.*.name', []),
  annotation('konghq.com/plugins', KONG_PLUGINS),
  annotation('konghq.com/upstream-policy', ['configuration.konghq.com/KongUpstreamPolicy']),
];

const NGINX = 'nginx.ingress.kubernetes.io';

/** `group/kind` → the fields that name something. */
export const FIELDS: ReadonlyMap<string, readonly FieldRow[]> = new Map([
  [
    VIRTUAL_SERVICE,
    [
      field('spec.gateways.*', [ISTIO_GATEWAY], slashed),
      ...['http', 'tls', 'tcp'].flatMap((protocol) => [
        field(`spec.${protocol}.*.match.*.gateways.*`, [ISTIO_GATEWAY], slashed),
        field(`spec.${protocol}.*.route.*.destination.host`, HOSTS, host),
        field(`spec.${protocol}.*.route.*.destination.subset`, [DESTINATION_RULE], subset),
      ]),
      field('spec.http.*.delegate.name', [VIRTUAL_SERVICE]),
      field('spec.http.*.mirror.host', HOSTS, host),
      field('spec.http.*.mirror.subset', [DESTINATION_RULE], subset),
      field('spec.http.*.mirrors.*.destination.host', HOSTS, host),
      field('spec.http.*.mirrors.*.destination.subset', [DESTINATION_RULE], subset),
    ],
  ],
  [
    DESTINATION_RULE,
    [
      field('spec.host', HOSTS, host),
      field('spec.trafficPolicy.tls.credentialName', [SECRET], anywhere),
      field('spec.subsets.*.trafficPolicy.tls.credentialName', [SECRET], anywhere),
    ],
  ],
  [
    ISTIO_GATEWAY,
    [
      field('spec.servers.*.tls.credentialName', [SECRET], anywhere),
      field('spec.servers.*.tls.credentialNames.*', [SECRET], anywhere),
    ],
  ],
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(route),
  ...[GATEWAY, LISTENER_SET].map((kind): readonly [string, readonly FieldRow[]] => [
    kind,
    [
      field('spec.gatewayClassName', ['gateway.networking.k8s.io/GatewayClass']),
      field('spec.parentRef.name', [GATEWAY]),
      field('spec.listeners.*.tls.certificateRefs.*.name', [SECRET]),
      field('spec.listeners.*.tls.frontendValidation.caCertificateRefs.*.name', [CONFIG_MAP]),
    ],
  ]),
  ['gateway.networking.k8s.io/BackendTLSPolicy', [field('spec.validation.caCertificateRefs.*.name', [CONFIG_MAP])]],
  [
    INGRESS,
    [
      field('spec.ingressClassName', ['networking.k8s.io/IngressClass']),
      field('spec.tls.*.secretName', [SECRET]),
      field('spec.defaultBackend.service.name', [SERVICE]),
      field('spec.defaultBackend.resource.name', []),
      field('spec.rules.*.http.paths.*.backend.service.name', [SERVICE]),
      field('spec.rules.*.http.paths.*.backend.resource.name', []),
      annotation(`${NGINX}/auth-secret`, [SECRET], slashed),
      annotation(`${NGINX}/auth-tls-secret`, [SECRET], slashed),
      annotation(`${NGINX}/proxy-ssl-secret`, [SECRET], slashed),
      annotation(`${NGINX}/default-backend`, [SERVICE]),
      annotation(`${NGINX}/custom-headers`, [CONFIG_MAP], slashed),
      annotation(`${NGINX}/auth-proxy-set-headers`, [CONFIG_MAP], slashed),
      annotation('traefik.ingress.kubernetes.io/router.middlewares', MIDDLEWARE, joined),
      annotation('traefik.ingress.kubernetes.io/router.tls.options', ['traefik.io/TLSOption'], joined),
    ],
  ],
  traefikRoute('IngressRoute', 'traefik.io/Middleware'),
  traefikRoute('IngressRouteTCP', 'traefik.io/MiddlewareTCP'),
  ['traefik.io/IngressRouteUDP', [field('spec.routes.*.services.*.name', TRAEFIK_SERVICES)]],
  [
    'traefik.io/TraefikService',
    [
      field('spec.weighted.services.*.name', TRAEFIK_SERVICES),
      field('spec.mirroring.name', TRAEFIK_SERVICES),
      field('spec.mirroring.mirrors.*.name', TRAEFIK_SERVICES),
    ],
  ],
  [
    'traefik.io/Middleware',
    [
      field('spec.chain.middlewares.*.name', MIDDLEWARE),
      field('spec.errors.service.name', TRAEFIK_SERVICES),
      field('spec.basicAuth.secret', [SECRET]),
      field('spec.digestAuth.secret', [SECRET]),
      field('spec.forwardAuth.tls.certSecret', [SECRET]),
      field('spec.forwardAuth.tls.caSecret', [SECRET]),
    ],
  ],
  ['traefik.io/TLSStore', [field('spec.defaultCertificate.secretName', [SECRET])]],
  ['traefik.io/TLSOption', [field('spec.clientAuth.secretNames.*', [SECRET])]],
  ...['KongPlugin', 'KongClusterPlugin'].map((kind): readonly [string, readonly FieldRow[]] => [
    `configuration.konghq.com/${kind}`,
    [field('configFrom.secretKeyRef.name', [SECRET])],
  ]),
  [
    'configuration.konghq.com/KongConsumer',
    [field('credentials.*', [SECRET]), field('consumerGroups.*', ['configuration.konghq.com/KongConsumerGroup'])],
  ],
]);
