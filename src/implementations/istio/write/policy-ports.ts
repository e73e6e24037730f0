// The ports of policies that a translation writes: none where every port of the gateway has the rule, else those of the gateway's pods.
// A rule with a port that nobody listens on guards nothing.

import type { DenyRule } from './deny-rules.js';

/** Istio's own installations: with `istioctl install` the Service sends 80 and 443 to these ports, with the Helm chart to their own. */
const INSTALLED: ReadonlyMap<number, number> = new Map([
  [80, 8080],
  [443, 8443],
]);

/** Where the gateway may listen whose Service the files do not hold. */
export function installedPorts(port: number): readonly number[] {
  const other = INSTALLED.get(port);
  return other === undefined ? [port] : [port, other];
}

/** Rules that differ in their ports alone are one. `all`: the ports of the gateway; `podsOf`: those of its pods for one of them. */
export function withPodPorts(
  rules: readonly DenyRule[],
  all: readonly number[],
  podsOf: (port: number) => readonly number[],
): DenyRule[] {
  const joined = new Map<string, { readonly rule: DenyRule; readonly ports: Set<string> }>();
  for (const rule of rules) {
    const key = JSON.stringify({ ...rule, to: rule.to.map(({ operation: { ports: _, ...rest } }) => rest) });
    const known = joined.get(key) ?? { rule, ports: new Set() };
    joined.set(key, known);
    for (const { operation } of rule.to) for (const port of operation.ports ?? []) known.ports.add(port);
  }
  return [...joined.values()].map(({ rule, ports }) => {
    const everywhere = ports.size === 0 || all.every((p) => ports.has(`${p}`));
    const pods = [...new Set([...ports].flatMap((p) => podsOf(Number(p))))].map(String);
    return {
      from: rule.from,
      to: rule.to.map(({ operation: { ports: _, ...rest } }) => ({
        operation: everywhere ? rest : { ...rest, ports: pods },
      })),
    };
  });
}
