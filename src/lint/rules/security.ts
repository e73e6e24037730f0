// What is allowed and dangerous: plaintext beside TLS, wildcards, old TLS, hosts that two teams claim, traffic that leaves.

import { gatewayReferences } from '../../implementations/istio/gateway-references.js';
import { hostsMatch } from '../../implementations/istio/hosts.js';
import { isHttp } from '../../implementations/istio/protocol.js';
import { type Origin, originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import { documents, gateway, serviceEntry, virtualService } from '../examples.js';
import { protocol } from '../fields/values.js';
import { knownHosts } from '../known-hosts.js';
import type { Rule } from '../rule.js';
import { formatSelector } from '../selectors.js';
import { eachDestination, istioGateways, virtualServices } from '../virtual-service-parts.js';

const http = 'port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]';
const https = (hosts = 'shop.example.com', more = '') =>
  `port: {number: 443, name: https, protocol: HTTPS}\n  hosts: ["${hosts}"]\n  tls: {mode: SIMPLE, credentialName: shop-cert${more}}`;
const shop = (...servers: string[]) =>
  gateway(`selector: {istio: ingressgateway}\nservers:\n${servers.map((s) => `- ${s}`).join('\n')}`);
const route = (rest: string, name = 'shop') =>
  virtualService(`${rest}\nhttp:\n- route:\n  - destination: {host: shop}`, name);

const terminates = (mode: string | undefined): boolean =>
  mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
const bare = (host: string): string => host.slice(host.indexOf('/') + 1);

interface Entry {
  readonly host: string;
  readonly at: Origin;
}

/** Hosts of plain HTTP servers without redirect, and hosts behind TLS, per workload. */
function entries(catalog: Catalog): { plain: Entry[]; secure: Set<string> }[] {
  const groups = new Map<string, { plain: Entry[]; secure: Set<string> }>();
  for (const resource of istioGateways(catalog)) {
    const spec = specOf(resource);
    const key = formatSelector(stringMapOf(spec.selector));
    const group = groups.get(key) ?? { plain: [], secure: new Set<string>() };
    groups.set(key, group);
    for (const [i, server] of objectsOf(spec.servers).entries()) {
      const tls = objectOf(server.tls);
      const isPlain = isHttp(protocol(objectOf(server.port)?.protocol)) && tls?.httpsRedirect !== true;
      for (const [j, host] of stringsOf(server.hosts).entries()) {
        if (terminates(stringOf(tls?.mode))) group.secure.add(bare(host));
        else if (isPlain)
          group.plain.push({ host: bare(host), at: originOf(resource, 'spec', 'servers', i, 'hosts', j) });
      }
    }
  }
  return [...groups.values()];
}

const OLD_VERSIONS = new Set(['TLSV1_0', 'TLSV1_1']);

const workloadOf = (resource: Resource): string => formatSelector(stringMapOf(specOf(resource).selector));

/** The hosts of TLS servers by the workload that serves them. */
function secureHosts(catalog: Catalog): Map<string, { names: Set<string>; wildcards: string[] }> {
  const secure = new Map<string, { names: Set<string>; wildcards: string[] }>();
  for (const resource of istioGateways(catalog))
    for (const server of objectsOf(specOf(resource).servers)) {
      if (objectOf(server.tls)?.mode === undefined) continue;
      const hosts = secure.get(workloadOf(resource)) ?? { names: new Set<string>(), wildcards: [] };
      secure.set(workloadOf(resource), hosts);
      for (const host of stringsOf(server.hosts).map(bare)) {
        if (host.startsWith('*') && !hosts.names.has(host)) hosts.wildcards.push(host);
        hosts.names.add(host);
      }
    }
  return secure;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW1001',
    name: 'plaintext-beside-tls',
    severity: 'info',
    category: 'security',
    title: 'A host is served over TLS and, without a redirect, in plain text',
    docs: () => ({
      happens:
        'Users who type the name without https stay on plain HTTP: cookies and tokens cross the network readable.',
      instead: '`tls: {httpsRedirect: true}` on the plain HTTP server.',
      bad: shop(http, https()),
      good: shop(`${http}\n  tls: {httpsRedirect: true}`, https()),
    }),
    check: ({ catalog }, report) => {
      for (const { plain, secure } of entries(catalog))
        for (const { host, at } of plain)
          if (secure.has(host))
            report({
              message: `${host} has TLS on this gateway, but plain HTTP is served too: set tls.httpsRedirect on this server`,
              at,
            });
    },
  },
  {
    code: 'MGW1002',
    name: 'wildcard-on-tls',
    severity: 'info',
    category: 'security',
    title: 'A TLS server accepts every host',
    docs: () => ({
      happens: 'Any VirtualService that may bind to the Gateway gets traffic for any name, behind one certificate.',
      instead: 'The hosts that the certificate is for.',
      bad: shop(https('*')),
      good: shop(https('*.example.com')),
    }),
    check: ({ catalog }, report) => {
      for (const resource of istioGateways(catalog))
        for (const [i, server] of objectsOf(specOf(resource).servers).entries())
          if (terminates(stringOf(objectOf(server.tls)?.mode)))
            for (const [j, host] of stringsOf(server.hosts).entries())
              if (bare(host) === '*')
                report({
                  message: 'this TLS server accepts every host: list the hosts of the certificate',
                  at: originOf(resource, 'spec', 'servers', i, 'hosts', j),
                });
    },
  },
  {
    code: 'MGW1003',
    name: 'weak-tls-version',
    severity: 'warning',
    category: 'security',
    title: 'A server allows TLS 1.0 or 1.1',
    docs: () => ({
      happens: 'Both are withdrawn (RFC 8996); their ciphers are broken or weak.',
      instead: 'minProtocolVersion TLSV1_2, which is the default.',
      bad: shop(https('shop.example.com', ', minProtocolVersion: TLSV1_1, cipherSuites: [ECDHE-RSA-AES128-SHA]')),
      good: shop(https('shop.example.com', ', minProtocolVersion: TLSV1_3')),
    }),
    check: ({ catalog }, report) => {
      for (const resource of istioGateways(catalog))
        for (const [i, server] of objectsOf(specOf(resource).servers).entries()) {
          const tls = objectOf(server.tls);
          for (const field of ['minProtocolVersion', 'maxProtocolVersion']) {
            const version = stringOf(own(tls, field));
            if (!version || !OLD_VERSIONS.has(version)) continue;
            const at = originOf(resource, 'spec', 'servers', i, 'tls', field);
            report({
              message: `${version.replace('TLSV', 'TLS ').replace('_', '.')} is withdrawn (RFC 8996): require TLS 1.2`,
              at,
            });
          }
        }
    },
  },
  {
    code: 'MGW1004',
    name: 'host-claimed-by-two-namespaces',
    severity: 'info',
    category: 'security',
    title: 'Two namespaces route the same host on one gateway',
    docs: () => ({
      happens: 'Routes of both are merged, the older object first: one team can take paths of the other.',
      instead:
        'One namespace per host; keep it apart with `hosts: [team-a/shop.example.com]` in the Gateway, or delegate paths.',
      bad: documents(
        shop(http),
        route('hosts: [shop.example.com]\ngateways: [default/shop]', 'one'),
        route('hosts: [shop.example.com]\ngateways: [default/shop]', 'two').replace(
          'namespace: default',
          'namespace: team-b',
        ),
      ),
      good: documents(
        shop(http.replace('[shop.example.com]', '[shop.example.com, blog.example.com]')),
        route('hosts: [shop.example.com]\ngateways: [default/shop]', 'one'),
        route('hosts: [blog.example.com]\ngateways: [default/shop]', 'two')
          .replace('namespace: default', 'namespace: team-b')
          .replace('shop.example', 'blog.example'),
      ),
    }),
    check: ({ catalog }, report) => {
      const owners = new Map<string, Resource>();
      for (const resource of virtualServices(catalog))
        for (const { namespace, name } of gatewayReferences(resource))
          for (const [i, host] of stringsOf(specOf(resource).hosts).entries()) {
            const key = `${namespace}/${name} ${host}`;
            const other = owners.get(key);
            if (!other) owners.set(key, resource);
            else if (other.namespace !== resource.namespace)
              report({
                message: `${host} on the gateway ${namespace}/${name} is routed by the namespace ${other.namespace} too (${other.name}): the routes are merged`,
                at: originOf(resource, 'spec', 'hosts', i),
                related: [{ message: 'the other VirtualService', place: originOf(other, 'spec', 'hosts') }],
              });
          }
    },
  },
  {
    code: 'MGW1005',
    name: 'mirror-leaves-mesh',
    severity: 'warning',
    category: 'security',
    title: 'Requests are mirrored to a service outside the mesh',
    docs: () => ({
      happens: 'Copies of requests, with cookies and tokens, leave the mesh; the responses are discarded.',
      instead: 'A mirror within the mesh.',
      bad: documents(
        serviceEntry(
          'hosts: [partner.example.com]\nlocation: MESH_EXTERNAL\nports: [{number: 80, name: http, protocol: HTTP}]\nresolution: DNS',
        ),
        virtualService(
          'hosts: [shop.example.com]\nhttp:\n- route: [{destination: {host: shop}}]\n  mirror: {host: partner.example.com}',
        ),
      ),
      good: virtualService(
        'hosts: [shop.example.com]\nhttp:\n- route: [{destination: {host: shop}}]\n  mirror: {host: shadow}',
      ),
    }),
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      for (const resource of virtualServices(catalog))
        eachDestination(resource, (_, host, use, origin) => {
          if (use !== 'mirror') return;
          const found = known.lookup(host, resource.namespace);
          const outside =
            found.kind === 'found' &&
            found.hosts.some((h) =>
              h.resource.kind === 'ServiceEntry'
                ? stringOf(specOf(h.resource).location) !== 'MESH_INTERNAL'
                : specOf(h.resource).type === 'ExternalName',
            );
          if (outside) report({ message: `requests are mirrored to ${host}, which is outside the mesh`, at: origin() });
        });
    },
  },
  {
    code: 'MGW1006',
    name: 'open-export',
    severity: 'warning',
    category: 'security',
    optIn: true,
    title: 'An object is visible in every namespace',
    docs: () => ({
      happens: 'Without exportTo every namespace and gateway of the mesh sees it.',
      instead: '`exportTo: ["."]`, or the namespaces that need it.',
      bad: route('hosts: [shop.example.com]'),
      good: route('hosts: [shop.example.com]\nexportTo: ["."]'),
    }),
    check: ({ catalog }, report) => {
      for (const kind of ['VirtualService', 'DestinationRule', 'ServiceEntry'])
        for (const resource of catalog.ofKind(`networking.istio.io/${kind}`)) {
          const exportTo = stringsOf(specOf(resource).exportTo);
          if (!exportTo.length || exportTo.includes('*'))
            report({
              message: 'visible in every namespace: list the namespaces that need it in exportTo',
              at: originOf(resource, 'spec', ...(exportTo.length ? ['exportTo'] : [])),
            });
        }
    },
  },
  {
    code: 'MGW1007',
    name: 'redirect-without-https-server',
    severity: 'warning',
    category: 'security',
    title: 'httpsRedirect for a host that no TLS server has',
    docs: () => ({
      happens: 'Clients are sent to https, where the gateway does not serve the host.',
      instead: 'A TLS server for the host on the same workload.',
      bad: shop(`${http}\n  tls: {httpsRedirect: true}`, https('blog.example.com')),
      good: shop(`${http}\n  tls: {httpsRedirect: true}`, https()),
    }),
    check: ({ catalog }, report) => {
      const secure = secureHosts(catalog);
      for (const resource of istioGateways(catalog)) {
        const hosts = secure.get(workloadOf(resource));
        // Without any TLS server in the files, they may be in others (or TLS ends before the gateway).
        if (!hosts) continue;
        for (const [i, server] of objectsOf(specOf(resource).servers).entries()) {
          if (objectOf(server.tls)?.httpsRedirect !== true) continue;
          for (const [j, host] of stringsOf(server.hosts).entries())
            if (!hosts.names.has(bare(host)) && !hosts.wildcards.some((h) => hostsMatch(h, bare(host))))
              report({
                message: `${bare(host)} is redirected to https, but no TLS server of this workload has it`,
                at: originOf(resource, 'spec', 'servers', i, 'hosts', j),
              });
        }
      }
    },
  },
];
