// The cluster that Traefik is told of: the objects of a file, with what the files of a configuration do not hold: Secrets of
// its certificates, and endpoints, each at the echo, under an address of the loopback network that names the Service's port.
import { parseAllDocuments } from 'yaml';
import type { Pair } from '../certificate.js';
import type { KubeObject } from '../kube-api.js';

export interface Cluster {
  readonly objects: readonly KubeObject[];
  /** Service and port behind an address of an endpoint. */
  readonly serviceAt: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

interface Service extends KubeObject {
  readonly spec?: { readonly type?: string; readonly ports?: readonly ServicePort[] };
}

/** @param echoPort where every endpoint listens, at any address of the loopback network */
export function clusterOf(yaml: string, echoPort: number, pair: Pair): Cluster {
  const given = parseAllDocuments(yaml, { version: '1.1' }).flatMap((document) => {
    const object = JSON.parse(JSON.stringify(document.toJS())) as KubeObject | null;
    return object?.kind ? [withData(inNamespace(object))] : [];
  });
  const serviceAt = new Map<string, { host: string; port: number }>();
  const addressOf = (service: string, namespace: string, port: number): string => {
    const n = serviceAt.size;
    const address = `127.90.${Math.floor(n / 250)}.${(n % 250) + 1}`;
    serviceAt.set(address, { host: `${service}.${namespace}.svc.cluster.local`, port });
    return address;
  };
  const services = given.filter((o): o is Service => o.kind === 'Service' && o.apiVersion === 'v1');
  const slices = given.filter((o) => o.kind === 'EndpointSlice');
  const endpoints = services.flatMap((service) => {
    const { name, namespace = 'default' } = service.metadata;
    if (service.spec?.type === 'ExternalName') return [];
    const own = slices.filter(
      (s) => s.metadata.namespace === namespace && labelsOf(s)['kubernetes.io/service-name'] === name,
    );
    return (service.spec?.ports ?? []).flatMap((port) => {
      const conditions = own.length > 0 ? own.flatMap((s) => conditionsOf(s, port)) : [{ ready: true }];
      return conditions.length === 0
        ? []
        : [
            sliceOf(
              { name, namespace },
              port,
              { address: addressOf(name, namespace, port.port), port: echoPort },
              conditions,
            ),
          ];
    });
  });
  const kept = given.filter((o) => o.kind !== 'EndpointSlice');
  return { objects: [...kept.map(withLoopbackAddress), ...endpoints, ...missingSecrets(kept, pair)], serviceAt };
}

const CLUSTER_SCOPED = /^(Namespace|IngressClass|GatewayClass|Node)$/;

const inNamespace = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...(CLUSTER_SCOPED.test(object.kind) ? {} : { namespace: 'default' }),
    creationTimestamp: '2026-01-01T00:00:00Z',
    resourceVersion: '1',
    uid: `${object.kind}/${object.metadata.namespace ?? 'default'}/${object.metadata.name}`,
    ...object.metadata,
  },
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The API server keeps `stringData` of a Secret as `data`. */
function withData({ stringData, ...object }: KubeObject): KubeObject {
  if (object.kind !== 'Secret' || !stringData) return { ...object, ...(stringData ? { stringData } : {}) };
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64(String(text))]);
  return { ...object, data: { ...(object.data as object | undefined), ...Object.fromEntries(encoded) } };
}

const labelsOf = (o: KubeObject) => (o.metadata.labels ?? {}) as Readonly<Record<string, string>>;

interface Endpoints extends KubeObject {
  readonly ports?: readonly { readonly name?: string }[];
  readonly endpoints?: readonly { readonly conditions?: object }[];
}

/** Conditions of the endpoints that a slice of the file has for a port. */
const conditionsOf = (slice: Endpoints, port: ServicePort): object[] =>
  slice.ports?.some((p) => (p.name ?? '') === (port.name ?? ''))
    ? (slice.endpoints ?? []).map((e) => e.conditions ?? {})
    : [];

/** Several endpoints have one address: which of them answers is not asked. */
const sliceOf = (
  service: { readonly name: string; readonly namespace: string },
  port: ServicePort,
  echo: { readonly address: string; readonly port: number },
  conditions: readonly object[],
): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `${service.name}-${port.port}`,
    namespace: service.namespace,
    labels: { 'kubernetes.io/service-name': service.name },
    resourceVersion: '1',
  },
  addressType: 'IPv4',
  ports: [{ name: port.name ?? '', port: echo.port, protocol: port.protocol ?? 'TCP' }],
  endpoints: conditions.map((c) => ({ addresses: [echo.address], conditions: c })),
});

/** A Service that is reached at its own address is reached on this machine. */
const withLoopbackAddress = (object: KubeObject): KubeObject => {
  const spec = object.spec as { clusterIP?: string } | undefined;
  const reached = object.kind === 'Service' && spec !== undefined && spec.clusterIP !== 'None';
  return reached ? { ...object, spec: { ...spec, clusterIP: '127.91.0.1' } } : object;
};

/** Secrets that `spec.tls` names and the file lacks, but for names that say they are missing. */
function missingSecrets(objects: readonly KubeObject[], pair: Pair): KubeObject[] {
  const key = (namespace: unknown, name: unknown) => `${namespace}/${name}`;
  const known = new Set(
    objects.filter((o) => o.kind === 'Secret').map((o) => key(o.metadata.namespace, o.metadata.name)),
  );
  const wanted = new Map<string, KubeObject>();
  for (const { metadata, spec } of objects) {
    const tls = (spec as { tls?: unknown } | undefined)?.tls;
    for (const { secretName } of [tls ?? []].flat() as { secretName?: string }[]) {
      const at = key(metadata.namespace, secretName);
      if (!secretName || secretName.startsWith('missing') || known.has(at)) continue;
      wanted.set(at, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secretName, namespace: metadata.namespace ?? 'default', resourceVersion: '1' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.key) },
      });
    }
  }
  return [...wanted.values()];
}
