// Which gateway workload takes a gateway's place: its labels. An Istio gateway keeps its own. Those of other dialects become one, Istio's
// standard gateway or the one that --target-gateway names, but for gateways that answer for the same hosts: these stay apart.

import { slug } from '../../../implementations/istio/write/slug.js';
import { type EffectiveGateway, hostPlaces, hostText, isNotFound } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { withoutOwn } from '../../nginx-internal-endpoints.js';
import { covers } from './units.js';

export type Labels = Readonly<Record<string, string>>;

/** The id of the gateway that its workload's labels select. */
export const gatewayId = (labels: Labels): string =>
  Object.entries(labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');

export interface Workloads {
  readonly of: (gateway: EffectiveGateway) => Labels;
  /** Of those that share a workload with others. */
  readonly shared: ReadonlySet<EffectiveGateway>;
  /** Of those that need a workload of their own, beside the first. */
  readonly apart: ReadonlySet<EffectiveGateway>;
}

export function workloadsOf(gateways: readonly EffectiveGateway[], options: WriteOptions): Workloads {
  const usual: Labels = options.targetGateway?.labels ?? { istio: 'ingressgateway' };
  const foreign = gateways.filter((g) => g.dialect !== 'istio');
  // Taken by one that the files have.
  const isTaken =
    options.targetGateway === undefined &&
    gateways.some((g) => g.dialect === 'istio' && g.id === 'istio=ingressgateway');
  const together: EffectiveGateway[] = [];
  const apart = new Set<EffectiveGateway>();
  for (const gateway of foreign)
    if (!isTaken && together.every((other) => canShare(gateway, other, options))) together.push(gateway);
    else apart.add(gateway);
  const labels = new Map<EffectiveGateway, Labels>([
    ...together.map((g) => [g, usual] as const),
    ...[...apart].map((g) => [g, { istio: slug(g.id) }] as const),
  ]);
  return {
    of: (gateway) =>
      labels.get(gateway) ??
      Object.fromEntries(gateway.id.split(',').map((pair) => pair.split('=') as [string, string])),
    shared: new Set(together.length > 1 ? together : []),
    apart,
  };
}

/**
 * Requests are told apart by their hosts, so that rules for every host are nobody else's. On one address all have the same ports open.
 * EnvoyFilters of two would meet in one workload.
 */
function canShare(a: EffectiveGateway, b: EffectiveGateway, { allowEnvoyFilter }: WriteOptions): boolean {
  if (allowEnvoyFilter || [a, b].some(forwardsBytes)) return false;
  const [x, y] = [hostsOf(a), hostsOf(b)];
  if (portsOf(a) !== portsOf(b) || [...x, ...y].includes('*')) return false;
  return x.every((host) => y.every((other) => !covers(host, other) && !covers(other, host)));
}

const forwardsBytes = ({ listeners }: EffectiveGateway): boolean =>
  listeners.some((l) => l.filterChains.some((c) => c.kind === 'l4'));

/** With TLS or without it. */
const portsOf = ({ listeners }: EffectiveGateway): string =>
  listeners
    .map((l) => `${l.port} ${l.filterChains.some((c) => c.tls)}`)
    .sort()
    .join();

const hostsOf = (gateway: EffectiveGateway): string[] => [
  ...new Set(
    [...hostPlaces(gateway)]
      .filter(
        ({ virtualHost: v }) =>
          v.domains.some((d) => d.kind !== 'any') || withoutOwn(v).routes.some((r) => !isNotFound(r)),
      )
      .flatMap(({ virtualHost }) => virtualHost.domains.map(hostText)),
  ),
];
