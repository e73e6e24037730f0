// What the notes of Kong's reader are to lint.

import { documents, ingress, service } from '../../lint/examples.js';
import type { NoteRule } from '../note-rule.js';

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
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

export const noteRules: readonly NoteRule[] = [
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
];
