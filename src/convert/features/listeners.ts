// Ports, server names, hosts and connections: what is lost before a rule is looked for.

import type { EffectiveGateway, HttpChain, VirtualHost } from '../../model/index.js';
import { ingressHostText } from '../../model/index.js';
import { looksAlike, type View } from '../answers.js';
import { leftOut } from '../route-changes.js';
import { type Compared, type Effect, type Feature, UNSEEN } from './feature.js';
import { hostOf, isNothing, isSecure, isUsualPort, otherName } from './requests.js';

const otherServerName: Effect = { explains: otherName };
const LEFT_OUT: Effect = { route: () => leftOut };
const withoutAnswer: Effect = { explains: ({ after }) => isNothing(after) };
/** A name that the target does not take: one label, or characters that no DNS label has. */
const strangeName = ({ request }: Compared): boolean => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostOf(request));
const isUnanswered = ({ intended, after }: Compared): boolean =>
  intended.connection !== undefined && after.connection !== undefined;

export const LISTENERS = {
  'listener.isolation': {
    severity: 'approximate',
    group: 'differs',
    title: 'Hosts on connections for other names',
    documentation:
      'a host that several TLS servers of a port share is served on connections for the most specific of them only: on the others it has no rules of its own',
    leavesOut: 'with-host',
    effect: otherServerName,
  },
  'listener.name-patterns': {
    severity: 'approximate',
    group: 'differs',
    title: 'Patterns of server names',
    documentation: 'connections are chosen by a pattern of their server name, which no target has',
    effect: { explains: ({ request }) => request.scheme === 'https' },
  },
  'gateway.workload': {
    severity: 'approximate',
    group: 'todo',
    decided: 'gateway',
    title: 'New gateway workload',
    documentation: 'the output binds to a workload that does not exist yet, with another address',
    decision: 'deploy it, and point DNS to its load balancer',
    effect: UNSEEN,
  },
  'gateway.class': {
    severity: 'approximate',
    group: 'todo',
    decided: 'gateway',
    title: 'Class of the Gateway',
    documentation: 'the standard defines no GatewayClass: the output has a placeholder',
    decision: 'put the name of your GatewayClass in its place',
    effect: UNSEEN,
  },
  'listener.bind': {
    severity: 'refused',
    group: 'refused',
    title: 'Bind address',
    documentation: 'a listener of the target binds all addresses',
    effect: UNSEEN,
  },
  'listener.conflict': {
    severity: 'refused',
    group: 'refused',
    title: 'Two listeners for one host and port',
    documentation: 'the target allows one listener per host and port',
    withoutCounterpart: true,
    effect: withoutAnswer,
  },
  'listener.addresses': {
    severity: 'refused',
    group: 'refused',
    title: 'Listeners by client address',
    documentation: 'a listener of the target cannot match addresses',
    withoutCounterpart: true,
    effect: { explains: ({ here }) => here },
  },
  'listener.one-transport': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Plain requests and TLS on one port',
    documentation:
      'a port of the source takes both, and answers 404 where it has no rule; a port of the target takes one of them and closes connections of the other kind',
    effect: {
      explains: ({ intended, after }) =>
        isNothing(intended) && (after.connection !== undefined || after.l4 !== undefined),
    },
  },
  'listener.closed-names': {
    severity: 'approximate',
    group: 'differs',
    title: 'Server names whose connections are closed',
    documentation:
      'the source closes connections that ask for these names (`sniStrict`, TLS options that are missing); the target answers them where a server for more names does',
    effect: { explains: ({ before, after }) => before.connection === 'closed' && after.connection === undefined },
  },
  'listener.other-transport': {
    severity: 'refused',
    group: 'refused',
    title: 'Rule for the other kind of requests on one port',
    documentation: 'a port has rules for plain requests and for TLS: those of one kind are left out',
    leavesOut: true,
    effect: LEFT_OUT,
  },
  'listener.other-bytes': {
    severity: 'refused',
    group: 'refused',
    title: 'TCP connections of the other kind on one port',
    documentation: 'a port forwards bytes of plain connections and of TLS: those of one kind are not forwarded',
    withoutCounterpart: true,
    effect: {
      explains: ({ before, after }) => before.l4 !== undefined && (isNothing(after) || after.l4 !== undefined),
    },
  },
  'l4.name-patterns': {
    severity: 'refused',
    group: 'refused',
    title: 'TCP connections by a pattern of server names',
    documentation: 'a target chooses connections by names and wildcards, not by patterns (`HostSNIRegexp`)',
    withoutCounterpart: true,
    effect: { explains: ({ before, after }) => before.l4 !== undefined && after.l4 === undefined },
  },
  'listener.wildcard-depth': {
    severity: 'approximate',
    group: 'differs',
    title: 'Depth of a wildcard server name',
    documentation: 'a wildcard of Traefik is one label of the server name; the target takes deeper names, too',
    effect: {
      explains: ({ request }, { hosts: [host = ''] = [] }) => {
        const name = request.sni ?? hostOf(request);
        return name.endsWith(host.slice(1)) && name.slice(0, -host.length + 1).includes('.');
      },
    },
  },
  listeners: {
    severity: 'refused',
    group: 'refused',
    title: 'Number of listeners',
    documentation: 'a Gateway has at most 64 listeners',
    withoutCounterpart: true,
    effect: withoutAnswer,
  },
  'l4.addresses': {
    severity: 'refused',
    group: 'refused',
    title: 'TCP routes by address',
    documentation: 'conditions on addresses of TCP and TLS routes',
    protects: 'connections of all addresses are accepted',
    effect: {
      explains: ({ before, after }) =>
        before.l4 !== undefined || after.l4 !== undefined || (before.connection !== undefined && isNothing(after)),
    },
  },
  'l4.policies': {
    severity: 'refused',
    group: 'refused',
    title: 'Policies of TCP connections',
    documentation: 'authorization of connections whose bytes are forwarded',
    protects: 'connections that it refuses are accepted',
    effect: { explains: ({ before, after }) => before.l4 !== undefined || after.l4 !== undefined },
  },
  l4: {
    severity: 'refused',
    group: 'refused',
    title: 'TCP and TLS passthrough',
    documentation: 'an Ingress forwards HTTP only',
    withoutCounterpart: true,
    effect: { explains: ({ before }) => before.l4 !== undefined },
  },
  'l4.every-name': {
    severity: 'approximate',
    group: 'carriage',
    title: 'TLS passthrough for every server name',
    documentation: 'a TLSRoute needs host names: a TCPRoute forwards the same bytes',
    effect: {
      explains: ({ intended, after }) =>
        intended.l4 === 'tls' && after.l4 === 'tcp' && looksAlike({ ...intended, l4: 'tcp' }, after),
    },
  },
  'l4.other-names': {
    severity: 'refused',
    group: 'refused',
    title: 'TLS passthrough for all other server names',
    documentation:
      'a TLSRoute needs host names: beside other listeners of its port, TLS of every other name, and bytes without TLS, are not forwarded',
    withoutCounterpart: true,
    effect: { explains: ({ before, after }) => before.l4 !== undefined && isNothing(after) },
  },
  host: {
    severity: 'refused',
    group: 'refused',
    title: 'Host that the target does not accept',
    documentation: 'a host of one label, or with characters that are invalid in a DNS label',
    parts: ['VirtualHost.domains'],
    // A port whose only hosts are such is not opened.
    withoutCounterpart: true,
    effect: { explains: (d) => strangeName(d) || isUnanswered(d) },
  },
  'host.unreachable': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Host that no client can request',
    documentation:
      'a host that is not a DNS name (`www.*.example.com`), or a server name with upper case; a port with no other server is not opened',
    parts: ['VirtualHost.domains'],
    effect: { explains: (d) => strangeName(d) || isUnanswered(d) },
  },
  'host.name': {
    severity: 'refused',
    group: 'refused',
    title: 'Host name of a route or listener',
    documentation: 'a host that the Gateway API does not accept',
    parts: ['VirtualHost.domains'],
    leavesOut: true,
    withoutCounterpart: true,
    effect: { explains: strangeName },
  },
  'host.wildcard': {
    severity: 'approximate',
    group: 'differs',
    title: 'Depth of a wildcard host',
    documentation: 'a wildcard of an Ingress matches one label, not any number',
    parts: ['VirtualHost.domains'],
    effect: {
      host: (host) => ({
        ...host,
        domains: host.domains.map((d) => (d.kind === 'suffix' ? { kind: 'one-label', value: d.value } : d)),
      }),
    },
  },
  'host.fallback': {
    severity: 'refused',
    group: 'refused',
    title: 'Host without a rule',
    documentation: 'no rule of a host can be written to an Ingress: its requests go to the rules of broader hosts',
    parts: ['VirtualHost.domains'],
    withoutCounterpart: true,
    effect: {
      host: (host, loss) => {
        const domains = host.domains.filter((d) => d.kind === 'any' || !loss.hosts?.includes(ingressHostText(d)));
        return domains.length > 0 ? { ...host, domains } : undefined;
      },
    },
  },
  port: {
    severity: 'approximate',
    group: 'differs',
    title: 'Port of a listener',
    documentation: 'the controller of an Ingress answers on 80 and 443',
    parts: ['Listener.port'],
    effect: { explains: ({ request, after }) => !isUsualPort(request) && after.connection !== undefined },
  },
  'ingress.ports': {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: 'Ports and server names of an Ingress',
    documentation: 'an Ingress leaves ports to its controller: every host and path on each of them',
    effect: { gateway: onPort80, explains: isJoined },
  },
  'gateway.shared': {
    severity: 'approximate',
    group: 'todo',
    decided: 'gateway',
    title: 'Several gateways become one',
    documentation: 'one gateway workload takes the place of several (ingress classes), and serves the hosts of all',
    decision: 'point DNS of all hosts to it, or name a workload with `--target-gateway NAMESPACE/LABEL=VALUE`',
    effect: { explains: (d) => d.allowsElsewhere() },
  },
  'ingress.one-gateway': {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: 'Several gateways become one',
    documentation: 'hosts and paths of several gateways become those of one controller',
    effect: { explains: isJoined },
  },
} as const satisfies Record<string, Feature>;

