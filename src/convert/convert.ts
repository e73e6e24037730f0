// A translation: the meaning of the source's objects, said by the target's writer, with the books of what became of each field.

import { CannotRunError } from '../diagnostics/index.js';
import type { Dialect, ReadNote, ReadOptions, WriteOptions, WriteResult } from '../dialects/dialect.js';
import { dialects } from '../dialects/index.gen.js';
import { readGateways } from '../dialects/read.js';
import { profileOf } from '../dialects/registry.js';
import {
  chainPlaces,
  type DialectName,
  type EffectiveGateway,
  holderOf,
  type JsonObject,
  type Origin,
  type Resource,
  routesOf,
} from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { account } from './books/account.js';
import { fieldsByPattern } from './books/field-paths.js';
import {
  type Closed,
  type Closing,
  closedFor,
  NOTHING_CLOSED,
  withClosed,
  withClosedItems,
  withOpen,
} from './closed.js';
import { withEscapedPaths } from './escaped-paths.js';
import { withForwardedHeaders } from './forwarded-headers.js';
import { type ConversionItem, isLoss, itemOf } from './item.js';
import { missingParents } from './missing-parents.js';
import { askForPorts } from './named-ports.js';
import { asSeenBy, dialectOf, type Source, type Target, translated } from './scope.js';
import { staysBehind } from './stays-behind.js';
import { withoutUnmetChains } from './unmet-chains.js';

export interface Translation extends Direction {
  readonly objects: WriteResult['objects'];
  readonly origins: ReadonlyMap<object, Origin>;
  /** Comments on objects of the output. */
  readonly remarks: ReadonlyMap<object, string>;
  /** For the installation of the control plane, beside the objects. */
  readonly installation?: JsonObject;
  /** One per field of the source, losses first. */
  readonly items: readonly ConversionItem[];
  /** Source gateway id → id of the gateway in the output that takes its place. */
  readonly renamed: ReadonlyMap<string, string>;
  /** What was translated. */
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
}

/** What is read, and what is written. */
export interface Direction {
  readonly from: Source;
  readonly to: Target;
}

/** The dialect that is written. */
export type Writers = (to: Target) => Dialect | undefined;

