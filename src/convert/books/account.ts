// The books of a translation, closed: one item per field of each translated object. A field is exact only where all that it became in the
// model is in the output; what no reader reads is said, what goes with a rule that is left out is refused with it, and a part of the
// model that no field stands for is an item of its own.

import type { Accounts, Feed } from '../../dialects/accounts.js';
import type { WriteOptions, WrittenRules } from '../../dialects/dialect.js';
import {
  type DialectName,
  type EffectiveGateway,
  type FieldPath,
  formatPath,
  holderOf,
  type Resource,
} from '../../model/index.js';
import type { Closed } from '../closed.js';
import { FEATURES, type FeatureKey } from '../features/index.js';
import { type ConversionItem, itemOf, type LossItem } from '../item.js';
import { unreadAnnotation } from './annotations.js';
import { type Entry, entriesOf } from './entries.js';
import { type Found, ledgerOf } from './ledger.js';
import { ruleFates } from './rules.js';

export interface Books {
  readonly resources: readonly Resource[];
  readonly gateways: readonly EffectiveGateway[];
  /** What stands in place of rules of `gateways`. */
  readonly closed: Closed;
  readonly accounts: Accounts;
  /** The fields of an object, and what they become. */
  readonly fieldsOf: (resource: Resource) => Iterable<readonly [FieldPath, Feed | undefined]>;
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
  closed,
  accounts,
  fieldsOf,
  readerOf,
  options,
  rules,
  items,
}: Books): ConversionItem[] {
  const fates = ruleFates(gateways, rules, items, closed);
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
  for (const { origin } of items) {
    const holder = holderOf(origin.resource);
    const paths = named.get(holder);
    if (paths) paths.add(formatPath(origin.path));
    else named.set(holder, new Set([formatPath(origin.path)]));
  }
  const fields = resources.flatMap((resource) => {
    return [...fieldsOf(resource)].flatMap(([path, feed]): ConversionItem[] => {
      const found = ledger.at(resource, path, feed);
      // Whoever named the field itself has said what there is to say.
      if (named.get(resource)?.has(formatPath(path))) return [];
      return [fieldItem(resource, path, found, readerOf(resource))];
    });
  });
  return [...items, ...forgotten, ...rest(ledger.untold(), items), ...fields];
}

function fieldItem(
  resource: Resource,
  path: FieldPath,
  { written, lost, leftOut, pointless, without, known }: Found,
  reader: DialectName | undefined,
): ConversionItem {
  const origin = { resource, path };
  const lossItem = (key: FeatureKey, message: string): LossItem => ({
    ...itemOf({ key, message, origin }),
    ofField: true,
  });
  if (lost && FEATURES[lost.lost].severity === 'refused') return lossItem(lost.lost, lost.message ?? words(lost.lost));
  if (leftOut?.leftOut.closed)
    return lossItem('field.closed', `is of a rule that is closed (${leftOut.leftOut.feature})`);
  if (leftOut)
    return written || leftOut.partly
      ? lossItem('field.partly', `is left out where ${leftOut.leftOut.message}`)
      : lossItem('field.left-out', `belongs to a rule that is left out (${leftOut.leftOut.feature})`);
  if (lost) return lossItem(lost.lost, lost.message ?? words(lost.lost));
  if (written) return { severity: 'exact', feature: featureOf(resource, path), message: formatPath(path), origin };
  if (!known && path[0] === 'metadata') return lossItem(...unreadAnnotation(resource, String(path[2]), reader));
  if (!known) return lossItem('field.not-read', 'meshgw does not read this field');
  if (reader === undefined && without === undefined && pointless === undefined)
    return lossItem('object.not-served', 'no gateway of the files has a rule of this object');
  const why = pointless?.without ?? without ?? 'no request to the gateway depends on it';
  return lossItem(pointless?.key ?? 'field.no-effect', why);
}

/** Lost parts that no field stands for: what is refused at its place, defaults of the source once per gateway. */
function rest(untold: readonly Entry[], items: readonly LossItem[]): ConversionItem[] {
  const known = new Set(items.map(({ key, origin }) => `${key} ${origin.resource.order}`));
  const more = new Map<string, LossItem>();
  for (const entry of untold) {
    const { outcome } = entry;
    if (typeof outcome !== 'object' || !('lost' in outcome) || outcome.lost === 'rule.forgotten') continue;
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