/** What is answered on other ports only is answered on 80. */
function onPort80(gateway: EffectiveGateway): EffectiveGateway {
  const { listeners } = gateway;
  if (listeners.some(({ port }) => port === 80)) return gateway;
  const hosts = new Map<string, VirtualHost>();
  for (const chain of listeners.flatMap((l) => l.filterChains))
    for (const host of chain.kind === 'http' ? chain.virtualHosts : []) {
      const domains = host.domains.filter((d) => !hosts.has(ingressHostText(d)));
      for (const d of domains) hosts.set(ingressHostText(d), { ...host, domains: [d] });
    }
  if (hosts.size === 0) return gateway;
  const chain: HttpChain = { kind: 'http', match: { transport: 'raw' }, virtualHosts: [...hosts.values()] };
  return { ...gateway, listeners: [...listeners, { port: 80, filterChains: [chain] }] };
}

/** Hosts and paths of any port of any of the gateways are those of the one controller, on its ports; where there is none, none answers. */
function isJoined(d: Compared): boolean {
  if (!isUsualPort(d.request)) return d.after.connection !== undefined;
  if (isUnserved(d.after) && otherName(d)) return true;
  if (d.after.connection !== undefined && d.intended.connection !== undefined) return true;
  // Certificates are for some hosts only; without TLS a host that any port serves is served.
  const answers = d.elsewhere();
  if (isUnserved(d.after) && isUnserved(d.intended)) return isSecure(d) || answers.every(isUnserved);
  return answers.some((answer) => looksAlike(answer, d.after, [withoutScheme]));
}

const withoutScheme: View = (r) => (r.upstream ? { ...r, upstream: { ...r.upstream, proto: '' } } : r);

/** Nobody can be reached there: no connection, or an error page of the gateway. */
const isUnserved = ({ connection, status }: { connection?: string; status?: number }): boolean =>
  connection !== undefined || status === 404;
