// What the notes of Traefik's reader are to lint: routers that do not work as they are written.

import { ingress, objectOf, service } from '../../lint/examples.js';
import type { NoteRule } from '../note-rule.js';

const ingressRoute = objectOf('traefik.io/v1alpha1', 'IngressRoute', 'shop');
const middleware = objectOf('traefik.io/v1alpha1', 'Middleware', 'auth');

const SHOP = ['shop', 'next'].map((name) => service('ports: [{name: http, port: 80}]', name));
const of = (...objects: readonly string[]): string => [...SHOP, ...objects].join('---\n');
const route = (match: string, more = '', to = 'shop', name = 'shop'): string =>
  ingressRoute(
    `entryPoints: [web]\nroutes:\n- match: ${match}\n  kind: Rule\n  services: [{name: ${to}, port: 80}]${more}`,
    name,
  );
const AUTH = middleware('ipAllowList: {sourceRange: [10.0.0.0/8]}', 'inside');
const ADMIN = 'Host(`shop.example.com`) && PathPrefix(`/admin`)';

export const noteRules: readonly NoteRule[] = [
  {
    code: 'MGW1801',
    name: 'traefik-router-disabled',
    severity: 'error',
    title: 'A router that Traefik disables or does not make',
    notes: ['traefik-disabled', 'traefik-dropped'],
    elsewhere: true,
    docs: () => ({
      happens:
        'The others live on: its requests go to the next router that matches, often a shorter rule without its middlewares (and so without its authentication), or are answered 404.',
      instead: 'Mend what the message names; the message shows what takes the requests until then.',
      bad: of(AUTH, route(ADMIN, '\n  middlewares: [{name: insde}]')),
      good: of(AUTH, route(ADMIN, '\n  middlewares: [{name: inside}]')),
    }),
  },
  {
    code: 'MGW1802',
    name: 'traefik-tie',
    severity: 'error',
    title: 'Routers of Traefik with one priority for the same requests',
    notes: ['traefik-tie'],
    docs: () => ({
      happens:
        'The priority is the length of the rule, unless it is set. Which of two equal ones decides is chance, anew at each reload of the configuration.',
      instead: 'Set `priority` (of an Ingress: the annotation `router.priority`).',
      bad: of(route('Host(`a.example.com`)'), route('Host(`*.example.com`)', '', 'next', 'all')),
      good: of(route('Host(`a.example.com`)'), route('Host(`*.example.com`)', '\n  priority: 1', 'next', 'all')),
    }),
  },
  {
    code: 'MGW1803',
    name: 'traefik-replaced',
    severity: 'error',
    title: 'Two rules of one object with the same match',
    notes: ['traefik-replaced'],
    docs: () => ({
      happens: 'Their routers have one name, and the last takes the place of the others without a word.',
      instead: 'One rule, or rules with different matches.',
      bad: of(
        ingressRoute(
          'routes:\n- match: Path(`/a`)\n  services: [{name: shop, port: 80}]\n- match: Path(`/a`)\n  services: [{name: next, port: 80}]',
        ),
      ),
      good: of(
        ingressRoute(
          'routes:\n- match: Path(`/a`)\n  services: [{name: shop, port: 80}]\n- match: Path(`/b`)\n  services: [{name: next, port: 80}]',
        ),
      ),
    }),
  },
  {
    code: 'MGW1804',
    name: 'traefik-warning',
    severity: 'warning',
    title: 'A router of Traefik that works in part',
    notes: ['traefik-warning'],
    docs: () => ({
      happens: 'An entry point that is not there is left out; TLS options that cannot be used are the default ones.',
      instead: 'Name entry points of the static configuration; one set of TLS options for all routers of a host.',
      bad: of(
        ingressRoute('entryPoints: [web, webb]\nroutes:\n- match: Path(`/a`)\n  services: [{name: shop, port: 80}]'),
      ),
      good: of(ingressRoute('entryPoints: [web]\nroutes:\n- match: Path(`/a`)\n  services: [{name: shop, port: 80}]')),
    }),
  },
  {
    code: 'MGW1806',
    name: 'traefik-prefix-boundary',
    severity: 'info',
    title: 'Traefik matches a Prefix by characters, not by path elements',
    notes: ['traefik-prefix'],
    docs: () => ({
      happens:
        'By the Kubernetes specification the prefix /v1 takes /v1 and /v1/…; Traefik takes /v11 with it, unless strictPrefixMatching is set.',
      instead: 'A slash at the end beside an Exact path, or providers.kubernetesIngress.strictPrefixMatching.',
      bad: of(
        ingress(
          'ingressClassName: traefik\nrules: [{host: shop.example.com, http: {paths: [{path: /v1, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
        ),
      ),
      good: of(
        ingress(
          'ingressClassName: traefik\nrules: [{host: shop.example.com, http: {paths: [{path: /v1/, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
        ),
      ),
    }),
  },
  {
    code: 'MGW1807',
    name: 'traefik-length-beats-specific',
    severity: 'warning',
    title: 'A longer rule of Traefik takes the requests of a more specific one',
    notes: ['traefik-shadow'],
    docs: () => ({
      happens:
        'Priority is the length of the text: PathPrefix beats Path, a wildcard host with a long path beats the exact host. The more specific rule never gets the requests that both match.',
      instead: 'Set `priority` on the more specific rule.',
      bad: of(route('Path(`/a`)', '', 'next', 'exact'), route('PathPrefix(`/a`)')),
      good: of(route('Path(`/a`)', '\n  priority: 1000', 'next', 'exact'), route('PathPrefix(`/a`)')),
    }),
  },
  {
    code: 'MGW1808',
    name: 'traefik-tls-section',
    severity: 'warning',
    title: '`spec.tls` of an Ingress switches no TLS on in Traefik, or `router.tls` plain HTTP off',
    notes: ['traefik-tls-section', 'traefik-tls-only'],
    docs: () => ({
      happens:
        'The section brings certificates only: an entry point without TLS answers https with 404. The annotation router.tls: "true" makes every entry point of the router answer plain HTTP with 404.',
      instead:
        'An entry point with http.tls (websecure of the Helm chart), and router.entrypoints: websecure beside router.tls.',
      bad: of(
        ingress(
          'ingressClassName: traefik\nrules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
        ).replace(
          'namespace: default',
          'namespace: default\n  annotations: {traefik.ingress.kubernetes.io/router.tls: "true"}',
        ),
      ),
      good: of(
        ingress(
          'ingressClassName: traefik\nrules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
        ),
      ),
    }),
  },
  {
    code: 'MGW1809',
    name: 'traefik-depth-untrusted',
    severity: 'error',
    title: 'An address list that looks at X-Forwarded-For where no address is trusted',
    notes: ['traefik-depth'],
    docs: () => ({
      happens:
        'The entry point takes X-Forwarded-For away, unless forwardedHeaders.trustedIPs names who may set it: the list never contains the address, and everybody is refused.',
      instead: 'forwardedHeaders.trustedIPs at the entry point, or no ipStrategy.',
      bad: of(
        middleware('ipAllowList: {sourceRange: [10.0.0.0/8], ipStrategy: {depth: 1}}', 'inside'),
        route(ADMIN, '\n  middlewares: [{name: inside}]'),
      ),
      good: of(AUTH, route(ADMIN, '\n  middlewares: [{name: inside}]')),
    }),
  },
  {
    code: 'MGW1810',
    name: 'traefik-not-read',
    severity: 'info',
    title: 'An object of Traefik that meshgw does not read',
    notes: ['traefik-not-read'],
    docs: () => ({
      happens:
        'IngressRouteUDP forwards datagrams, which are no requests and no connections. The values of a Helm chart (HelmChartConfig of k3s and RKE2) decide entry points and providers, and the defaults of the chart are taken in their place.',
      instead:
        'For values: `--traefik-static FILE` with the static configuration that they make (`kubectl -n kube-system get deployment traefik -o yaml` shows its arguments).',
      bad: of(
        ingressRoute('entryPoints: [dns]\nroutes:\n- services: [{name: shop, port: 53}]').replace(
          'kind: IngressRoute',
          'kind: IngressRouteUDP',
        ),
      ),
      good: of(route('Host(`shop.example.com`)')),
    }),
  },
];
