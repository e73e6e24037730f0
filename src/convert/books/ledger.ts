// What became of the parts of the model that come from a field: entries by object and place, as a tree of paths. Of each place
// is kept what a field can ask for, so that an object with 10,000 rules or destinations costs no more for each than one with ten.

import type { Feed } from '../../dialects/accounts.js';
import { append, type FieldPath, formatPath, holderOf, type Part, type Resource, valueAt } from '../../model/index.js';
import { type Entry, type Outcome, placesOf } from './entries.js';
import { headLength } from './field-paths.js';

type Kind<K extends string> = Extract<Outcome, { readonly [_ in K]: unknown }>;

/** What the entries of some places have come to: whether one is written, and of other outcomes the first. */
interface Sum {
  readonly written: boolean;
  readonly lost?: Kind<'lost'>;
  readonly leftOut?: Kind<'leftOut'>;
  readonly pointless?: Kind<'without'>;
}

export interface Found extends Sum {
  /** Why the field means nothing, whatever the model holds. */
  readonly without?: string;
  /** Somebody reads the field. */
  readonly known: boolean;
}

export interface Ledger {
  readonly at: (resource: Resource, path: FieldPath, feed: Feed | undefined) => Found;
  /** The entries that no field has been about so far. */
  readonly untold: () => readonly Entry[];
}

/** The entries of a part at one place, or at and below it. */
interface Bucket {
  sum: Sum;
  /** Empty for a bucket of what is below. */
  readonly entries: Entry[];
  told?: true;
}

interface Place {
  readonly elements: Map<number, Place>;
  readonly fields: Map<string, Place>;
  /** Elements of lists stand somewhere below. */
  hasLists: boolean;
  readonly own: Map<string, Bucket>;
  readonly below: Map<string, Bucket>;
}

/** What a field outside of lists may say for all elements of an object's lists: its hosts, its listeners. */
const OF_OBJECT = /^(Gateway|Listener|L4Chain|VirtualHost)\./;

/** Whoever leaves the field away gets the same. */
const USUAL = 'is the default value';

const NOTHING: Sum = { written: false };

export function ledgerOf(entries: readonly Entry[]): Ledger {
  const objects = new Map<Resource, { readonly root: Place; readonly exact: Map<string, Bucket> }>();
  const objectOf = (resource: Resource) => {
    const holder = holderOf(resource);
    let object = objects.get(holder);
    if (!object) objects.set(holder, (object = { root: newPlace(), exact: new Map() }));
    return object;
  };
  for (const entry of entries) {
    const nearest = new Set(placesOf(entry));
    for (const { resource, path } of nearest) {
      const { root, exact } = objectOf(resource);
      insert(root, path, entry);
      file(exact, formatPath(path), entry.outcome, entry);
    }
    // The rule of an annotation stands at a path of its object; it is the annotation's as well.
    for (const origin of entry.origins)
      if (origin.path[0] === 'metadata' && !nearest.has(origin))
        file(objectOf(origin.resource).exact, formatPath(origin.path), entry.outcome, entry);
  }

  const ofPart = (resource: Resource, part: Part, path: FieldPath): readonly Bucket[] => {
    const root = objects.get(resource)?.root;
    if (!root) return [];
    const text = part === 'VirtualHost.domains' ? valueAt(resource.object, path) : undefined;
    const same = typeof text === 'string' ? related(root, keyOf(part, text), part, path) : [];
    return same.length > 0 ? same : related(root, part, part, path);
  };
  const ofParts = (resource: Resource, parts: readonly Part[], path: FieldPath) =>
    parts.flatMap((part) => ofPart(resource, part, path));

  return {
    at(resource, path, feed) {
      if (feed && 'without' in feed) return { ...NOTHING, without: feed.without, known: true };
      if (feed && 'usual' in feed) {
        const buckets = ofParts(resource, feed.parts, path);
        const sum = total(buckets);
        const usual = !sum.leftOut && feed.usual(valueAt(resource.object, path) ?? null, path);
        if (usual === false) return { ...tell(buckets), known: true };
        return { ...NOTHING, without: usual === true ? USUAL : usual, known: true };
      }
      if (feed && !('otherwise' in feed)) return { ...tell(ofParts(resource, feed, path)), known: true };
      const own = objects.get(resource)?.exact.get(formatPath(path));
      return {
        ...tell(own ? [own] : []),
        known: own !== undefined || feed !== undefined,
        ...(feed ? { without: feed.otherwise } : {}),
      };
    },
    untold() {
      const told = new Set<Entry>();
      for (const { root, exact } of objects.values()) {
        collectTold(root, new Set(), told);
        for (const bucket of exact.values()) if (bucket.told) for (const entry of bucket.entries) told.add(entry);
      }
      return entries.filter((entry) => !told.has(entry));
    },
  };
}

