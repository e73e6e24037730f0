// What the dialects had to leave out when they read the files: each of their notes is a finding.

import type { Severity } from '../../diagnostics/index.js';
import type { ReadNote } from '../../dialects/dialect.js';
import { formatPath, type Origin, type Resource, valueAt } from '../../model/index.js';
import { GROUP_OF_NOTHING } from '../../resources/closed-rules.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf } from '../../resources/fields.js';
import type { LintContext } from '../context.js';
import { documents, gateway, httpRoute, ingress, kubernetesGateway, service, virtualService } from '../examples.js';
import type { Rule, RuleDocs } from '../rule.js';
import { formatSelector } from '../selectors.js';
import { statusRefusals } from '../status-refusals.js';
import { together } from '../together.js';
import { istioGateways } from '../virtual-service-parts.js';
import { surprisingNotes } from './nginx-surprises.js';
import { OWN_RULES } from './port-not-opened.js';
import { routerNotes } from './traefik-routers.js';

interface NoteRule {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  /** Codes of ReadNote; the rule without any takes what no other takes. */
  readonly notes: readonly string[];
  /** Of these, the effect depends on what may be in the cluster only. */
  readonly open?: readonly string[];
  readonly docs: () => RuleDocs;
}

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const port80 = (protocol: string, host: string) =>
  `selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: p, protocol: ${protocol}}\n  hosts: [${host}]`;
const passthrough = (sni: string, name: string) =>
  virtualService(
    `hosts: ["*.example.com"]\ngateways: [shop]\ntls:\n- match: [{port: 443, sniHosts: [${sni}]}]\n  route: [{destination: {host: shop, port: {number: 80}}}]`,
    name,
  );
const tlsGateway = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 443, name: tls, protocol: TLS}\n  hosts: ["*.example.com"]\n  tls: {mode: PASSTHROUGH}',
);
const istioIngress = (port: string) =>
  ingress(
    `ingressClassName: istio\nrules:\n- host: shop.example.com\n  http:\n    paths: [{path: /a, pathType: Prefix, backend: {service: {name: shop, port: {${port}}}}}]`,
  );
const httpGateway = kubernetesGateway(
  'gatewayClassName: istio\nlisteners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]',
);
const attached = (host: string) =>
  httpRoute(`parentRefs: [{name: shop}]\nhostnames: [${host}]\nrules: [{backendRefs: [{name: shop, port: 80}]}]`);
const root = (prefix: string) =>
  virtualService(
    `hosts: [shop.example.com]\ngateways: [shop]\nhttp: [{match: [{uri: {prefix: ${prefix}}}], delegate: {name: part}}]`,
  );
const delegate = virtualService(
  'http: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: shop}}]}]',
  'part',
);

const dump = (state: string): string =>
  `configs:\n- "@type": type.googleapis.com/envoy.admin.v3.ListenersConfigDump\n  dynamic_listeners:\n  - name: 0.0.0.0_80\n    ${state}`;

const KONG_CLASS =
  'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: kong}\nspec: {controller: ingress-controllers.konghq.com/kong}\n';
const kongIngress = (path: string, plugins?: string, annotation?: string): string => {
  const annotations = [
    ...(plugins === undefined ? [] : [`konghq.com/plugins: ${plugins}`]),
    ...(annotation ? [annotation] : []),
  ];
  const made = ingress(
    `ingressClassName: kong\nrules:\n- host: shop.example.com\n  http:\n    paths: [{path: ${path}, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]`,
  );
  return annotations.length === 0
    ? made
    : made.replace(/metadata:\n/, `metadata:\n  annotations: {${annotations.join(', ')}}\n`);
};

const delegatedKong =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: kong, namespace: kong}\nspec:\n  selector: {matchLabels: {app.kubernetes.io/name: kong}}\n  template:\n    metadata:\n      labels: {app.kubernetes.io/name: kong}\n      annotations: {kuma.io/gateway: enabled}\n    spec: {containers: [{name: proxy, image: "kong:3.10"}]}\n';

