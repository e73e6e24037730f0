// The gateways of the page's data, as the simulator takes them.

import type { EffectiveGateway, Json, Origin, Position } from '../model/index.js';
import type { PageData } from '../report/html/page-data.js';

export interface Revived {
  readonly gateways: readonly EffectiveGateway[];
  readonly locate: (origin: Origin) => Position;
}

export function revive({
  gateways,
  origins,
  virtualHosts,
}: Pick<PageData, 'gateways' | 'origins' | 'virtualHosts'>): Revived {
  const positions = new WeakMap<Origin, Position>();
  const allOrigins = origins.places.map(([resource, file, line, column, path]): Origin => {
    const origin = { resource: origins.resources[resource], path } as unknown as Origin;
    positions.set(origin, { file: origins.files[file]!, line, column });
    return origin;
  });
  const hosts: unknown[] = [];
  const revived = (value: Json): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item: Json) => revived(item));
    const object = value as { readonly [key: string]: Json };
    if (typeof object.$o === 'number') return allOrigins[object.$o];
    if (typeof object.$v === 'number') return (hosts[object.$v] ??= revived(virtualHosts[object.$v]!));
    return Object.fromEntries(Object.entries(object).map(([key, v]) => [key, revived(v)]));
  };
  return {
    gateways: gateways.map(
      ({ id, dialect, engine, model }) =>
        ({ id, dialect, engine, ...(revived(model) as object) }) as unknown as EffectiveGateway,
    ),
    locate: (origin) => positions.get(origin) ?? { file: '', line: 0, column: 0 },
  };
}
