// Does the gateway that a VirtualService names exist, and does it serve the VirtualService's hosts?
// pkg/config/analysis/analyzers/virtualservice/gateways.go (Istio of 2026-08-22) says less: it is silent as soon as one
// host of the VirtualService is served, and calls every gateway outside of the files missing.

import {
  type GatewayReference,
  gatewayReferences,
  isInternalGateway,
} from '../../implementations/istio/gateway-references.js';
import { hostsMatch } from '../../implementations/istio/hosts.js';
import { originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Finding, Rule } from '../rule.js';
import { together } from '../together.js';
import { istioGateways, virtualServices } from '../virtual-service-parts.js';

const KUBERNETES_GATEWAY = 'gateway.networking.k8s.io/Gateway';

const SHOP_GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const route = (gateways: string, host = 'shop.example.com') =>
  virtualService(`hosts: [${host}]\ngateways: [${gateways}]\nhttp:\n- route:\n  - destination: {host: shop}`);

const find = (catalog: Catalog, { namespace, name }: GatewayReference): Resource | undefined =>
  catalog.find('networking.istio.io/Gateway', namespace, name) ?? catalog.find(KUBERNETES_GATEWAY, namespace, name);

const hasGateways = (catalog: Catalog): ((namespace: string) => boolean) => {
  const namespaces = new Set(
    [...istioGateways(catalog), ...catalog.ofKind(KUBERNETES_GATEWAY)].map((r) => r.namespace),
  );
  return (namespace) => namespaces.has(namespace);
};

/** The server hosts of a gateway that VirtualServices of a namespace can use; undefined: all. */
function servedHosts(found: Resource, namespace: string): readonly string[] | undefined {
  const spec = specOf(found);
  if (found.group === 'gateway.networking.k8s.io') {
    const hosts = objectsOf(spec.listeners).map((l) => stringOf(l.hostname) ?? '');
    return hosts.includes('') ? undefined : hosts;
  }
  return objectsOf(spec.servers).flatMap((server) =>
    stringsOf(server.hosts).flatMap((entry) => {
      const slash = entry.indexOf('/');
      if (slash < 0) return [entry];
      const scope = entry.slice(0, slash);
      const own = scope === '.' ? found.namespace : scope;
      return scope === '*' || own === namespace ? [entry.slice(slash + 1)] : [];
    }),
  );
}

const isServed = (host: string, served: readonly string[] | undefined): boolean =>
  served === undefined || served.some((s) => hostsMatch(s, host));

/** A definition of the Gateway that serves one of the hosts and that another file replaces: they are not applied together. */
const replacedWith = (catalog: Catalog, found: Resource, hosts: readonly string[], namespace: string) =>
  catalog.replaced.find(({ resource, by }) => {
    const { kind, namespace: its, name } = resource;
    if (kind !== 'Gateway' || its !== found.namespace || name !== found.name || by.group !== found.group) return false;
    const served = servedHosts(resource, namespace);
    return hosts.some((host) => isServed(host, served));
  });

/** Which hosts a gateway of the files serves, the gateways that serve none of them, and whether all gateways are in the files. */
function reachOfHosts(
  catalog: Catalog,
  resource: Resource,
  hosts: readonly string[],
  references: ReturnType<typeof gatewayReferences>,
) {
  let allKnown = !stringsOf(specOf(resource).gateways).includes('mesh');
  const reached = new Set<string>();
  const silent: Finding[] = [];
  let isReplaced = false;
  for (const reference of references) {
    const found = isInternalGateway(reference.text) ? undefined : find(catalog, reference);
    if (!found) {
      allKnown = false;
      continue;
    }
    const served = servedHosts(found, resource.namespace);
    const here = hosts.filter((host) => isServed(host, served));
    for (const host of here) reached.add(host);
    if (here.length) continue;
    const [gateway, asked] = [`the Gateway ${found.namespace}/${found.name}`, wordsFor(hosts)];
    const lost = replacedWith(catalog, found, hosts, resource.namespace);
    isReplaced ||= lost !== undefined;
    silent.push({
      message: lost
        ? `only ${gateway} of ${lost.resource.document.file} has ${asked}, and ${lost.by.document.file} replaces it: then requests for it do not come here`
        : `no server of ${gateway} has ${asked}: requests for it do not come here`,
      at: reference.origin,
      related: [{ message: 'the Gateway', place: originOf(found, 'spec', 'servers') }],
    });
  }
  return { allKnown, reached, silent, isReplaced };
}

const wordsFor = (hosts: readonly string[]): string =>
  hosts.length === 1 ? `the host ${hosts[0]}` : `one of the hosts ${hosts.join(', ')}`;

