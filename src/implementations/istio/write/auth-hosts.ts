// Providers of external authentication outside of the cluster: the proxy reaches them only where a ServiceEntry names them, and speaks TLS
// to them only where a DestinationRule says so (Istio reference, ExtensionProvider.service; ServiceEntry; DestinationRule.tls).

import type { AuthPolicy } from './auth-rules.js';

type KubeObject = Readonly<Record<string, unknown>>;

/** One ServiceEntry per host, and a DestinationRule for each port that takes TLS; sorted. */
export function authHosts(policies: readonly AuthPolicy[], namespace: string): readonly KubeObject[] {
  const hosts = new Map<string, Map<number, boolean>>();
  for (const { condition } of policies) {
    const { service, port, external } = condition.ask!;
    if (external) hosts.set(service, (hosts.get(service) ?? new Map()).set(port, external.tls));
  }
  return [...hosts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([host, ports]) => {
      const sorted = [...ports].sort(([a], [b]) => a - b);
      const metadata = { name: `${host.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}-auth`, namespace };
      const tls = sorted.filter(([, isTls]) => isTls);
      return [
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'ServiceEntry',
          metadata,
          spec: {
            hosts: [host],
            location: 'MESH_EXTERNAL',
            resolution: 'DNS',
            ports: sorted.map(([number]) => ({ number, name: `http-${number}`, protocol: 'HTTP' })),
          },
        },
        ...(tls.length === 0
          ? []
          : [
              {
                apiVersion: 'networking.istio.io/v1',
                kind: 'DestinationRule',
                metadata,
                spec: {
                  host,
                  trafficPolicy: {
                    portLevelSettings: tls.map(([number]) => ({
                      port: { number },
                      tls: { mode: 'SIMPLE', sni: host },
                    })),
                  },
                },
              },
            ]),
      ];
    });
}
