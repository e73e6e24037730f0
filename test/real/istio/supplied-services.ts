// Files without any Service do not say which exist (docs/design.md): meshgw takes it that destinations do. Istio takes it that
// none does. So that both are asked the same, Istio is given the Services that the destinations name.
import { stringify } from 'yaml';
import { readGateways } from '../../../src/dialects/read.js';
import type { Destination } from '../../../src/model/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { parseSource } from '../../../src/sources/index.js';

/** `yaml`, where it has no Service with one for each destination, a ServiceEntry for a host outside of the cluster. */
export function withSuppliedServices(yaml: string): string {
  const { resources } = parseSource('input.yaml', yaml);
  if (resources.some((r) => r.kind === 'Service' && r.apiVersion === 'v1')) return yaml;
  const ports = new Map<string, Map<number, string>>();
  for (const { host, port, protocol } of destinationsIn(readGateways(catalogOf(resources)).gateways))
    ports.set(host, (ports.get(host) ?? new Map()).set(port, protocol === 'tcp' ? 'tcp' : 'http'));
  const supplied = [...ports].map(([host, of]) => stringify(serviceFor(host, of)));
  return [yaml, ...supplied].join('\n---\n');
}

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

function serviceFor(host: string, ports: ReadonlyMap<number, string>): object {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
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
    metadata: { name: host.replaceAll('*', 'any'), namespace: 'istio-system' },
    spec: {
      hosts: [host],
      resolution: 'DNS',
      ports: named.map((p) => ({ number: p.port, name: p.name, protocol: p.name.split('-')[0]!.toUpperCase() })),
    },
  };
}
