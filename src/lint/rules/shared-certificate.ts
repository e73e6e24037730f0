// One certificate in several TLS servers of one gateway: browsers reuse an HTTP/2 connection for every host of the certificate of its server,
// and the server behind that connection does not know the hosts of the others (RFC 9113, 9.1.1; envoyproxy/envoy#6767).
// pkg/config/analysis/analyzers/gateway/certificate.go (Istio of 2026-08-22), which compares names between Gateways; here also servers of
// one Gateway, listeners of the Gateway API, and Secrets with the same content.

import { type JsonObject, type Origin, originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import { documents, gateway } from '../examples.js';
import { grouped } from '../grouped.js';
import type { Rule } from '../rule.js';
import { formatSelector, type Labels, selects } from '../selectors.js';
import { istioGateways } from '../virtual-service-parts.js';

interface TlsServer {
  readonly resource: Resource;
  /** Of the workload; a Gateway of the Gateway API has one of its own. */
  readonly selector: Labels;
  readonly port: number;
  readonly hosts: readonly string[];
  /** As written, for people. */
  readonly certificate: string;
  /** Equal for equal certificates. */
  readonly key: string;
  readonly at: Origin;
}

/** Secrets by name: a gateway's namespace is seldom known, so only one of its name counts. */
function certificateKeys(catalog: Catalog) {
  const named = grouped(catalog.ofKind('/Secret'), (secret) => [secret.name]);
  return (name: string, namespace?: string): string => {
    const list = named.get(name.slice(name.lastIndexOf('/') + 1)) ?? [];
    const secret =
      namespace === undefined ? (list.length === 1 ? list[0] : undefined) : list.find((s) => s.namespace === namespace);
    const text =
      stringOf(objectOf(secret?.object.data)?.['tls.crt'])?.replace(/\s/g, '') ??
      stringOf(objectOf(secret?.object.stringData)?.['tls.crt']);
    return text ? `content ${text}` : `credential ${namespace ?? ''} ${name}`;
  };
}

function istioServers(catalog: Catalog, keyOf: ReturnType<typeof certificateKeys>): TlsServer[] {
  return istioGateways(catalog).flatMap((resource) =>
    objectsOf(specOf(resource).servers).flatMap((server, i): TlsServer[] => {
      const certificate = certificateOf(objectOf(server.tls));
      if (!certificate) return [];
      return [
        {
          resource,
          selector: stringMapOf(specOf(resource).selector),
          port: numberOf(objectOf(server.port)?.number) ?? 0,
          hosts: stringsOf(server.hosts).map((host) => host.slice(host.indexOf('/') + 1)),
          certificate: certificate.text,
          key: certificate.files ? `files ${certificate.text}` : keyOf(certificate.text),
          at: originOf(resource, 'spec', 'servers', i, 'tls'),
        },
      ];
    }),
  );
}

function certificateOf(tls: JsonObject | undefined): { readonly text: string; readonly files: boolean } | undefined {
  const credential = stringOf(tls?.credentialName);
  if (credential) return { text: credential, files: false };
  const [certificate, key] = [stringOf(tls?.serverCertificate), stringOf(tls?.privateKey)];
  return certificate && key ? { text: `${certificate} ${key}`, files: true } : undefined;
}

function listeners(catalog: Catalog, keyOf: ReturnType<typeof certificateKeys>): TlsServer[] {
  return catalog.ofKind('gateway.networking.k8s.io/Gateway').flatMap((resource) =>
    objectsOf(specOf(resource).listeners).flatMap((listener, i) =>
      objectsOf(objectOf(listener.tls)?.certificateRefs).flatMap((ref): TlsServer[] => {
        const name = stringOf(ref.name);
        if (!name || (stringOf(ref.kind) ?? 'Secret') !== 'Secret') return [];
        return [
          {
            resource,
            selector: { 'gateway.networking.k8s.io/gateway-name': `${resource.namespace}/${resource.name}` },
            port: numberOf(listener.port) ?? 0,
            hosts: [stringOf(listener.hostname) ?? '*'],
            certificate: name,
            key: keyOf(name, stringOf(ref.namespace) ?? resource.namespace),
            at: originOf(resource, 'spec', 'listeners', i, 'tls'),
          },
        ];
      }),
    ),
  );
}

const tls = (host: string, secret: string) =>
  `selector: {istio: ingressgateway}\nservers:\n- port: {number: 443, name: https, protocol: HTTPS}\n  hosts: [${host}]\n  tls: {mode: SIMPLE, credentialName: ${secret}}`;

/** Another server of the same workload: of another Gateway (whatever its port, as istioctl has it), or on the same port of this one. */
const meets = (server: TlsServer, other: TlsServer): boolean =>
  other !== server &&
  (other.resource === server.resource
    ? other.port === server.port && other.hosts.join() !== server.hosts.join()
    : selects(server.selector, other.selector));

/** Without servers that meet the same others as an earlier one: thousands of servers of one host are one question. */
const unlike = (servers: readonly TlsServer[]): readonly TlsServer[] =>
  [...grouped(servers, (s) => [JSON.stringify([s.resource.order, s.port, s.hosts])]).values()].map(([first]) => first!);

function partnerOf(server: TlsServer, bySelector: readonly (readonly TlsServer[])[]): TlsServer | undefined {
  for (const same of bySelector)
    if (selects(server.selector, same[0]!.selector)) {
      const other = same.find((s) => meets(server, s));
      if (other) return other;
    }
  return undefined;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0134',
    name: 'shared-certificate',
    severity: 'warning',
    category: 'conflict',
    istio: 'IST0138',
    title: 'Two TLS servers of one gateway use the same certificate',
    docs: () => ({
      happens:
        'Browsers reuse an HTTP/2 connection for every host of a certificate; the server behind that connection answers 404 for the hosts of the other.',
      instead: 'One server with both hosts, or a certificate of its own for each.',
      bad: documents(
        gateway(tls('shop.example.com', 'wildcard'), 'one'),
        gateway(tls('blog.example.com', 'wildcard'), 'two'),
      ),
      good: documents(
        gateway(tls('shop.example.com', 'shop-cert'), 'one'),
        gateway(tls('blog.example.com', 'blog-cert'), 'two'),
      ),
    }),
    check: ({ catalog }, report) => {
      const keyOf = certificateKeys(catalog);
      const said = new Set<Resource>();
      const groups = grouped([...istioServers(catalog, keyOf), ...listeners(catalog, keyOf)], (s) => [s.key]);
      for (const all of groups.values()) {
        const group = unlike(all);
        if (group.length < 2) continue;
        const bySelector = [...grouped(group, (s) => [formatSelector(s.selector)]).values()];
        for (const server of group) {
          if (said.has(server.resource)) continue;
          const other = partnerOf(server, bySelector);
          if (!other) continue;
          said.add(server.resource);
          report({
            message: sharedBy(server, other),
            at: server.at,
            related: [{ message: 'the other server', place: other.at }],
          });
        }
      }
    },
  },
];

function sharedBy(server: TlsServer, other: TlsServer): string {
  const whose =
    other.resource === server.resource
      ? `the server for ${other.hosts.join(', ')} of this Gateway`
      : `the Gateway ${other.resource.namespace}/${other.resource.name}`;
  const same =
    other.certificate === server.certificate
      ? `the same certificate (${server.certificate})`
      : `the same certificate under another name (${server.certificate} and ${other.certificate})`;
  return `${whose} uses ${same} on this workload: HTTP/2 clients that reuse a connection get 404`;
}
