// On which port of its pod a gateway listens: where the Service before it sends its port (resolvePorts in pilot/pkg/model/gateway.go,
// Istio source of 2026-08-22). The ports of an AuthorizationPolicy are those of the pod.

import type { AuthorizationCondition, AuthorizationPolicy, AuthorizationRule } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { serviceView } from '../../resources/services.js';
import { type GatewayWorkload, labelsInclude } from './destination-rules.js';

/** Ports of the pod for a port of the gateway; empty: the files hold no Service that says it. */
export function podPorts(catalog: Catalog, { namespace, labels }: GatewayWorkload, port: number): readonly number[] {
  const found = new Set<number>();
  for (const resource of catalog.ofKind('/Service')) {
    const { selector, ports } = serviceView(resource);
    if (resource.namespace !== namespace || Object.keys(selector).length === 0 || !labelsInclude(labels, selector))
      continue;
    for (const p of ports) if (p.port === port && typeof p.targetPort === 'number') found.add(p.targetPort);
  }
  return [...found].sort((a, b) => a - b);
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