const TABLE: readonly NoteRule[] = [
  {
    code: 'MGW0141',
    name: 'server-left-out',
    severity: 'error',
    title: 'A server, listener or ListenerSet is not used',
    notes: [
      'server-skipped',
      'listener-rejected',
      'listener-conflict',
      'listener-skipped',
      'listener-invalid',
      'listener-unresolved',
      'listener-set-not-allowed',
    ],
    open: ['listener-unresolved'],
    docs: () => ({
      happens: 'The gateway does not serve it: its hosts get 404, or nothing listens.',
      instead: 'A port of its own, or the same protocol as the other servers of the port.',
      bad: documents(
        gateway(port80('HTTP', 'shop.example.com'), 'one'),
        gateway(port80('TCP', 'blog.example.com'), 'two'),
      ),
      good: documents(
        gateway(port80('HTTP', 'shop.example.com'), 'one'),
        gateway(port80('HTTP2', 'blog.example.com'), 'two'),
      ),
    }),
  },
  {
    code: 'MGW0142',
    name: 'path-left-out',
    severity: 'warning',
    title: 'A path of an Ingress is not used',
    notes: ['ingress-path-dropped', 'duplicate-location'],
    docs: () => ({
      happens: 'The controller leaves the path out.',
      instead: 'Each path of a host once, with a backend that the controller can use.',
      bad: documents(SHOP, istioIngress('name: web')),
      good: documents(SHOP, istioIngress('name: http')),
    }),
  },
  {
    code: 'MGW0143',
    name: 'delegate-rule-left-out',
    severity: 'warning',
    title: 'A rule of a delegate is not used',
    notes: ['delegate-conflict', 'delegate-not-exported'],
    docs: () => ({
      happens: 'Istio leaves the rule out: its match is not within the match of the rule that delegates.',
      instead: 'Matches in the delegate that are within those of the root.',
      bad: documents(gateway(port80('HTTP', 'shop.example.com')), SHOP, root('/web'), delegate),
      good: documents(gateway(port80('HTTP', 'shop.example.com')), SHOP, root('/'), delegate),
    }),
  },
  {
    code: 'MGW0144',
    name: 'tls-match-left-out',
    severity: 'warning',
    title: 'A TLS match is covered by an earlier rule',
    notes: ['tls-match-skipped'],
    docs: () => ({
      happens: 'Connections for the server name go to the earlier rule.',
      instead: 'Each server name in one rule.',
      bad: documents(SHOP, tlsGateway, passthrough('a.example.com', 'one'), passthrough('a.example.com', 'two')),
      good: documents(SHOP, tlsGateway, passthrough('a.example.com', 'one'), passthrough('b.example.com', 'two')),
    }),
  },
  {
    code: 'MGW0145',
    name: 'route-not-attached',
    severity: 'error',
    title: 'A route of the Gateway API does not attach, or its backend cannot be used',
    notes: [
      'route-not-attached',
      'route-ref-not-permitted',
      'route-backend-not-found',
      'route-invalid-kind',
      'route-unsupported-protocol',
      'route-invalid-filter',
      'route-invalid-configuration',
      'route-invalid-destination',
    ],
    open: ['route-ref-not-permitted', 'route-backend-not-found'],
    docs: () => ({
      happens:
        'Requests get 404 where the route does not attach or a filter or match of it cannot be used (no rule of it is programmed then), 500 where its backend cannot be used.',
      instead:
        'A hostname that a listener has, a namespace that it allows, filters that the controller supports where they stand, and a ReferenceGrant for backends of other namespaces.',
      bad: documents(SHOP, httpGateway, attached('blog.example.com')),
      good: documents(SHOP, httpGateway, attached('shop.example.com')),
    }),
  },
  {
    code: 'MGW0146',
    name: 'not-used',
    severity: 'info',
    title: 'Something in the files is not used, or depends on the controller',
    notes: [],
    docs: () => ({
      happens: 'The message names it.',
      instead: 'Depends; often nothing.',
      bad: ingress('ingressClassName: istio\ndefaultBackend: {service: {name: shop, port: {number: 80}}}'),
      good: ingress(
        'ingressClassName: istio\nrules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
      ),
    }),
  },
  {
    code: 'MGW1601',
    name: 'update-refused',
    severity: 'error',
    title: 'Envoy refuses a configuration, or refused an update of it',
    notes: ['envoy-refused'],
    docs: () => ({
      happens:
        'The gateway goes on with the version before it, or without it: what the files say is not what it does. A file with a value of the wrong type is refused as a whole.',
      instead: 'A configuration that Envoy accepts; its message names the part that it does not.',
      bad: dump('error_state: {details: "filter chain b has the same matching rules as a"}'),
      good: dump('active_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
    }),
  },
  {
    code: 'MGW1602',
    name: 'not-ready',
    severity: 'warning',
    title: 'A listener or a cluster of Envoy is still warming',
    notes: ['envoy-warming'],
    docs: () => ({
      happens:
        'Envoy does not use it before it has all that it asks for: a listener does not accept connections, a route to a cluster answers 503. A version before it stays in use. The usual cause is a certificate whose Secret is not there.',
      instead: 'What it waits for: the Secret of a certificate where the gateway runs, routes, endpoints.',
      bad: dump('warming_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
      good: dump('active_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
    }),
  },
  {
    code: 'MGW1701',
    name: 'kong-configuration-refused',
    severity: 'error',
    title: 'Kong refuses the whole configuration',
    notes: ['kong-refused'],
    docs: () => ({
      happens:
        'Nothing of it is applied, of no Ingress: a running gateway goes on with the configuration before it, a new one answers 404 to everything. The admission webhook finds some of these, where it is installed and answers.',
      instead:
        'One plugin of a type for each Ingress and Service, values that the schema of the plugin has, paths in their normal form, and patterns that the router flavour can read (`--kong-router-flavor`).',
      bad: documents(SHOP, kongIngress('/a/../b'), KONG_CLASS),
      good: documents(SHOP, kongIngress('/b'), KONG_CLASS),
    }),
  },
  {
    code: 'MGW1702',
    name: 'kong-plugin-missing',
    severity: 'warning',
    title: 'A plugin or a credential that Kong is to use is not there',
    notes: ['kong-no-plugin', 'kong-no-credential'],
    docs: () => ({
      happens:
        'The controller writes an event and leaves the plugin out: requests pass without it, also where it was to authenticate them.',
      instead: 'A KongPlugin of that name in the namespace, or a KongClusterPlugin with the class.',
      bad: documents(SHOP, kongIngress('/b', 'key-auth'), KONG_CLASS),
      good: documents(
        SHOP,
        kongIngress('/b', 'key-auth'),
        KONG_CLASS,
        'apiVersion: configuration.konghq.com/v1\nkind: KongPlugin\nmetadata: {name: key-auth, namespace: default}\nplugin: key-auth\n',
      ),
    }),
  },
  {
    code: 'MGW1703',
    name: 'kong-left-out',
    severity: 'warning',
    title: "Kong's controller leaves an Ingress or a Service out",
    notes: ['kong-class', 'kong-backend', 'kong-rewrite', 'kong-route', 'kong-parent'],
    docs: () => ({
      happens: 'Its requests get 404, or go to another route; the message names what else goes with it.',
      instead: 'One class, backends that are Services, and the feature gate that the annotation needs.',
      bad: documents(SHOP, kongIngress('/b', undefined, 'konghq.com/rewrite: /c'), KONG_CLASS),
      good: documents(SHOP, kongIngress('/b'), KONG_CLASS),
    }),
  },
  {
    code: 'MGW1705',
    name: 'kong-router-flavor',
    severity: 'warning',
    title: "Answers depend on Kong's router flavour",
    notes: ['kong-flavors'],
    docs: () => ({
      happens:
        'Kong has three routers that order rules differently, and no file names the one that the cluster has: Kong itself uses traditional_compatible, its Helm chart traditional, the manifests of the controller expressions. The request is answered otherwise with another one.',
      instead: 'Name the router of the cluster (`--kong-router-flavor`), or rules whose order does not matter.',
      bad: documents(SHOP, kongIngress('/a.b'), KONG_CLASS),
      good: documents(SHOP, kongIngress('/b'), KONG_CLASS),
    }),
  },
  {
    code: 'MGW1706',
    name: 'kong-exact-pattern',
    severity: 'warning',
    title: 'A path that Kong reads as a pattern',
    notes: ['kong-exact-pattern'],
    docs: () => ({
      happens:
        "Kong's controller writes exact paths, and the ends of prefixes, as patterns without escaping them: `Exact /a.b` matches `/aXb` too, and `/x+y` does not match itself. In the router flavour expressions it does not.",
      instead: 'ImplementationSpecific with a pattern of your own (`/~/a\\.b$`), or a path without such characters.',
      bad: documents(SHOP, kongIngress('/a.b'), KONG_CLASS),
      good: documents(SHOP, kongIngress('/b'), KONG_CLASS),
    }),
  },
  {
    code: 'MGW1707',
    name: 'kong-host-case',
    severity: 'warning',
    title: 'A host with capital letters, which Kong compares as they are',
    notes: ['kong-host-case'],
    docs: () => ({
      happens: 'Clients send host names in small letters: they do not reach the rule.',
      instead: 'The name in small letters.',
      bad: documents(SHOP, kongIngress('/b', undefined, 'konghq.com/host-aliases: Shop.example.com'), KONG_CLASS),
      good: documents(SHOP, kongIngress('/b', undefined, 'konghq.com/host-aliases: www.example.com'), KONG_CLASS),
    }),
  },
  {
    code: 'MGW1708',
    name: 'kong-past-the-mesh',
    severity: 'info',
    title: 'Kong as a gateway of a mesh calls pods by their addresses',
    notes: ['kong-service-upstream'],
    docs: () => ({
      happens:
        'A delegated gateway of Kuma is in the mesh, and its policies hold for calls to the address of a Service. Kong calls pods unless the Service has the annotation. The control plane of Kuma adds it in the cluster, where it may.',
      instead: 'The annotation `ingress.kubernetes.io/service-upstream: "true"` on the Service.',
      bad: documents(SHOP, kongIngress('/b'), KONG_CLASS, delegatedKong),
      good: documents(
        SHOP.replace('name: shop\n', 'name: shop\n  annotations: {ingress.kubernetes.io/service-upstream: "true"}\n'),
        kongIngress('/b'),
        KONG_CLASS,
        delegatedKong,
      ),
    }),
  },
  {
    code: 'MGW1704',
    name: 'kong-not-read',
    severity: 'warning',
    title: 'An object of Kong that is not read',
    notes: ['kong-not-read'],
    docs: () => ({
      happens:
        'meshgw knows what the object is and does not read it: UDPIngress. Nothing in it was checked, and answers are as if it were not there. Or the controller does not take a part of it: `proxy` and `route` of a KongIngress, a rule of a TCPIngress whose port and host another has.',
      instead: 'Ingress with KongPlugin, where that says the same; else check the object with Kong itself.',
      bad: 'apiVersion: configuration.konghq.com/v1beta1\nkind: UDPIngress\nmetadata: {name: shop, namespace: default}\nspec:\n  rules: [{port: 9000, backend: {serviceName: shop, servicePort: 80}}]\n',
      good: documents(SHOP, kongIngress('/b'), KONG_CLASS),
    }),
  },
];

const named = new Set([...TABLE.flatMap(({ notes }) => notes), ...surprisingNotes, ...OWN_RULES, ...routerNotes]);
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

/** What the status of Gateway API objects will say, by the place that it is about: type, reason and message of the condition. */
function conditionsByPlace({ catalog, dialects, notes }: LintContext): ReadonlyMap<string, string> {
  if (!notes.some(({ code }) => code.startsWith('route-') || code.startsWith('listener-'))) return new Map();
  const refusals = statusRefusals(dialects?.statuses(catalog) ?? []);
  return new Map(refusals.map(({ message, origin }) => [keyOf(origin), message]));
}

/** What a server of an Istio Gateway loses to another one of the same workload. */
const RIVALRIES = ['server-skipped', 'listener-rejected'];

/** The Gateways that share the workload and the port are of files that are not applied with this one. */
function hasOnlyStrangers({ catalog }: LintContext, { resource, path }: Origin): boolean {
  const selectorOf = (gateway: Resource) => formatSelector(stringMapOf(specOf(gateway).selector));
  const portsOf = (gateway: Resource) =>
    objectsOf(specOf(gateway).servers).map((server) => numberOf(objectOf(server.port)?.number));
  const port = portsOf(resource)[Number(path[2])];
  const others = istioGateways(catalog).filter(
    (g) => g !== resource && selectorOf(g) === selectorOf(resource) && portsOf(g).includes(port),
  );
  return others.length > 0 && !others.some((other) => together(catalog).areTogether(resource, other));
}

/** A translation wrote that nobody is behind it. */
const isOnPurpose = ({ resource, path }: Origin): boolean =>
  objectOf(valueAt(resource.object, path))?.group === GROUP_OF_NOTHING;

export const rules: readonly Rule[] = TABLE.map(({ notes, open, ...words }) => ({
  ...words,
  category: 'note',
  check: (context, report) => {
    const conditions = conditionsByPlace(context);
    const isOpen = (note: ReadNote): boolean =>
      open?.includes(note.code) === true ||
      isOnPurpose(note.origin) ||
      (RIVALRIES.includes(note.code) && hasOnlyStrangers(context, note.origin));
    for (const note of context.notes) {
      const { code, message, origin, witness } = note;
      if (notes.length ? notes.includes(code) : !named.has(code))
        report({
          message: (notes.length ? conditions.get(keyOf(origin)) : undefined) ?? message,
          at: origin,
          ...(witness ? { witness } : {}),
          ...(isOpen(note) ? { severity: 'warning' } : {}),
        });
    }
  },
}));