export const rules: readonly Rule[] = [
  {
    code: 'MGW0101',
    name: 'gateway-not-found',
    severity: 'error',
    category: 'reference',
    istio: 'IST0101',
    kiali: 'KIA1102',
    title: 'A VirtualService names a Gateway that does not exist',
    docs: () => ({
      happens: 'The reference has no effect: requests get 404, or the answer of another VirtualService.',
      instead: 'The name of a Gateway, with its namespace where that is another one: `istio-system/shop`.',
      bad: documents(SHOP_GATEWAY, route('shopp')),
      good: documents(SHOP_GATEWAY, route('shop')),
    }),
    check: ({ catalog }, report) => {
      const known = hasGateways(catalog);
      const { isGatewayMissing } = together(catalog);
      for (const resource of virtualServices(catalog)) {
        const served = stringsOf(specOf(resource).gateways).length === 1 ? 'served nowhere' : 'not served there';
        for (const reference of gatewayReferences(resource)) {
          if (isInternalGateway(reference.text) || !known(reference.namespace) || find(catalog, reference)) continue;
          const certain = isGatewayMissing(resource, reference);
          report({
            message: `there is no Gateway ${reference.namespace}/${reference.name} in the files: ${certain ? '' : 'if it does not exist, '}these routes are ${served}`,
            at: reference.origin,
            ...(certain ? {} : { severity: 'warning' }),
          });
        }
      }
    },
  },
  {
    code: 'MGW0106',
    name: 'host-not-on-gateway',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0132',
    title: 'No server of the gateway has a host of the VirtualService',
    docs: () => ({
      happens:
        'Requests for the host do not reach these routes: the gateway answers 404 (or closes the connection, on TLS).',
      instead: 'The host, or a wildcard that covers it, among the hosts of a server of that Gateway.',
      bad: documents(SHOP_GATEWAY, route('shop', 'blog.example.com')),
      good: documents(SHOP_GATEWAY, route('shop')),
    }),
    check: ({ catalog }, report) => {
      for (const resource of virtualServices(catalog)) {
        const hosts = stringsOf(specOf(resource).hosts);
        const references = gatewayReferences(resource);
        if (!hosts.length || !references.length) continue;
        const { allKnown, reached, silent, isReplaced } = reachOfHosts(catalog, resource, hosts, references);
        // A route that no gateway serves is dead; one host that another gateway serves is not.
        const isDead = allKnown && reached.size === 0 && !isReplaced;
        for (const finding of silent) report(isDead ? { ...finding, severity: 'error' } : finding);
        if (!allKnown || (silent.length > 0 && reached.size === 0)) continue;
        for (const [index, host] of hosts.entries())
          if (!reached.has(host))
            report({
              severity: 'error',
              message: `no server of these gateways has the host ${host}: requests for it do not come here`,
              at: originOf(resource, 'spec', 'hosts', index),
            });
      }
    },
  },
  {
    code: 'MGW0108',
    name: 'internal-gateway-reference',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0165',
    title: 'A VirtualService names a Gateway that Istio generates',
    docs: () => ({
      happens: 'Its name and existence are an implementation detail that can change with any version.',
      instead: 'An HTTPRoute with a parentRef to the Gateway of the Gateway API.',
      bad: route('"istio-ingress/shop~istio-autogenerated-k8s-gateway~http"'),
      good: documents(SHOP_GATEWAY, route('shop')),
    }),
    check: ({ catalog }, report) => {
      for (const resource of virtualServices(catalog))
        for (const reference of gatewayReferences(resource))
          if (isInternalGateway(reference.text))
            report({
              message: `${reference.text} is generated by Istio and not meant to be named; attach an HTTPRoute instead`,
              at: reference.origin,
            });
    },
  },
  {
    code: 'MGW0111',
    name: 'gateway-unknown',
    severity: 'info',
    category: 'reference',
    title: 'A gateway is not in the files',
    docs: () => ({
      happens:
        'Nothing is wrong as far as the files show: the Gateway may be in the cluster. What these routes answer was not looked at: ports, TLS, hosts and conflicts with other routes depend on it.',
      instead:
        'The file of the Gateway among the inputs, or `--assume-gateway NAMESPACE/NAME=HOST,…`: then these routes are checked as if it were there.',
      bad: route('istio-system/shop'),
      good: documents(SHOP_GATEWAY, route('shop')),
    }),
    check: ({ catalog }, report) => {
      const known = hasGateways(catalog);
      for (const resource of virtualServices(catalog))
        for (const reference of gatewayReferences(resource))
          if (!isInternalGateway(reference.text) && !known(reference.namespace))
            report({
              message: `the Gateway ${reference.namespace}/${reference.name} is not in the files: hosts, reachability and conflicts of these routes were not checked (--assume-gateway ${reference.namespace}/${reference.name} checks them)`,
              at: reference.origin,
            });
    },
  },
];
