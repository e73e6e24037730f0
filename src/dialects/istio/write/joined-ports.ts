// One VirtualService per host: what a host has on a second port stands in the same object, behind the rules of the first, which name
// their port. The rules of the second name theirs only where a rule of the first would take their requests.

import type { Route } from '../../../model/index.js';
import type { HttpRule } from './rule-list.js';

interface Service<G> {
  readonly hosts: readonly string[];
  readonly rules: readonly HttpRule[];
  readonly routes: readonly Route[];
  readonly gateways: G[];
}

interface Bound {
  readonly units: readonly { readonly port: number }[];
  readonly selector: Readonly<Record<string, string>>;
}

/** Services of the same hosts on one port each are one. In the order of the first of each. */
export function joinedPorts<G extends Bound>(services: readonly Service<G>[]): Service<G>[] {
  const joined = new Map<string, Service<G>[]>();
  for (const service of services) {
    const workloads = new Set(service.gateways.map((g) => JSON.stringify(g.selector)));
    const key = JSON.stringify([service.hosts, [...workloads]]);
    const list = joined.get(key) ?? [];
    joined.set(key, list);
    const used = new Set(list.flatMap(portsOf));
    const [port, ...others] = portsOf(service);
    const isApart = port === undefined || others.length > 0 || used.has(port) || used.size !== list.length;
    list.push(service);
    if (isApart && list.length > 1) joined.set(`${key} ${joined.size}`, [list.pop()!]);
  }
  return [...joined.values()].map((list) => (list.length === 1 ? list[0]! : together(list)));
}

const portsOf = ({ gateways }: Service<Bound>): number[] => [
  ...new Set(gateways.flatMap((g) => g.units.map((u) => u.port))),
];

function together<G extends Bound>(list: readonly Service<G>[]): Service<G> {
  const sorted = list.toSorted((a, b) => portsOf(a)[0]! - portsOf(b)[0]!);
  const last = sorted.at(-1)!;
  // A rule for every request of its port leaves none to the rules behind it.
  const isOpen = sorted.slice(0, -1).some(({ rules }) => rules.at(-1)?.match !== undefined);
  const ruled = sorted.map((s) =>
    s === last && !isOpen ? s.rules : s.rules.map((rule) => atPort(rule, portsOf(s)[0]!)),
  );
  return {
    hosts: list[0]!.hosts,
    rules: ruled.flat(),
    routes: sorted.flatMap((s) => s.rules.map((_, i) => s.routes[i]!)),
    gateways: sorted.flatMap((s) => s.gateways),
  };
}

function atPort({ name, match, ...rest }: HttpRule, port: number): HttpRule {
  const matches = match?.length ? match.map((m) => ({ port, ...m })) : [{ port }];
  return { ...(name === undefined ? {} : { name }), match: matches, ...rest };
}
