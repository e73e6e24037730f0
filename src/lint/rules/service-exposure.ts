// Services that the cluster opens to the outside by itself: round the gateway before them, to everybody, or past the
// addresses that were meant. The readers' gateways of dialect `service` say which ports are open.

import {
  chainPlaces,
  type EffectiveGateway,
  formatResource,
  type GatewayRequest,
  type L4Chain,
  type Listener,
  type Origin,
  originOf,
  type WeightedDestination,
} from '../../model/index.js';
import { specOf } from '../../resources/fields.js';
import { gatewaysSelectedBy } from '../../resources/gateway-services.js';
import { findPort, serviceHost, serviceView } from '../../resources/services.js';
import type { LintContext } from '../context.js';
import { documents, ingress, service } from '../examples.js';
import type { Rule } from '../rule.js';

const toShop = ingress(
  'rules:\n- host: shop.example.com\n  http:\n    paths:\n    - {path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}',
);
const ports = (rest = '') => `ports:\n- {name: http, port: 80, targetPort: 8080${rest}}`;

interface Taken {
  readonly gateway: EffectiveGateway;
  readonly origin: Origin;
}

/** Who forwards to a host, except Services themselves: the first rule of each gateway; with the ports. */
function takers(gateways: readonly EffectiveGateway[]): Map<string, { by: Taken[]; ports: Set<number> }> {
  const taken = new Map<string, { by: Taken[]; ports: Set<number> }>();
  const take = (gateway: EffectiveGateway, destinations: readonly WeightedDestination[], origin: Origin) => {
    for (const { to } of destinations) {
      if ('status' in to) continue;
      const known = taken.get(to.host) ?? { by: [], ports: new Set<number>() };
      taken.set(to.host, known);
      known.ports.add(to.port);
      if (!known.by.some((t) => t.gateway === gateway)) known.by.push({ gateway, origin });
    }
  };
  for (const gateway of gateways)
    for (const { chain } of chainPlaces(gateway))
      if (chain.kind === 'l4') take(gateway, chain.destinations, chain.origin);
      else
        for (const { action, origin } of chain.virtualHosts.flatMap((v) => v.routes))
          if (action.kind === 'forward') take(gateway, action.destinations, origin);
  return taken;
}

interface Open {
  readonly gateway: EffectiveGateway;
  readonly listeners: readonly Listener[];
  readonly origin: Origin;
  readonly host: string;
}

/** Services with a way of their own, but not those that stand before a gateway: being open is what they are for. */
function* openServices({ gateways, catalog }: LintContext): Generator<Open> {
  const others = gateways.filter((g) => !g.direct);
  for (const resource of catalog.ofKind('/Service')) {
    const gateway = gateways.find((g) => g.id === `service:${resource.namespace}/${resource.name}`);
    const view = serviceView(resource);
    if (!gateway || gatewaysSelectedBy(view, others).length > 0) continue;
    const { namespace, name } = resource;
    yield {
      gateway,
      listeners: gateway.listeners,
      origin: originOf(resource, 'spec', 'type'),
      host: serviceHost(namespace, name),
    };
  }
}

const portsOf = (listeners: readonly Listener[]): string =>
  listeners.length === 0 ? 'a port that the cluster picks' : `port ${listeners.map((l) => l.port).join(', ')}`;

function witnessOf({ gateway, listeners }: Open): { witness?: GatewayRequest } {
  const [first] = listeners;
  if (!first) return {};
  return {
    witness: { gateway: gateway.id, port: first.port, scheme: 'http', method: 'GET', host: 'example.com', path: '/' },
  };
}

const l4 = ({ filterChains }: Listener): readonly L4Chain[] => filterChains.filter((c) => c.kind === 'l4');

