// Hosts whose TLS connections the controller passes on by their server name: with its flag --enable-ssl-passthrough, to the Service of the
// path `/` (PassthroughBackends in controller.go, configureDynamically's TCP proxy in nginx.go and pkg/tcpproxy/tcp.go,
// kubernetes/ingress-nginx of 2026-03-20). Without a Service there the host is served as any other.

import type { L4Chain } from '../../../model/index.js';
import { CATCH_ALL, type Server } from '../controller/server.js';
import type { Configuration } from '../controller/servers.js';

export interface Passthrough {
  readonly server: Server;
  readonly chain: L4Chain;
}

/** The proxy compares whole names: a star stands for none. */
export function passthroughs({ servers, upstreams }: Configuration): readonly Passthrough[] {
  return servers.flatMap((server): Passthrough[] => {
    const { sslPassthrough, host } = server;
    if (!sslPassthrough || host === CATCH_ALL || host.startsWith('*')) return [];
    const root = server.locations.find(({ path }) => path === '/');
    const to = root && upstreams.get(root.upstream)?.destination;
    if (!to) return [];
    const origin = sslPassthrough.settings.annotations.origin('ssl-passthrough');
    return [
      {
        server,
        chain: {
          kind: 'l4',
          l4: 'tls',
          match: { transport: 'tls', sni: [{ kind: 'exact', value: host.toLowerCase() }] },
          destinations: [
            { to: { ...to, protocol: 'tcp' }, weight: 100, ...(root.origin ? { origin: root.origin } : {}) },
          ],
          origin,
        },
      },
    ];
  });
}
