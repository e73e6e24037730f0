// Gateways of the same workload that claim the same port or host.
// pkg/config/analysis/analyzers/gateway/conflictinggateway.go (Istio of 2026-08-22); what the gateway makes of
// it: MergeGateways in pilot/pkg/model/gateway.go (routes of plain HTTP servers merge, a second TLS server for a host is
// dropped), fixtures/truth/istio/hosts.

import { isHttp } from '../../implementations/istio/protocol.js';
import { type JsonObject, originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import type { LintContext } from '../context.js';
import { documents, gateway } from '../examples.js';
import { protocol } from '../fields/values.js';
import { grouped } from '../grouped.js';
import type { Rule } from '../rule.js';
import { formatSelector, type Labels } from '../selectors.js';
import { together } from '../together.js';
import { istioGateways } from '../virtual-service-parts.js';

interface Server {
  readonly resource: Resource;
  readonly selector: Labels;
  readonly server: JsonObject;
  readonly index: number;
  readonly port: number;
}

const servers = (catalog: Catalog): Server[] =>
  istioGateways(catalog).flatMap((resource) => {
    const spec = specOf(resource);
    const selector = stringMapOf(spec.selector);
    return objectsOf(spec.servers).map((server, index) => ({
      resource,
      selector,
      server,
      index,
      port: numberOf(objectOf(server.port)?.number) ?? 0,
    }));
  });

// A host without the namespace "*" before it.
const hostOf = (entry: string): string => (entry.startsWith('*/') ? entry.slice(2) : entry);
const plain = ({ server }: Server): boolean => isHttp(protocol(objectOf(server.port)?.protocol));
const name = ({ resource }: Server): string => `${resource.namespace}/${resource.name}`;

const tls = (host: string, secret: string) =>
  `selector: {istio: ingressgateway}\nservers:\n- port: {number: 443, name: https, protocol: HTTPS}\n  hosts: [${host}]\n  tls: {mode: SIMPLE, credentialName: ${secret}}`;
const http =
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]';
const onPort80 = (protocolName: string) =>
  http.replace('name: http, protocol: HTTP', `name: p, protocol: ${protocolName}`);

/** Pairs of servers of different Gateways with the same selector, port and address; hosts are compared by the caller. */
function conflicts(catalog: Catalog, report: (later: Server, earlier: Server, host: string) => void): void {
  const groups = grouped(servers(catalog), (s) =>
    stringsOf(s.server.hosts).map(
      (entry) => `${formatSelector(s.selector)}~${s.port}~${stringOf(s.server.bind) ?? ''}~${hostOf(entry)}`,
    ),
  );
  const said = new Set<string>();
  for (const [key, group] of groups) {
    const [first] = group;
    for (const later of group.slice(1)) {
      if (!first || later.resource === first.resource) continue;
      const pair = `${name(first)} ${name(later)} ${later.index}`;
      if (!said.has(pair)) report(later, first, key.slice(key.lastIndexOf('~') + 1));
      said.add(pair);
    }
  }
}

