// The ports of policies that a translation writes: none where every port of the gateway has the rule, else those of the gateway's pods.
// A rule with a port that nobody listens on guards nothing. Of a connection whose bytes are forwarded a DENY policy passes over hosts and
// paths, and would turn all of them away: rules do not apply to the server names of such connections (passed-names.ts).

import type { Listener } from '../../../model/index.js';
import type { DenyRule } from './deny-rules.js';
import { type PassedNames, passedNames } from './passed-names.js';

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

/**
 * Rules that differ in their ports alone are one. `listeners`: those of the gateways that the policy is for; `podsOf`: the ports of their
 * pods for one of them.
 */
export function withPodPorts(
  rules: readonly DenyRule[],
  listeners: readonly Listener[],
  podsOf: (port: number) => readonly number[],
): DenyRule[] {
  const speaking = listeners.filter(({ filterChains }) => filterChains.some((c) => c.kind === 'http'));
  const passed = passedNames(listeners);
  const joined = new Map<string, { readonly rule: DenyRule; readonly ports: Set<number> }>();
  for (const rule of rules) {
    const key = JSON.stringify({ ...rule, to: rule.to.map(({ operation: { ports: _, ...rest } }) => rest) });
    const known = joined.get(key) ?? { rule, ports: new Set() };
    joined.set(key, known);
    for (const { operation } of rule.to) for (const port of operation.ports ?? []) known.ports.add(Number(port));
  }
  return [...joined.values()].flatMap(({ rule, ports }) => {
    const everywhere = ports.size === 0 || speaking.every(({ port }) => ports.has(port));
    if (everywhere && passed.all) return [ruleAt(rule, passed.all)];
    const here = everywhere ? new Set(speaking.map(({ port }) => port)) : ports;
    return byNames(here, passed).map(([names, some]) => ruleAt(rule, names, [...new Set(some.flatMap(podsOf))]));
  });
}

/** The ports with the same names are together. */
function byNames(ports: ReadonlySet<number>, { on }: PassedNames): [readonly string[], number[]][] {
  const groups = new Map<string, [readonly string[], number[]]>();
  for (const port of ports) {
    const names = on(port);
    const key = JSON.stringify(names);
    const group = groups.get(key);
    if (group) group[1].push(port);
    else groups.set(key, [names, [port]]);
  }
  return [...groups.values()];
}

/** `ports`: absent: all. */
const ruleAt = (rule: DenyRule, names: readonly string[], ports?: readonly number[]): DenyRule => ({
  from: rule.from,
  to: rule.to.map(({ operation: { ports: _, ...rest } }) => ({
    operation: ports ? { ...rest, ports: ports.map(String) } : rest,
  })),
  ...(names.length > 0 ? { when: [{ key: 'connection.sni', notValues: names }] } : {}),
});