const newPlace = (): Place => ({
  elements: new Map(),
  fields: new Map(),
  hasLists: false,
  own: new Map(),
  below: new Map(),
});

const childOf = ({ elements, fields }: Place, step: string | number): Place | undefined =>
  typeof step === 'number' ? elements.get(step) : fields.get(step);

const keyOf = (part: Part, text: string): string => `${part} ${text}`;

function insert(root: Place, path: FieldPath, entry: Entry): void {
  const keys = entry.text === undefined ? [entry.part] : [entry.part, keyOf(entry.part, entry.text)];
  let place = root;
  for (const key of keys) file(place.below, key, entry.outcome);
  const lastIndex = path.findLastIndex((step) => typeof step === 'number');
  for (const [depth, step] of path.entries()) {
    if (depth <= lastIndex) place.hasLists = true;
    let next = childOf(place, step);
    if (!next) {
      next = newPlace();
      if (typeof step === 'number') place.elements.set(step, next);
      else place.fields.set(step, next);
    }
    place = next;
    for (const key of keys) file(place.below, key, entry.outcome);
  }
  for (const key of keys) file(place.own, key, entry.outcome, entry);
}

function file(buckets: Map<string, Bucket>, key: string, outcome: Outcome, entry?: Entry): void {
  let bucket = buckets.get(key);
  if (!bucket) buckets.set(key, (bucket = { sum: NOTHING, entries: [] }));
  bucket.sum = plus(bucket.sum, sumOf(outcome));
  if (entry) bucket.entries.push(entry);
}

function sumOf(outcome: Outcome): Sum {
  if (outcome === 'written') return WRITTEN;
  if (typeof outcome !== 'object') return NOTHING;
  if ('lost' in outcome) return { written: false, lost: outcome };
  return 'leftOut' in outcome ? { written: false, leftOut: outcome } : { written: false, pointless: outcome };
}

const WRITTEN: Sum = { written: true };

/** `a` comes first. */
function plus(a: Sum, b: Sum): Sum {
  if (b === NOTHING || (b === WRITTEN && a.written)) return a;
  const [lost, leftOut, pointless] = [a.lost ?? b.lost, a.leftOut ?? b.leftOut, a.pointless ?? b.pointless];
  return {
    written: a.written || b.written,
    ...(lost ? { lost } : {}),
    ...(leftOut ? { leftOut } : {}),
    ...(pointless ? { pointless } : {}),
  };
}

const total = (buckets: readonly Bucket[]): Sum => buckets.reduce((sum, b) => plus(sum, b.sum), NOTHING);

function tell(buckets: readonly Bucket[]): Sum {
  for (const bucket of buckets) bucket.told = true;
  return total(buckets);
}

/**
 * The places that a part may have that comes from the field at `path`: at it or above, in the same element of a list (nearest to the
 * field's rule first), or anywhere in the object.
 */
function related(root: Place, key: string, part: Part, path: FieldPath): readonly Bucket[] {
  const head = headLength(path);
  if (path[0] === 'metadata' || (head === 0 && OF_OBJECT.test(part))) return [root.below.get(key)].filter(isThere);
  const inElement: (Bucket | undefined)[] = [];
  const above: (Bucket | undefined)[] = [];
  let place: Place | undefined = root;
  for (let depth = 0; place; depth++) {
    const step: string | number | undefined = path[depth];
    const next: Place | undefined = step === undefined ? undefined : childOf(place, step);
    const within = head > 0 && depth >= head;
    if (within && typeof step !== 'number' && !next?.hasLists) {
      // Nothing below is about another element of a list.
      inElement.push(place.below.get(key));
      break;
    }
    (within ? inElement : above).push(place.own.get(key));
    if (within) append(inElement, beside(place, step, key));
    place = next;
  }
  return [...inElement, ...above].filter(isThere);
}

/** What stands at and below the other fields of a place. Another element of the list that `step` is in is about something else. */
function beside({ fields, elements }: Place, step: string | number | undefined, key: string): (Bucket | undefined)[] {
  const others = [...fields].filter(([name]) => name !== step).map(([, child]) => child);
  return [...others, ...(typeof step === 'number' ? [] : elements.values())].map((child) => child.below.get(key));
}

const isThere = (bucket: Bucket | undefined): bucket is Bucket => bucket !== undefined;

/** `above`: keys of which everything below has been told. */
function collectTold({ own, below, elements, fields }: Place, above: ReadonlySet<string>, told: Set<Entry>): void {
  const all = [...below].filter(([, bucket]) => bucket.told).map(([key]) => key);
  const here = all.length > 0 ? new Set([...above, ...all]) : above;
  for (const [key, bucket] of own)
    if (bucket.told || here.has(key)) for (const entry of bucket.entries) told.add(entry);
  for (const child of [...elements.values(), ...fields.values()]) collectTold(child, here, told);
}
