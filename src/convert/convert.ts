// A translation: the meaning of the source's objects, said by the target's writer, with the books of what became of each field.

import { CannotRunError } from '../diagnostics/index.js';
import type { Dialect, ReadNote, ReadOptions, WriteOptions, WriteResult } from '../dialects/dialect.js';
import { readGateways } from '../dialects/read.js';
import { profileOf } from '../dialects/registry.js';
import type { EffectiveGateway, Origin } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { account } from './account.js';
import { type ConversionItem, itemOf } from './item.js';
import { askForPorts } from './named-ports.js';
import { asSeenBy, type Source, type Target, translated } from './scope.js';

export interface Translation {
  readonly from: Source;
  readonly to: Target;
  readonly objects: WriteResult['objects'];
  readonly origins: ReadonlyMap<object, Origin>;
  /** Comments on objects of the output. */
  readonly remarks: ReadonlyMap<object, string>;
  /** One per field of the source, losses first. */
  readonly items: readonly ConversionItem[];
  /** Source gateway id → id of the gateway in the output that takes its place. */
  readonly renamed: ReadonlyMap<string, string>;
  /** What was translated. */
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
}

/** Writers that are not readers: an Envoy bootstrap is an output only. */
export type Writers = (to: Target) => Dialect['write'];

/** Throws CannotRunError where the files hold nothing of the source dialect. */
export function convert(
  catalog: Catalog,
  from: Source,
  to: Target,
  writers: Writers,
  read: ReadOptions,
  written: WriteOptions,
): Translation {
  const resources = translated(catalog, from);
  if (resources.length === 0) {
    const { wanted } = profileOf(from).source ?? { wanted: from };
    throw new CannotRunError(
      `the files hold no ${wanted}`,
      `meshgw convert ${from}-to-${to} translates ${wanted} objects`,
    );
  }
  const write = writers(to);
  if (!write) throw new CannotRunError(`there is no translation from ${from} to ${to}`);
  const seen = asSeenBy(catalog, from);
  const { gateways, notes } = readGateways(seen, read);
  const behind = gateways.filter((g) => !g.direct);
  const { gateways: own, items: asked } = to === 'ingress' ? { gateways: behind, items: [] } : askForPorts(behind);
  const options = { ...(read.implementation ? { implementation: read.implementation } : {}), ...written };
  const result = write(own, seen, options);
  return {
    from,
    to,
    objects: result.objects,
    origins: result.origins ?? new Map(),
    remarks: result.remarks ?? new Map(),
    renamed: result.renamed ?? new Map(),
    items: account(resources, [...asked, ...result.items.map(itemOf)]),
    gateways: own,
    notes,
  };
}
