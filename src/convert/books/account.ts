// The books of a translation, closed: one item per field of each translated object. A field is exact only where all that it became in the
// model is in the output; what no reader reads is said, what goes with a rule that is left out is refused with it, and a part of the
// model that no field stands for is an item of its own.

import type { Accounts, Feeds } from '../../dialects/accounts.js';
import type { WriteOptions, WrittenRules } from '../../dialects/dialect.js';
import {
  type DialectName,
  type EffectiveGateway,
  type FieldPath,
  formatPath,
  type Part,
  type Resource,
} from '../../model/index.js';
import { FEATURES, type FeatureKey } from '../features/index.js';
import { type ConversionItem, itemOf, type LossItem } from '../item.js';
import { unreadAnnotation } from './annotations.js';
import { type Entry, entriesOf, placeOf } from './entries.js';
import { fieldsOf, fits, headOf, relates, valueAt } from './field-paths.js';
import { ruleFates } from './rules.js';

export interface Books {
  readonly resources: readonly Resource[];
  readonly gateways: readonly EffectiveGateway[];
  readonly accounts: Accounts;
  readonly feedsOf: (resource: Resource) => Feeds;
  /** The dialect whose gateways have rules of an object; undefined: none has. */
  readonly readerOf: (resource: Resource) => DialectName | undefined;
  readonly options: WriteOptions;
  readonly rules: WrittenRules;
  /** What readers and the writer found. */
  readonly items: readonly LossItem[];
}

/** The items found, then one per remaining field, in the order of the files. */
export function account({
  resources,
  gateways,
  accounts,
  feedsOf,
  readerOf,
  options,
  rules,
  items,
}: Books): ConversionItem[] {
  const fates = ruleFates(gateways, rules, items);
  const forgotten = fates.forgotten.map((route) =>
    itemOf({
      key: 'rule.forgotten',
      message: 'nothing was written for this rule',
      origin: route.matchOrigin ?? route.origin,
      routes: [route],
    }),
  );
  const entries = entriesOf(gateways, accounts, options, fates, items);
  const ledger = ledgerOf(entries);
  const named = new Map<Resource, Set<string>>();
  for (const { origin } of items)
    named.set(origin.resource, (named.get(origin.resource) ?? new Set()).add(formatPath(origin.path)));
  const told = new Set<Entry>();
  const fields = resources.flatMap((resource) => {
    const feeds = Object.entries(feedsOf(resource));
    return [...fieldsOf(resource)].flatMap((path): ConversionItem[] => {
      const found = ledger.at(resource, path, feeds);
      for (const entry of found.entries) told.add(entry);
      // Whoever named the field itself has said what there is to say.
      if (named.get(resource)?.has(formatPath(path))) return [];
      return [fieldItem(resource, path, found, readerOf(resource))];
    });
  });
  return [...items, ...forgotten, ...rest(entries, told, items), ...fields];
}

interface Found {
  readonly entries: readonly Entry[];
  /** Why the field means nothing, whatever the model holds. */
  readonly without?: string;
  /** Somebody reads the field. */
  readonly known: boolean;
}

/** What a field outside of lists may say for all elements of an object's lists: its hosts, its listeners. */
const OF_OBJECT = /^(Gateway|Listener|L4Chain|VirtualHost)\./;

/** Whoever leaves the field away gets the same. */
const USUAL = 'is the default value';

interface Ledger {
  readonly at: (resource: Resource, path: FieldPath, feeds: readonly (readonly [string, Feeds[string]])[]) => Found;
}

/** Entries by object, part and the first element of a list that their place is in: objects have thousands of rules. */
function ledgerOf(entries: readonly Entry[]): Ledger {
  const byPart = new Map<Resource, Map<string, Entry[]>>();
  const put = (resource: Resource, key: string, entry: Entry) => {
    let parts = byPart.get(resource);
    if (!parts) byPart.set(resource, (parts = new Map()));
    const same = parts.get(key);
    if (same) same.push(entry);
    else parts.set(key, [entry]);
  };
  for (const entry of entries)
    for (const { resource, path } of distinctPlaces(entry)) {
      put(resource, `${entry.part} ${headOf(path)}`, entry);
      put(resource, `${entry.part} *`, entry);
      put(resource, `= ${formatPath(path)}`, entry);
    }
  const get = (resource: Resource, key: string): readonly Entry[] => byPart.get(resource)?.get(key) ?? [];
  const ofPart = (resource: Resource, part: Part, path: FieldPath): readonly Entry[] => {
    const head = headOf(path);
    const near =
      path[0] === 'metadata' || (head === '' && OF_OBJECT.test(part))
        ? get(resource, `${part} *`)
        : [...(head === '' ? [] : get(resource, `${part} ${head}`)), ...get(resource, `${part} `)];
    const here =
      head === '' && OF_OBJECT.test(part) ? near : near.filter((e) => relates(placeOf(e, resource)!.path, path));
    const text = part === 'VirtualHost.domains' ? valueAt(resource, path) : undefined;
    const same = here.filter((e) => e.text === text);
    return same.length > 0 ? same : here;
  };
  return {
    at(resource, path, feeds) {
      const feed = feeds.find(([pattern]) => fits(pattern, path))?.[1];
      if (feed && 'without' in feed) return { entries: [], without: feed.without, known: true };
      if (feed && 'usual' in feed) {
        const found = feed.parts.flatMap((part) => ofPart(resource, part, path));
        const isLeftOut = found.some(({ outcome }) => typeof outcome === 'object' && 'leftOut' in outcome);
        const usual = !isLeftOut && feed.usual(valueAt(resource, path) ?? null, path);
        return { entries: usual ? [] : found, ...(usual ? { without: USUAL } : {}), known: true };
      }
      if (feed && !('otherwise' in feed))
        return { entries: feed.flatMap((part) => ofPart(resource, part, path)), known: true };
      const own = get(resource, `= ${formatPath(path)}`);
      return {
        entries: own,
        known: own.length > 0 || feed !== undefined,
        ...(feed ? { without: feed.otherwise } : {}),
      };
    },
  };
}

