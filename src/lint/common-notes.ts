// What the notes are to lint that readers of several dialects write. Those of one dialect stand in its folder (note-rules.ts).

import type { NoteRule } from '../dialects/note-rule.js';
import { documents, gateway, httpRoute, ingress, kubernetesGateway, service, virtualService } from './examples.js';

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

/** The one without any notes takes what no other takes. */
export const commonNotes: readonly NoteRule[] = [
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
];
