// Listeners of a MeshGateway: by port, and on a port by host name (MakeGatewayListener in pkg/plugins/runtime/gateway/generator.go, v2.13.9).

import type { Origin, Resource } from '../../model/index.js';
import { at, booleanOf, numberOf, objectOf, objectsOf, stringMapOf, stringOf } from '../../resources/fields.js';
import { bodyOf, either } from './fields.js';
import { hostnameOf } from './hostnames.js';
import { selectorsOf, type Tags } from './tags.js';

export type Protocol = 'HTTP' | 'HTTPS' | 'TCP' | 'TLS';

export interface KumaListener {
  readonly port: number;
  readonly protocol: Protocol;
  /** `*`: any. */
  readonly hostname: string;
  /** Of the proxies, as far as the MeshGateway says them, the gateway and the listener. */
  readonly tags: Tags;
  readonly tls?: {
    readonly mode: 'TERMINATE' | 'PASSTHROUGH';
    readonly secrets: readonly string[];
    readonly origin: Origin;
  };
  /** Only other meshes reach it, with certificates of the mesh. */
  readonly crossMesh: boolean;
  readonly origin: Origin;
}

const PROTOCOLS: ReadonlySet<string> = new Set<Protocol>(['HTTP', 'HTTPS', 'TCP', 'TLS']);

export function listenersOf(gateway: Resource): readonly KumaListener[] {
  const { value, path } = bodyOf(gateway);
  const shared = { ...selectorsOf(value)[0], ...stringMapOf(value.tags) };
  return objectsOf(objectOf(value.conf)?.listeners).flatMap((written, i): KumaListener[] => {
    const origin: Origin = { resource: gateway, path: [...path, 'conf', 'listeners', i] };
    const port = numberOf(written.port);
    const protocol = stringOf(written.protocol) ?? '';
    if (port === undefined || !PROTOCOLS.has(protocol)) return [];
    const tls = objectOf(written.tls);
    const mode = stringOf(tls?.mode);
    return [
      {
        port,
        protocol: protocol as Protocol,
        hostname: hostnameOf(stringOf(written.hostname)),
        tags: { ...shared, ...stringMapOf(written.tags) },
        ...((mode === 'TERMINATE' || mode === 'PASSTHROUGH') && {
          tls: {
            mode,
            secrets: objectsOf(tls?.certificates).flatMap((c) => stringOf(c.secret) ?? []),
            origin: at(origin, 'tls'),
          },
        }),
        crossMesh: booleanOf(either(written, 'crossMesh', 'cross_mesh')) === true,
        origin,
      },
    ];
  });
}
