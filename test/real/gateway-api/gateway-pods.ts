// The Pods of the Gateways: a process of `meshgw serve` stands in for each, with the labels and annotations that meshgw says its workload has.
import { isDeepStrictEqual } from 'node:util';
import { infrastructureOf } from '../../../src/dialects/gateway-api/features/infrastructure.js';
import type { Resource } from '../../../src/model/index.js';
import { readyStatus } from './pods.js';
import type { KubeObject, Store } from './store.js';

const SUFFIX = '-meshgw-0';
const OF_GATEWAY = 'meshgw.example/gateway';

/** One for each of the Gateways, none for others. */
export function keepPods(store: Store, gateways: readonly Resource[]): void {
  const kind = store.kinds.find((k) => k.kind === 'Pod')!;
  const wanted = new Map(gateways.map((g) => [`${g.namespace}/${g.name}${SUFFIX}`, podOf(g)]));
  for (const { metadata } of store.list('Pod')) {
    if (metadata.annotations?.[OF_GATEWAY] === undefined) continue;
    const pod = wanted.get(`${metadata.namespace}/${metadata.name}`);
    const { labels, annotations } = metadata;
    if (pod !== undefined && isDeepStrictEqual([labels, annotations], [pod.metadata.labels, pod.metadata.annotations]))
      wanted.delete(`${metadata.namespace}/${metadata.name}`);
    else store.remove(kind, metadata.namespace, metadata.name);
  }
  for (const pod of wanted.values())
    if (store.find('Namespace', undefined, pod.metadata.namespace ?? '') !== undefined)
      store.updateStatus(kind, { metadata: store.create(kind, pod).metadata, status: readyStatus('127.0.0.1') });
}

function podOf(gateway: Resource): KubeObject {
  const { labels, annotations } = infrastructureOf(gateway, {});
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${gateway.name}${SUFFIX}`,
      namespace: gateway.namespace,
      labels: { ...labels },
      annotations: { ...annotations, [OF_GATEWAY]: gateway.name },
    },
    spec: { containers: [{ name: 'meshgw', image: 'meshgw' }] },
  };
}
