// One line of a translation's report: what became of a field or an object.

import type { WrittenLoss } from '../dialects/dialect.js';
import { FEATURES, type FeatureKey } from './features/index.js';

export interface ConversionItem extends Omit<WrittenLoss, 'key' | 'name'> {
  readonly severity: 'exact' | 'approximate' | 'refused';
  /** Stable name: `annotation.canary-by-cookie`; of a loss its key, unless its reader has another name for it. */
  readonly feature: string;
  /** Entry of the feature table; absent: nothing is lost. */
  readonly key?: FeatureKey;
  /** From the books, about one field or one part of the model: the loss itself has an item where its rule stands, or shows in no answer. */
  readonly ofField?: true;
  /** What the writer says is lost, where `message` also says what is closed or open because of it. */
  readonly lost?: string;
}

/** An item with an entry in the feature table. */
export interface LossItem extends ConversionItem {
  readonly severity: 'approximate' | 'refused';
  readonly key: FeatureKey;
}

/** The class of a loss is that of its entry, whoever found it. */
export const itemOf = ({ name, ...loss }: WrittenLoss): LossItem => ({
  severity: FEATURES[loss.key].severity,
  feature: name ?? loss.key,
  ...loss,
});

export const isLoss = (item: ConversionItem): item is LossItem => item.key !== undefined;
