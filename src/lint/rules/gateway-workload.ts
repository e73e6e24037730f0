// Gateways beside the Pods and Services of their workload, and claim routes beside RequestAuthentications.
// pkg/config/analysis/analyzers/gateway/gateway.go, virtualservice/jwtclaimroute.go (Istio of 2026-08-22), which say that the
// selector matches nothing wherever the Pods are not among the files.

import { gatewayReferences } from '../../implementations/istio/gateway-references.js';
import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { documents, gateway, virtualService } from '../examples.js';
import { isClaimHeader } from '../fields/values.js';
import type { Rule } from '../rule.js';
import { formatSelector, type Labels, selects, workloads } from '../selectors.js';
import { istioGateways, virtualServices } from '../virtual-service-parts.js';

const onPort = (port: number) =>
  gateway(
    `selector: {istio: ingressgateway}\nservers:\n- port: {number: ${port}, name: http, protocol: HTTP}\n  hosts: [shop.example.com]`,
  );
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: gateway-1\n  namespace: istio-system\n  labels: {istio: ingressgateway, app: gateway}\n';
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: gateway\n  namespace: istio-system\nspec:\n  selector: {app: gateway, istio: ingressgateway}\n  ports: [{name: http2, port: 80, targetPort: 8080}]\n';
const authentication = (selector: string) =>
  `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: tokens\n  namespace: istio-system\nspec:\n  selector: {matchLabels: {${selector}}}\n  jwtRules: [{issuer: shop.example.com, jwksUri: "https://shop.example.com/keys"}]\n`;
const claimRoute = virtualService(
  'hosts: [shop.example.com]\ngateways: [shop]\nhttp:\n- match: [{headers: {"@request.auth.claims.group": {exact: admin}}}]\n  route: [{destination: {host: shop}}]',
);

/** Services that select Pods of the gateway, or whose selector says the same and more. */
function servicesOf(catalog: Catalog, selector: Labels): readonly Resource[] {
  const pods = workloads(catalog).filter((w) => selects(selector, w.labels));
  return catalog.ofKind('/Service').filter((service) => {
    const own = stringMapOf(specOf(service).selector);
    if (!Object.keys(own).length) return false;
    return pods.length
      ? pods.some((w) => w.namespace === service.namespace && selects(own, w.labels))
      : selects(selector, own);
  });
}

/** Ports that reach the workload: what a Service listens on, and what it forwards to; a named targetPort may be any. */
function reachable(services: readonly Resource[]): { has(port: number): boolean } {
  const ports = new Set<number>();
  let anything = false;
  for (const service of services)
    for (const port of objectsOf(specOf(service).ports)) {
      if ((stringOf(port.protocol) ?? 'TCP') !== 'TCP') continue;
      ports.add(numberOf(port.port) ?? 0);
      if (typeof port.targetPort === 'number') ports.add(port.targetPort);
      else if (typeof port.targetPort === 'string') anything = true;
    }
  return { has: (port) => anything || ports.has(port) };
}

/** Gateways grouped by selector: each selector is looked up once. */
function bySelector(catalog: Catalog): Map<string, { selector: Labels; gateways: Resource[] }> {
  const groups = new Map<string, { selector: Labels; gateways: Resource[] }>();
  for (const resource of istioGateways(catalog)) {
    const selector = stringMapOf(specOf(resource).selector);
    const key = formatSelector(selector);
    const group = groups.get(key) ?? { selector, gateways: [] };
    groups.set(key, group);
    group.gateways.push(resource);
  }
  return groups;
}