export const rules: readonly Rule[] = [
  {
    code: 'MGW1301',
    name: 'way-round-the-gateway',
    severity: 'warning',
    category: 'security',
    title: 'A NodePort or LoadBalancer bypasses the gateway to the same Service',
    docs: () => ({
      happens: 'Clients of the port reach the pods without the hosts, TLS, policies and limits of the gateway.',
      instead: '`type: ClusterIP`, so that the gateway is the only way in.',
      bad: documents(service(`type: NodePort\nselector: {app: shop}\n${ports(', nodePort: 30080')}`), toShop),
      good: documents(service(`selector: {app: shop}\n${ports()}`), toShop),
    }),
    check: (context, report) => {
      let taken: ReturnType<typeof takers> | undefined;
      for (const open of openServices(context)) {
        taken ??= takers(context.gateways.filter((g) => !g.direct));
        const by = taken.get(open.host)?.by;
        if (!by) continue;
        report({
          message: `${portsOf(open.listeners)} bypasses ${by.map((t) => t.gateway.id).join(', ')}: the same pods are reached without its hosts, TLS and policies`,
          at: open.origin,
          related: by.map((t) => ({ message: `${t.gateway.id} forwards to it here`, place: t.origin })),
          ...witnessOf(open),
        });
      }
    },
  },
  {
    code: 'MGW1302',
    name: 'load-balancer-for-everybody',
    severity: 'info',
    category: 'security',
    title: 'A LoadBalancer accepts traffic from every address',
    docs: () => ({
      happens: 'The load balancer forwards whatever reaches it, from the whole internet where its address is public.',
      instead: '`loadBalancerSourceRanges` with the networks of the clients, or a gateway before the Service.',
      bad: service(`type: LoadBalancer\nallocateLoadBalancerNodePorts: false\nselector: {app: shop}\n${ports()}`),
      good: service(
        `type: LoadBalancer\nallocateLoadBalancerNodePorts: false\nloadBalancerSourceRanges: [203.0.113.0/24]\nselector: {app: shop}\n${ports()}`,
      ),
    }),
    check: (context, report) => {
      for (const { gateway, listeners, origin } of openServices(context)) {
        const balanced = specOf(origin.resource).type === 'LoadBalancer';
        const inside = gateway.unsupported.some((u) => u.feature === 'service.internal-load-balancer');
        const limited = listeners.some((l) => l4(l).some((c) => c.match.source?.length));
        if (balanced && !inside && !limited)
          report({ message: `${formatResource(origin.resource)} accepts traffic from every address`, at: origin });
      }
    },
  },
  {
    code: 'MGW1303',
    name: 'node-port-past-source-ranges',
    severity: 'info',
    category: 'security',
    title: 'The node ports of a LoadBalancer are open to addresses outside its source ranges',
    docs: () => ({
      happens:
        'kube-proxy applies `loadBalancerSourceRanges` to the addresses of the load balancer only: the node port of the same Service accepts every client that reaches a node.',
      instead:
        '`allocateLoadBalancerNodePorts: false` where the load balancer does not need them, or a firewall before the nodes.',
      bad: service(
        `type: LoadBalancer\nloadBalancerSourceRanges: [203.0.113.0/24]\nselector: {app: shop}\n${ports(', nodePort: 30080')}`,
      ),
      good: service(
        `type: LoadBalancer\nallocateLoadBalancerNodePorts: false\nloadBalancerSourceRanges: [203.0.113.0/24]\nselector: {app: shop}\n${ports()}`,
      ),
    }),
    check: (context, report) => {
      for (const { gateway, listeners, origin } of openServices(context)) {
        if (!listeners.some((l) => l4(l).some((c) => c.match.source?.length))) continue;
        const past = listeners.filter((l) => l4(l).some((c) => !c.match.source?.length));
        const picked = gateway.unsupported.some((u) => u.feature === 'service.port.nodePort');
        if (past.length === 0 && !picked) continue;
        report({
          message: `${portsOf(past)} of every node accepts traffic from addresses outside loadBalancerSourceRanges`,
          at: { resource: origin.resource, path: ['spec', 'loadBalancerSourceRanges'] },
        });
      }
    },
  },
  {
    code: 'MGW1304',
    name: 'port-without-way',
    severity: 'info',
    category: 'reachability',
    optIn: true,
    title: 'An unexposed port of an exposed Service',
    docs: () => ({
      happens: 'Requests from outside come to the other ports of the Service, never to this one.',
      instead: 'A rule that leads to it, where it is meant to be reached.',
      bad: documents(
        service('selector: {app: shop}\nports:\n- {name: http, port: 80}\n- {name: admin, port: 9000}'),
        toShop,
      ),
      good: documents(service(`selector: {app: shop}\n${ports()}`), toShop),
    }),
    check: ({ catalog, gateways }, report) => {
      const taken = takers(gateways);
      for (const resource of catalog.ofKind('/Service')) {
        const view = serviceView(resource);
        const reached = taken.get(serviceHost(resource.namespace, resource.name))?.ports;
        if (!reached) continue;
        for (const port of view.ports)
          if (!reached.has(port.port) && findPort(view, { number: port.port }) === port)
            report({
              message: `no way from outside leads to port ${port.port} (others of this Service are reached)`,
              at: port.origin,
            });
      }
    },
  },
];
