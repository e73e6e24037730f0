// Which objects a translation starts from, and which it leaves where they are.

import { ownsByClass, profileOf, rankedProfiles } from '../dialects/registry.js';
import type { DialectName, Resource } from '../model/index.js';
import { type Catalog, catalogOf } from '../resources/catalog.js';
import { isIngressClass } from '../resources/ingress-class.js';

export type Source = DialectName;
export type Target = DialectName;

/** The dialect whose translation an object belongs to; undefined: it serves all of them (Service, Secret, DestinationRule, policies). */
export const dialectOf = (r: Resource): Source | undefined => sources.find((p) => p.source.part(r) !== undefined)?.name;

const sources = rankedProfiles.flatMap(({ name, source }) => (source ? [{ name, source }] : []));

type ByClass = Parameters<typeof ownsByClass>[3];

/** The objects that are translated: with a dialect of Ingresses that is a source by its own name, those of its classes. */
export const translated = (catalog: Catalog, from: Source, options: ByClass = {}): Resource[] =>
  catalog.all.filter((r) => profileOf(from).source?.part(r) === 'translated' || ownsByClass(from, r, catalog, options));

/** The objects as the source dialect sees them: without the routing of the others. */
export function asSeenBy(catalog: Catalog, from: Source, options: ByClass = {}): Catalog {
  const seen = catalog.all.filter((r) => {
    const dialect = dialectOf(r);
    if (dialect === undefined || dialect === from || ownsByClass(from, r, catalog, options)) return true;
    if (profileOf(dialect).source?.shared?.(r)) return true;
    // Which Ingresses are its own, the classes say.
    return isIngressClass(r) && profileOf(from).source?.ingresses === true;
  });
  return seen.length === catalog.all.length ? catalog : catalogOf(seen);
}

/** What stays in place beside the translation's output. */
export const kept = (catalog: Catalog): Resource[] => catalog.all.filter((r) => dialectOf(r) === undefined);
