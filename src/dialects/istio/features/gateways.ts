// Gateway objects: servers with their hosts in Istio's own spelling (`./a.b` and `*/a.b` resolved).
// sanitizeServerHostNamespace in pilot/pkg/model/gateway.go.

import { originOf, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { createdAt } from '../../../resources/creation.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { GatewayConfig, Server, ServerTls, TlsMode } from '../config.js';
import { parseProtocol } from './protocols.js';

export const readGatewayObjects = (catalog: Catalog): GatewayConfig[] =>
  catalog.ofKind('networking.istio.io/Gateway').map(readGatewayObject);

function readGatewayObject(resource: Resource): GatewayConfig {
  const spec = specOf(resource);
  const selector = objectOf(spec.selector);
  const servers: Server[] = [];
  for (const [i, server] of objectsOf(spec.servers).entries()) {
    const port = objectOf(server.port);
    if (!port) continue;
    const tls = readTls(resource, i);
    servers.push({
      port: numberOf(port.number) ?? 0,
      portName: stringOf(port.name) ?? '',
      protocol: parseProtocol(stringOf(port.protocol) ?? ''),
      bind: stringOf(server.bind) ?? '',
      hosts: serverHosts(stringsOf(server.hosts), resource.namespace),
      ...(tls ? { tls } : {}),
      gateway: `${resource.namespace}/${resource.name}`,
      origin: originOf(resource, 'spec', 'servers', i),
    });
  }
  return {
    name: resource.name,
    namespace: resource.namespace,
    createdAt: createdAt(resource),
    ...(selector ? { selector: stringMapOf(selector) } : {}),
    servers,
    origin: originOf(resource),
  };
}

function readTls(resource: Resource, index: number): ServerTls | undefined {
  const settings = objectOf(objectsOf(specOf(resource).servers)[index]?.tls);
  if (!settings) return undefined;
  return {
    // PASSTHROUGH is the zero value of the enum, so also what a redirect-only block says.
    mode: (stringOf(settings.mode) as TlsMode | undefined) ?? 'PASSTHROUGH',
    httpsRedirect: settings.httpsRedirect === true,
    settings,
    origin: originOf(resource, 'spec', 'servers', index, 'tls'),
  };
}

function serverHosts(hosts: readonly string[], namespace: string): string[] {
  if (hosts.includes('*/*')) return ['*'];
  return hosts.map((host) => {
    const slash = host.indexOf('/');
    if (slash < 0) return host;
    const owner = host.slice(0, slash);
    const name = host.slice(slash + 1);
    if (owner === '.') return `${namespace}/${name}`;
    return owner === '*' ? name : host;
  });
}

/** The names of a server without namespaces, as TLS server names: GetSNIHostsForServer. */
export const sniHosts = (server: Server): string[] => [
  ...new Set(server.hosts.map((h) => (h.includes('/') ? (h.split('/')[1] ?? '') : h))),
];

/** The hosts that VirtualServices of `namespace` may use: NamesForNamespace in pkg/config/host/names.go. */
export function hostsForNamespace(server: Server, namespace: string): string[] {
  const out: string[] = [];
  for (const host of server.hosts) {
    const slash = host.indexOf('/');
    if (slash < 0) out.push(host);
    else if (host.slice(0, slash) === namespace || host.slice(0, slash) === '*') out.push(host.slice(slash + 1));
  }
  return out;
}