/** The first match on a claim of the token, in headers or withoutHeaders. */
function claimMatch(resource: Resource) {
  for (const [i, rule] of objectsOf(specOf(resource).http).entries())
    for (const [j, match] of objectsOf(rule.match).entries())
      for (const field of ['headers', 'withoutHeaders'])
        for (const name of Object.keys(objectOf(own(match, field)) ?? {}))
          if (isClaimHeader(name)) return { name, at: originOf(resource, 'spec', 'http', i, 'match', j, field, name) };
  return undefined;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0112',
    name: 'gateway-selects-nothing',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0101',
    kiali: 'KIA0302',
    title: 'The selector of a Gateway selects no workload of the files',
    docs: () => ({
      happens: 'No gateway serves these hosts.',
      instead:
        'Labels of the gateway Pods. (Without any gateway workload in the files nothing is reported; istioctl then reports every selector.)',
      bad: documents(POD, onPort(80).replace('ingressgateway', 'ingresstypo')),
      good: documents(POD, onPort(80)),
    }),
    check: ({ catalog }, report) => {
      const all = workloads(catalog);
      const groups = bySelector(catalog);
      // Only files that hold a workload of some gateway can show that another gateway has none.
      if (
        ![...groups.values()].some(({ selector }) => all.some((w) => selects(selector, w.labels))) &&
        !all.some((w) => 'istio' in w.labels)
      )
        return;
      for (const [text, { selector, gateways }] of groups)
        if (text !== '' && !all.some((w) => selects(selector, w.labels)))
          for (const resource of gateways)
            report({
              message: `no workload in the files has the labels ${text}: no gateway serves this`,
              at: originOf(resource, 'spec', 'selector'),
            });
    },
  },
  {
    code: 'MGW0113',
    name: 'gateway-port-not-on-service',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0162',
    title: 'No Service of the gateway has the port of a server',
    docs: () => ({
      happens: 'The gateway listens, but nothing from outside reaches that port.',
      instead: 'The port on the Service of the gateway, or the port that the Service has.',
      bad: documents(POD, SERVICE, onPort(9090)),
      good: documents(POD, SERVICE, onPort(80)),
    }),
    check: ({ catalog }, report) => {
      for (const { selector, gateways } of bySelector(catalog).values()) {
        const services = servicesOf(catalog, selector);
        if (!services.length) continue;
        const ports = reachable(services);
        for (const resource of gateways)
          for (const [index, server] of objectsOf(specOf(resource).servers).entries()) {
            const number = numberOf(objectOf(server.port)?.number) ?? 0;
            if (number !== 0 && !ports.has(number))
              report({
                message: `port ${number} is on no Service of this gateway (${services.map((s) => `${s.namespace}/${s.name}`).join(', ')}): nothing from outside reaches it`,
                at: originOf(resource, 'spec', 'servers', index, 'port', 'number'),
                related: services
                  .slice(0, 3)
                  .map((s) => ({ message: 'a Service of the gateway', place: originOf(s, 'spec', 'ports') })),
              });
          }
      }
    },
  },
  {
    code: 'MGW0114',
    name: 'claim-routing-without-authentication',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0149',
    title: 'Routing by token claims without a RequestAuthentication on the gateway',
    docs: () => ({
      happens: 'The claims are never set: the rule matches no request (or, with withoutHeaders, every one).',
      instead: 'A RequestAuthentication that selects the gateway, in its namespace or in istio-system.',
      bad: documents(onPort(80), authentication('app: other'), claimRoute),
      good: documents(onPort(80), authentication('istio: ingressgateway'), claimRoute),
    }),
    check: ({ catalog }, report) => {
      const { rootNamespace } = meshConfig(catalog);
      const policies = catalog.ofKind('security.istio.io/RequestAuthentication').map((policy) => ({
        namespace: policy.namespace,
        selector: stringMapOf(objectOf(specOf(policy).selector)?.matchLabels),
      }));
      for (const resource of virtualServices(catalog)) {
        const claim = claimMatch(resource);
        if (!claim) continue;
        for (const { namespace, name } of gatewayReferences(resource)) {
          const found = catalog.find('networking.istio.io/Gateway', namespace, name);
          if (!found) continue;
          const labels = stringMapOf(specOf(found).selector);
          const pods = workloads(catalog).filter((w) => selects(labels, w.labels));
          // Without the Pods the labels of the selector stand for them, and the namespace is not known.
          // Without the Pods the labels of the selector stand for them, and the gateway runs where its Service is, else in istio-system.
          const homes = new Set(servicesOf(catalog, labels).map((service) => service.namespace));
          const applies = pods.length
            ? (p: (typeof policies)[number]) =>
                pods.every(
                  (w) =>
                    (p.namespace === rootNamespace || p.namespace === w.namespace) && selects(p.selector, w.labels),
                )
            : (p: (typeof policies)[number]) =>
                selects(p.selector, labels) && (p.namespace === rootNamespace || homes.has(p.namespace));
          if (policies.some(applies)) continue;
          const elsewhere = policies.find((p) => selects(p.selector, labels))?.namespace;
          report({
            message: `the claim ${claim.name} is never set: no RequestAuthentication in the files applies to the gateway ${found.namespace}/${found.name}${elsewhere ? ` (one with its labels is in the namespace ${elsewhere}, where it selects nothing)` : ''}`,
            at: claim.at,
          });
          break;
        }
      }
    },
  },
];
