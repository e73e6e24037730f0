// On which port of its pod a gateway listens, and on which ports clients meet it: the Service before it says both (resolvePorts in
// pilot/pkg/model/gateway.go, Istio source of 2026-08-22). The ports of an AuthorizationPolicy are those of the pod.

import type { AuthorizationCondition, AuthorizationPolicy, AuthorizationRule, JsonObject } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareText, objectOf, objectsOf, specOf, stringMapOf } from '../../resources/fields.js';
import { type ServiceView, serviceView } from '../../resources/services.js';
import { type GatewayWorkload, labelsInclude } from './destination-rules.js';

/** One TCP port of a Service before the gateway. */
interface Mapping {
  readonly port: number;
  readonly pod: number;
  /** Istio looks for the port of a Gateway among those of this Service. */
  readonly translated: boolean;
}

export interface PodPorts {
  /** Ports of the pod for a port of the gateway; empty: the files hold no Service that says it. */
  of(port: number): readonly number[];
  /** Where a server with this port listens. */
  listening(port: number): number;
  /** The ports on which clients reach a port of the pod; without a Service for it that port itself, where nothing else has its number. */
  clients(pod: number): readonly number[];
}

const UNTRANSLATED = 'experimental.istio.io/disable-gateway-port-translation';

export function podPortsOf(catalog: Catalog, workload: GatewayWorkload): PodPorts {
  const all = servicesBefore(catalog, workload).flatMap((service) => mappings(catalog, service));
  const sorted = (ports: readonly number[]) => [...new Set(ports)].sort((a, b) => a - b);
  return {
    of: (port) => sorted(all.filter((m) => m.port === port).map((m) => m.pod)),
    listening: (port) => all.find((m) => m.translated && m.port === port)?.pod ?? port,
    clients(pod) {
      const ports = sorted(all.filter((m) => m.pod === pod).map((m) => m.port));
      return ports.length > 0 || all.some((m) => m.port === pod) ? ports : [pod];
    },
  };
}

/** Services that select the gateway's pods; where no pod is known, those that select all that its Gateways do. */
function servicesBefore(catalog: Catalog, { namespace, labels, assumed }: GatewayWorkload): ServiceView[] {
  return catalog
    .ofKind('/Service')
    .map(serviceView)
    .filter(({ resource, selector }) => {
      if (Object.keys(selector).length === 0) return false;
      if (resource.namespace === namespace && labelsInclude(labels, selector)) return true;
      return assumed === true && Object.keys(labels).length > 0 && labelsInclude(selector, labels);
    })
    .sort(
      (a, b) =>
        compareText(a.resource.namespace, b.resource.namespace) || compareText(a.resource.name, b.resource.name),
    );
}

function mappings(catalog: Catalog, service: ServiceView): Mapping[] {
  const translated = service.resource.labels[UNTRANSLATED] === undefined;
  return service.ports.flatMap(({ port, targetPort, protocol }) => {
    const pod = typeof targetPort === 'number' ? targetPort : containerPort(catalog, service, targetPort);
    return protocol === 'TCP' && pod !== undefined ? [{ port, pod, translated }] : [];
  });
}

const WORKLOADS = ['apps/Deployment', 'apps/DaemonSet', 'apps/StatefulSet', '/Pod'];

/** The port of a container that a name means, where the files hold the pods. */
function containerPort(catalog: Catalog, { resource: { namespace }, selector }: ServiceView, name: string) {
  for (const kind of WORKLOADS)
    for (const workload of catalog.ofKind(kind)) {
      if (workload.namespace !== namespace) continue;
      const template = objectOf(specOf(workload).template);
      const pod = kind === '/Pod' ? workload.object : template;
      const labels = kind === '/Pod' ? workload.labels : stringMapOf(objectOf(template?.metadata)?.labels);
      const port = labelsInclude(labels, selector) ? namedPort(pod, name) : undefined;
      if (port !== undefined) return port;
    }
  return undefined;
}

function namedPort(pod: JsonObject | undefined, name: string): number | undefined {
  for (const container of objectsOf(objectOf(pod?.spec)?.containers))
    for (const port of objectsOf(container.ports))
      if (port.name === name && typeof port.containerPort === 'number') return port.containerPort;
  return undefined;
}

/** The policies as requests to `port` of the gateway meet them, which come to `pods` of the pod. */
export function atPodPorts(
  policies: readonly AuthorizationPolicy[],
  port: number,
  pods: readonly number[],
): readonly AuthorizationPolicy[] {
  if (pods.length === 0 || (pods.length === 1 && pods[0] === port)) return policies;
  const here = (ports: readonly number[]) => (ports.some((p) => pods.includes(p)) ? [port] : []);
  const condition = (c: AuthorizationCondition): AuthorizationCondition => {
    if (c.test.on !== 'port') return c;
    const { values, notValues } = c.test;
    const test = {
      ...c.test,
      ...(values && { values: here(values) }),
      ...(notValues && { notValues: here(notValues) }),
    };
    return { ...c, test };
  };
  const all = (list: readonly AuthorizationCondition[]) => list.map(condition);
  const rule = (r: AuthorizationRule): AuthorizationRule => ({
    ...r,
    from: r.from.map(all),
    to: r.to.map(all),
    when: all(r.when),
  });
  return policies.map((p) => ({ ...p, rules: p.rules.map(rule) }));
}