/** The nearest place in each object. */
const distinctPlaces = ({ origins }: Entry) => [...new Map(origins.toReversed().map((o) => [o.resource, o])).values()];

function fieldItem(
  resource: Resource,
  path: FieldPath,
  { entries, without, known }: Found,
  reader: DialectName | undefined,
): ConversionItem {
  const origin = { resource, path };
  const lossItem = (key: FeatureKey, message: string): LossItem => ({
    ...itemOf({ key, message, origin }),
    ofField: true,
  });
  const outcomes = new Set(entries.map((e) => e.outcome));
  const some = <T>(pick: (outcome: Entry['outcome']) => T | undefined): T | undefined => {
    for (const outcome of outcomes) {
      const found = pick(outcome);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const written = outcomes.has('written');
  const lost = some((o) => (typeof o === 'object' && 'lost' in o ? o : undefined));
  const leftOut = some((o) => (typeof o === 'object' && 'leftOut' in o ? o : undefined));
  if (lost && FEATURES[lost.lost].severity === 'refused') return lossItem(lost.lost, lost.message ?? words(lost.lost));
  if (leftOut)
    return written || leftOut.partly
      ? lossItem('field.partly', `is left out where ${leftOut.leftOut.message}`)
      : lossItem('field.left-out', `belongs to a rule that is left out (${leftOut.leftOut.feature})`);
  if (lost) return lossItem(lost.lost, lost.message ?? words(lost.lost));
  if (written) return { severity: 'exact', feature: featureOf(resource, path), message: formatPath(path), origin };
  if (!known && path[0] === 'metadata') return lossItem(...unreadAnnotation(resource, String(path[2]), reader));
  if (!known) return lossItem('field.not-read', 'meshgw does not read this field');
  if (reader === undefined && without === undefined)
    return lossItem('object.not-served', 'no gateway of the files has a rule of this object');
  const reason = without ?? some((o) => (typeof o === 'object' && 'without' in o ? o.without : undefined));
  return lossItem('field.no-effect', reason ?? 'no request to the gateway depends on it');
}

/** Lost parts that no field stands for: what is refused at its place, defaults of the source once per gateway. */
function rest(entries: readonly Entry[], told: ReadonlySet<Entry>, items: readonly LossItem[]): ConversionItem[] {
  const known = new Set(items.map(({ key, origin }) => `${key} ${origin.resource.order}`));
  const more = new Map<string, LossItem>();
  for (const entry of entries) {
    const { outcome } = entry;
    if (told.has(entry) || typeof outcome !== 'object' || !('lost' in outcome) || outcome.lost === 'rule.forgotten')
      continue;
    const [nearest] = entry.origins;
    if (!nearest || entry.origins.some((o) => known.has(`${outcome.lost} ${o.resource.order}`))) continue;
    const refused = FEATURES[outcome.lost].severity === 'refused';
    const origin = refused ? nearest : { resource: nearest.resource, path: [] };
    const key = refused
      ? `${outcome.lost} ${origin.resource.order} ${formatPath(origin.path)}`
      : `${outcome.lost} ${entry.gateway.id}`;
    if (!more.has(key))
      more.set(key, {
        ...itemOf({ key: outcome.lost, message: outcome.message ?? words(outcome.lost), origin }),
        ofField: true,
      });
  }
  return [...more.values()];
}

/** The documentation of a loss, for a message. */
const words = (key: FeatureKey): string => FEATURES[key].documentation.replaceAll(/[*`]/g, '');

/** `virtualservice.http.match.uri.prefix`, `annotation.canary-weight`: without indexes, so that equal fields have equal names. */
function featureOf(resource: Resource, path: FieldPath): string {
  if (path[0] === 'metadata') return `annotation.${String(path[2]).replace(/^.*\//, '')}`;
  return [resource.kind.toLowerCase(), ...path.slice(1).filter((p) => typeof p === 'string')].join('.');
}