/** Whether Envoy refuses the whole listener that a server is part of: its note stands at one of the servers of the port. */
function refusedPorts(notes: LintContext['notes']): (server: Server) => boolean {
  const keyOf = (resource: Resource, port: number | undefined) =>
    `${formatSelector(stringMapOf(specOf(resource).selector))}~${port}`;
  const refused = new Set(
    notes.flatMap(({ code, origin: { resource, path } }) =>
      code === 'listener-rejected'
        ? [keyOf(resource, numberOf(objectOf(objectsOf(specOf(resource).servers)[Number(path[2])]?.port)?.number))]
        : [],
    ),
  );
  return ({ resource, port }) => refused.has(keyOf(resource, port));
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0131',
    name: 'conflicting-gateways',
    severity: 'error',
    category: 'conflict',
    istio: 'IST0145',
    kiali: 'KIA0301',
    title: 'Two Gateways of one workload claim the same port and host',
    docs: () => ({
      happens:
        'On a TLS or TCP port the server of the younger Gateway is dropped, with its certificate and routes; where Istio cannot tell that the two are the same, Envoy refuses the listener of the whole port. (Plain HTTP servers merge, which istioctl calls a conflict too: see MGW0132.)',
      instead: 'One Gateway per host and port; share it by naming it from several VirtualServices.',
      bad: documents(gateway(tls('shop.example.com', 'a'), 'one'), gateway(tls('shop.example.com', 'b'), 'two')),
      good: documents(gateway(tls('shop.example.com', 'a'), 'one'), gateway(tls('blog.example.com', 'b'), 'two')),
    }),
    check: ({ catalog, notes }, report) => {
      const refused = refusedPorts(notes);
      const { areTogether } = together(catalog);
      conflicts(catalog, (later, earlier, host) => {
        if (plain(later) && plain(earlier)) return;
        const effect = refused(later)
          ? 'Envoy refuses the listener, and no server of the port works'
          : `the server of the younger Gateway is dropped`;
        report({
          message: `the Gateway ${name(earlier)} has the host ${host} on port ${later.port} of the same workload too: ${effect}`,
          at: originOf(later.resource, 'spec', 'servers', later.index),
          ...(areTogether(later.resource, earlier.resource) ? {} : { severity: 'warning' }),
          related: [
            { message: 'the other server', place: originOf(earlier.resource, 'spec', 'servers', earlier.index) },
          ],
        });
      });
    },
  },
  {
    code: 'MGW0132',
    name: 'shared-http-host',
    severity: 'info',
    category: 'conflict',
    istio: 'IST0145',
    kiali: 'KIA0301',
    title: 'Two Gateways of one workload serve the same plain HTTP host',
    docs: () => ({
      happens: 'It works: routes of both are merged on the gateway. Who owns the host is not clear from either file.',
      instead: 'One Gateway per host, if that was not meant.',
      bad: documents(gateway(http, 'one'), gateway(http, 'two')),
      good: documents(gateway(http, 'one'), gateway(http.replace('shop', 'blog'), 'two')),
    }),
    check: ({ catalog }, report) =>
      conflicts(catalog, (later, earlier, host) => {
        if (!plain(later) || !plain(earlier)) return;
        report({
          message: `the Gateway ${name(earlier)} serves ${host} on port ${later.port} of the same workload too; the routes of both are merged`,
          at: originOf(later.resource, 'spec', 'servers', later.index),
          related: [
            { message: 'the other server', place: originOf(earlier.resource, 'spec', 'servers', earlier.index) },
          ],
        });
      }),
  },
  {
    code: 'MGW0133',
    name: 'port-protocol-conflict',
    severity: 'error',
    category: 'conflict',
    istio: 'IST0145',
    title: 'Servers on one port have protocols that cannot share it',
    docs: () => ({
      happens: 'Plain HTTP and plain TCP cannot share a port: the server that Istio reads second is dropped.',
      instead: 'Another port for one of them.',
      bad: documents(gateway(onPort80('HTTP'), 'one'), gateway(onPort80('TCP').replace('shop', 'blog'), 'two')),
      good: documents(gateway(onPort80('HTTP'), 'one'), gateway(onPort80('HTTP2').replace('shop', 'blog'), 'two')),
    }),
    check: ({ catalog }, report) => {
      const { areTogether } = together(catalog);
      const groups = grouped(
        servers(catalog).filter((s) => objectOf(s.server.tls)?.mode === undefined),
        (s) => [`${formatSelector(s.selector)}~${s.port}~${stringOf(s.server.bind) ?? ''}`],
      );
      for (const group of groups.values()) {
        const first = group[0]!;
        const other = group.find((s) => plain(s) !== plain(first));
        if (other)
          report({
            message: `port ${first.port} is ${plain(first) ? 'HTTP' : 'TCP'} in the Gateway ${name(first)} and ${plain(other) ? 'HTTP' : 'TCP'} here: one of the servers is dropped`,
            at: originOf(other.resource, 'spec', 'servers', other.index, 'port'),
            ...(areTogether(other.resource, first.resource) ? {} : { severity: 'warning' }),
            related: [
              { message: 'the other server', place: originOf(first.resource, 'spec', 'servers', first.index, 'port') },
            ],
          });
      }
    },
  },
];