/** Throws CannotRunError where the files hold nothing of the source dialect. */
export function convert(
  catalog: Catalog,
  { from, to }: Direction,
  writers: Writers,
  read: ReadOptions,
  written: WriteOptions,
): Translation {
  const resources = translated(catalog, from, read);
  if (resources.length === 0) {
    const { wanted } = profileOf(from).source ?? { wanted: from };
    throw new CannotRunError(
      `the files hold no ${wanted}`,
      `meshgw convert ${from}-to-${to} translates ${wanted} objects`,
    );
  }
  const target = writers(to);
  if (!target?.write || !target.accounts || !target.closed)
    throw new CannotRunError(`there is no translation from ${from} to ${to}`);
  const writer = { write: target.write, accounts: target.accounts, closed: target.closed };
  const seen = asSeenBy(catalog, from, read);
  const { gateways, notes } = readGateways(seen, read);
  const translatable = gateways.filter((g) => !g.direct);
  const named = dialectNamed(from)?.withServices?.(translatable, seen, read);
  const { gateways: behind, items: unmet } = withoutUnmetChains(named?.gateways ?? translatable);
  const able = profileOf(to).target;
  const { gateways: numbered, items: asked } = able?.asWritten
    ? { gateways: behind, items: [] }
    : askForPorts(behind.map(withEscapedPaths), able?.findsOnlyPort === true);
  if (written.forwardedHeaders && !able?.writesOperators(read.implementation))
    throw new CannotRunError(
      '--forwarded-headers is for Istio and Envoy, and the Gateway API of Istio: other targets have no values of the request in headers',
      'leave the flag out; the report names the headers that destinations no longer get',
    );
  const own = written.forwardedHeaders
    ? numbered.map((g) => withForwardedHeaders(g, dialectNamed(g.dialect)?.forwardedHeaders))
    : numbered;
  const options = { ...(read.implementation ? { implementation: read.implementation } : {}), ...written };
  const readers = readersOf(own);
  // Other dialects are read only where the files hold some.
  const others = catalog.all.some((r) => dialectOf(r) !== undefined && dialectOf(r) !== from);
  const all = others ? readGateways(catalog, read).gateways : [];
  const moving = new Set(resources);
  const renaming = (named?.items ?? []).map(itemOf);
  const before = [...renaming, ...unmet, ...asked, ...missingParents(seen, resources)];
  const attempt = (closed: Closed): { readonly result: WriteResult; readonly items: readonly ConversionItem[] } => {
    const result = writer.write(withClosed(own, closed), seen, options);
    // What the output binds to the same workload is served beside what is there.
    const leaving = own.filter((g) => (result.renamed?.get(g.id) ?? g.id) !== g.id || to !== g.dialect);
    const stays = [
      ...staysBehind(all, leaving, { from, translated: moving }),
      ...resources.flatMap((r) => dialectNamed(from)?.leaves?.(r) ?? []),
    ];
    const items = account({
      resources,
      gateways: own,
      closed,
      accounts: writer.accounts,
      fieldsOf: (resource) => {
        const reader = dialectNamed(readers.get(resource) ?? from);
        return (
          reader?.fields?.(resource) ??
          fieldsByPattern(resource, reader?.feeds?.(resource, seen) ?? {}, reader?.settings?.(resource))
        );
      },
      readerOf: (resource) => readers.get(resource),
      options,
      rules: result.rules,
      items: withClosedItems([...before, ...[...result.items, ...stays].map(itemOf)], closed),
    });
    return { result, items };
  };
  const { result, items } = closedUntilNothingIsOpen(attempt, own, {
    close: writer.closed,
    isOpen: ({ key, feature }) =>
      options.failOpen === true || [key, feature].some((name) => options.openFor?.includes(name)),
  });
  return {
    from,
    to,
    objects: result.objects,
    origins: result.origins ?? new Map(),
    remarks: result.remarks ?? new Map(),
    ...(result.installation ? { installation: result.installation } : {}),
    renamed: result.renamed ?? new Map(),
    items,
    gateways: own,
    notes,
  };
}

/** What is closed may be left out by the writer, so that others take its requests: again, until nothing has to be closed besides. */
function closedUntilNothingIsOpen<A extends { readonly items: readonly ConversionItem[] }>(
  attempt: (closed: Closed) => A,
  gateways: readonly EffectiveGateway[],
  closing: Closing,
): A {
  let closed = NOTHING_CLOSED;
  for (;;) {
    const found = attempt(closed);
    const losses = found.items.filter(isLoss);
    const more = closedFor(gateways, losses, closed, closing);
    if (more === closed) {
      const open = withOpen(gateways, losses, closed, closing);
      return open === closed ? found : { ...found, items: withClosedItems(found.items, open) };
    }
    closed = more;
  }
}

const dialectNamed = (name: DialectName): Dialect | undefined => dialects.find((d) => d.name === name);

/** The dialect of the gateways that an object has rules or listeners in. */
function readersOf(gateways: readonly EffectiveGateway[]): Map<Resource, DialectName> {
  const readers = new Map<Resource, DialectName>();
  const put = (origin: Origin | undefined, dialect: DialectName) => {
    if (origin && !readers.has(holderOf(origin.resource))) readers.set(holderOf(origin.resource), dialect);
  };
  for (const gateway of gateways) {
    for (const { listener, chain } of chainPlaces(gateway))
      for (const origin of [listener.origin, chain.origin]) put(origin, gateway.dialect);
    for (const { origin, matchOrigin, shapedBy = [], action } of routesOf(gateway)) {
      for (const o of [origin, matchOrigin, ...shapedBy]) put(o, gateway.dialect);
      if (action.kind === 'forward') for (const d of action.destinations) put(d.origin ?? d.to.origin, gateway.dialect);
    }
  }
  return readers;
}
