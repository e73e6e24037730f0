// The readers of dialects, each loaded when objects need it: reading the code of all takes longer than most runs. A reader without
// objects of its own has nothing to say (test/readers.test.ts holds it to that), so it does not matter which others are loaded.

import { append, type DialectName, own, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { specOf, stringOf } from '../resources/fields.js';
import { isIngress, upgradeIngress } from '../resources/ingress.js';
import { isIngressClass } from '../resources/ingress-class.js';
import type { Reader, ReadOptions } from './dialect.js';
import { gatewaysOf, ownsGatewayObject } from './gateway-owner.js';
import { ingressOwner } from './ingress-owner.js';
import { loaders } from './loaders.gen.js';
import type { DialectProfile } from './profile.js';
import { profiles } from './profiles.gen.js';

const loaded: Reader[] = [];

/** Those that are loaded, by name. */
export const readers = (): readonly Reader[] => loaded;

/** Readers that came another way: a translation has whole dialects. */
export function addReaders(added: readonly Reader[]): void {
  append(
    loaded,
    added.filter(({ name }) => !loaded.some((reader) => reader.name === name)),
  );
  loaded.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Loads what the objects need, and what an assumed gateway may have to be. */
export async function loadReaders(catalog: Catalog, options: ReadOptions): Promise<void> {
  const names = neededReaders(catalog, options);
  if (options.assumedGateways?.length) for (const p of profiles) if (p.assumable) names.add(p.name);
  addReaders(await Promise.all([...names].map((name) => loaders[name]())));
}

/** Throws where a reader is missing: its objects would be left out in silence. */
export function requireReaders(catalog: Catalog, options: ReadOptions): void {
  for (const name of neededReaders(catalog, options))
    if (!loaded.some((reader) => reader.name === name)) throw new Error(`the reader of ${name} is not loaded`);
}

/** Asked when readers are loaded and when they read: of the same objects once. */
const needed = new WeakMap<readonly Resource[], { readonly options: ReadOptions; readonly names: Set<DialectName> }>();

/** The dialects whose objects these are, by their profiles. */
export function neededReaders(catalog: Catalog, options: ReadOptions): Set<DialectName> {
  const known = needed.get(catalog.all);
  const names = known?.options === options ? known.names : askedReaders(catalog, options);
  needed.set(catalog.all, { options, names });
  return new Set(names);
}

function askedReaders(catalog: Catalog, options: ReadOptions): Set<DialectName> {
  const names = new Set<DialectName>();
  const asked = gatewaysOf(options.classSemantics);
  // One look at each kind, where the kind says all.
  const kinds = new Set<string>();
  for (const resource of catalog.all) {
    const kind = `${resource.group}/${resource.kind}`;
    if (!kinds.has(kind)) {
      kinds.add(kind);
      for (const profile of profiles) if (isOfKind(resource, profile)) names.add(profile.name);
    }
    for (const name of ownersOf(resource, catalog, options)) names.add(name);
    for (const { name, gateways } of profiles)
      if (gateways && !names.has(name) && ownsGatewayObject(name, resource, catalog, asked)) names.add(name);
  }
  for (const { name, flags = [] } of profiles)
    if (flags.some((flag) => own(options.flags ?? {}, flag.name) !== undefined)) names.add(name);
  return names;
}

const isOfKind = ({ group, kind }: Resource, { kinds = [], consulted = [] }: DialectProfile): boolean =>
  [...kinds, ...consulted].some((of) => of.group === group && (of.kinds?.includes(kind) ?? true));

/** Of an Ingress, of a class of Ingresses, and of annotations. */
function ownersOf(resource: Resource, catalog: Catalog, options: ReadOptions): DialectName[] {
  if (isIngressClass(resource)) {
    const controller = stringOf(specOf(resource).controller) ?? '';
    return profiles.filter((p) => p.ingress?.isController?.(controller)).map((p) => p.name);
  }
  const keys = Object.keys(resource.annotations);
  const annotated =
    keys.length === 0
      ? []
      : profiles.filter(({ annotations = [] }) => keys.some((key) => annotations.some((a) => key.startsWith(a))));
  const names = annotated.map((p) => p.name);
  return isIngress(resource) ? [ingressOwner(upgradeIngress(resource), catalog, options).dialect, ...names] : names;
}
