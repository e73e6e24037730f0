// The Services of the cluster: each has an address of the loopback network, and its ports lead to ready Pods in turn, as kube-proxy does it.
import { createConnection, createServer, type Server } from 'node:net';
import type { Pods } from './pods.js';
import type { Fields, KubeObject, Store } from './store.js';

export interface Services {
  /** Of a Service that may come later. */
  addressOf(namespace: string, name: string): string;
  /** A ready Pod of a Service and its port. */
  podOf(namespace: string, name: string, port: number): Backend | undefined;
  close(): void;
}

export interface Backend {
  readonly pod: string;
  /** Of this machine. */
  readonly port: number;
  /** What the Pod itself calls it. */
  readonly ofPod: number;
}

/** `listens`: on its addresses; false: only `podOf` is asked. */
export function startServices(store: Store, pods: Pods, listens: boolean): Services {
  const addresses = new Map<string, string>();
  const servers = new Map<string, Server>();
  let turn = 0;

  const addressOf = (namespace: string, name: string): string => {
    const key = `${namespace}/${name}`;
    const n = addresses.size + 1;
    const address = addresses.get(key) ?? `127.89.${n >> 8}.${n & 255}`;
    addresses.set(key, address);
    return address;
  };

  const podOf = (namespace: string, name: string, number: number): Backend | undefined => {
    const service = store.find('Service', namespace, name);
    const port = (service?.spec?.ports ?? []).find((p: Fields) => p.port === number);
    if (service === undefined || port === undefined) return undefined;
    const ready = endpoints(store, service, port).flatMap((e): Backend[] => {
      const found = pods.portOf(namespace, e.pod, e.port);
      return found === undefined ? [] : [{ pod: e.pod, port: found, ofPod: e.port }];
    });
    return ready[turn++ % ready.length];
  };

  const open = (namespace: string, name: string, port: number): Server => {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const to = podOf(namespace, name, port)?.port;
      client.on('error', () => client.destroy());
      if (to === undefined) {
        client.resetAndDestroy();
        return;
      }
      const pod = createConnection({ host: '127.0.0.1', port: to, allowHalfOpen: true });
      pod.on('error', () => client.resetAndDestroy());
      pod.on('close', (failed) => failed || client.end());
      client.on('close', () => pod.destroy());
      client.pipe(pod).pipe(client);
    });
    server.on('error', (error) => console.error(`Service ${namespace}/${name}:${port}: ${error.message}`));
    return server.listen(port, addressOf(namespace, name));
  };

  const reconcile = (): void => {
    const wanted = new Map(
      store
        .list('Service')
        .flatMap(({ metadata: { namespace = '', name }, spec }) =>
          (spec?.ports ?? []).flatMap((p: Fields): [string, () => Server][] =>
            p.protocol === 'TCP' ? [[`${namespace}/${name}:${p.port}`, () => open(namespace, name, p.port)]] : [],
          ),
        ) as [string, () => Server][],
    );
    for (const [key, server] of servers) {
      if (wanted.has(key)) continue;
      servers.delete(key);
      server.close();
    }
    for (const [key, make] of wanted) if (!servers.has(key)) servers.set(key, make());
  };
  if (listens) store.onChange(reconcile);

  return {
    addressOf,
    podOf,
    close() {
      for (const server of servers.values()) server.close();
    },
  };
}

interface Endpoint {
  readonly pod: string;
  /** Of the Pod. */
  readonly port: number;
}

/** Of the selected Pods; of a Service without a selector, what its EndpointSlices name. */
function endpoints(store: Store, { metadata, spec }: KubeObject, port: Fields): Endpoint[] {
  const { namespace, name } = metadata;
  if (spec.selector !== undefined) {
    const wanted = Object.entries(spec.selector as Record<string, string>);
    return store
      .list('Pod', namespace)
      .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
      .map((pod) => ({ pod: pod.metadata.name, port: Number(port.targetPort) }));
  }
  const byAddress = new Map(store.list('Pod').map((pod) => [pod.status?.podIP, pod.metadata.name]));
  return store
    .list('EndpointSlice', namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => {
      const named = (slice.ports ?? []).find((p: Fields) => (p.name ?? '') === (port.name ?? ''));
      return (slice.endpoints ?? []).flatMap((endpoint: Fields): Endpoint[] => {
        const pod = byAddress.get(endpoint.addresses?.[0]);
        return pod === undefined || named === undefined ? [] : [{ pod, port: named.port }];
      });
    });
}
