// Files do not always say which Services exist (docs/decisions/0020): of a namespace that they hold nothing of, and without any
// Service at all, meshgw takes it that destinations do. Istio takes it that what is not there does not exist. So that both are asked
// the same, Istio is given the Services that these destinations name. So it is with an IngressClass: `istio` counts as Istio's where the
// files hold none of that name.
import { stringify } from 'yaml';
import type { ReadOptions } from '../../../src/dialects/dialect.js';
import { readGateways } from '../../../src/dialects/read.js';
import type { Destination, Resource } from '../../../src/model/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { specOf, stringOf, stringsOf } from '../../../src/resources/fields.js';
import { parseSource } from '../../../src/sources/index.js';

/** `yaml` with a Service for each destination that counts as being there, a ServiceEntry for a host outside of the cluster. */
export function withSuppliedServices(yaml: string, options: ReadOptions = {}): string {
  const { resources } = parseSource('input.yaml', yaml);
  const there = new Set(
    resources.flatMap((r) => (r.kind === 'Service' && r.apiVersion === 'v1' ? [`${r.name}.${r.namespace}`] : [])),
  );
  const entries = resources.filter((r) => r.kind === 'ServiceEntry');
  const ofEntries = new Set(entries.flatMap((r) => stringsOf(specOf(r).hosts)));
  const isThere = (host: string): boolean => {
    const [, name, namespace] = CLUSTER_HOST.exec(host) ?? [];
    return name === undefined ? entries.length > 0 : ofEntries.has(host) || there.has(`${name}.${namespace}`);
  };
  const ports = new Map<string, Map<number, string>>();
  const subsets = new Map<string, Set<string>>();
  for (const to of destinationsIn(readGateways(catalogOf(resources), options).gateways)) {
    const { host, port, protocol, missing, subset } = to;
    if (missing !== undefined || isThere(host)) continue;
    ports.set(host, (ports.get(host) ?? new Map()).set(port, protocol === 'tcp' ? 'tcp' : 'http'));
    if (subset) subsets.set(host, (subsets.get(host) ?? new Set()).add(subset));
  }
  const ruled = new Set(resources.filter((r) => r.kind === 'DestinationRule').map((r) => stringOf(specOf(r).host)));
  const supplied = [...ports].flatMap(([host, of]) => [
    stringify(serviceFor(host, of)),
    ...(subsets.has(host) && !ruled.has(host) ? [stringify(ruleFor(host, [...subsets.get(host)!]))] : []),
  ]);
  return [yaml, ...supplied, ...ingressClass(resources)].join('\n---\n');
}

function ingressClass(resources: readonly Resource[]): string[] {
  const named = (kind: string) => resources.filter((r) => r.kind === kind);
  const asked = named('Ingress').some((r) => stringOf(specOf(r).ingressClassName) === 'istio');
  if (!asked || named('IngressClass').some((r) => r.name === 'istio')) return [];
  return [
    stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'istio' },
      spec: { controller: 'istio.io/ingress-controller' },
    }),
  ];
}

/** Of a Service. What has more labels is one of a ServiceEntry. */
const CLUSTER_HOST = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/;

/** Every destination and copy in a part of the model; origins lead back to the objects. */
function destinationsIn(node: unknown): Destination[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'origin') return [];
    return (key === 'to' || key === 'destination') && isDestination(value) ? [value] : destinationsIn(value);
  });
}

const isDestination = (value: unknown): value is Destination =>
  typeof value === 'object' && value !== null && 'host' in value && 'port' in value && typeof value.port === 'number';

/** Of an object for a host. */
const nameFor = (host: string): string => host.replaceAll('*', 'any').toLowerCase();

/** Nobody says either which subsets such a Service has. */
const ruleFor = (host: string, subsets: readonly string[]): object => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: nameFor(host), namespace: CLUSTER_HOST.exec(host)?.[2] ?? 'istio-system' },
  spec: { host, subsets: subsets.map((name) => ({ name, labels: { version: name } })) },
});

function serviceFor(host: string, ports: ReadonlyMap<number, string>): object {
  const [, name, namespace] = CLUSTER_HOST.exec(host) ?? [];
  const named = [...ports].map(([port, protocol]) => ({ port, name: `${protocol}-${port}` }));
  if (name)
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app: name }, ports: named },
    };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: nameFor(host), namespace: 'istio-system' },
    spec: {
      hosts: [host],
      resolution: 'DNS',
      ports: named.map((p) => ({ number: p.port, name: p.name, protocol: p.name.split('-')[0]!.toUpperCase() })),
    },
  };
}
