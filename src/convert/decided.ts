// Decisions that were made before: an answer for a feature, given once (`convert.decisions` of meshgw.config.yaml). What is decided needs no
// line in a report, and refuses nothing.

import { own } from '../model/index.js';
import { FEATURES, type FeatureKey } from './features/index.js';
import { type ConversionItem, isLoss, type LossItem } from './item.js';

/**
 * `accept`: the loss is accepted. Of a protection that the target cannot express: `closed` (nobody gets in; what is written without an
 * answer) or `open` (as with `--fail-open`).
 */
export type Answer = 'accept' | 'closed' | 'open';

export const ANSWERS = ['accept', 'closed', 'open'] as const satisfies readonly Answer[];

/** Answers by feature, as the report names it: `condition.basic-auth`, `annotation.proxy-read-timeout`. */
export type Decisions = Readonly<Record<string, Answer>>;

/** The answers that a feature may have. */
export const answersFor = (key: FeatureKey): readonly Answer[] =>
  FEATURES[key].protects === undefined ? ['accept'] : ['closed', 'open'];

/** Those of the items that need nobody any more. Fields of a rule that is closed or left out wait for what closes it, or leaves it out. */
export function decidedItems(items: readonly ConversionItem[], decisions: Decisions): ReadonlySet<ConversionItem> {
  const decided = new Set(items.filter((item) => isLoss(item) && isAnswered(item, decisions)));
  if (decided.size === 0) return decided;
  const open = new Set<string>();
  for (const item of items)
    if (isLoss(item) && item.severity === 'refused' && !decided.has(item) && !WAITING.has(item.key))
      open.add(placeOf(item));
  for (const item of items) if (WAITING.has(item.key) && !open.has(placeOf(item))) decided.add(item);
  return decided;
}

const WAITING: ReadonlySet<string | undefined> = new Set(['field.closed', 'field.left-out']);

/** The object, and whether it is about what is closed or about what is left out. */
const placeOf = ({ key, origin: { resource } }: ConversionItem): string => {
  const isClosed = key === 'field.closed' || (key !== undefined && FEATURES[key].protects !== undefined);
  return `${isClosed ? 'closed' : 'left out'} ${resource.order}`;
};

const isAnswered = (item: LossItem, decisions: Decisions): boolean => {
  const answer = own(decisions, item.feature) ?? own(decisions, item.key);
  return answer !== undefined && answersFor(item.key).includes(answer);
};
