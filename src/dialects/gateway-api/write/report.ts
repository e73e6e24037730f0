// What could not be said exactly, collected while writing. A loss is told once, however often its rule is written.

import type { Origin } from '../../../model/index.js';
import type { ConversionItem } from '../../dialect.js';

export interface Report {
  readonly items: readonly ConversionItem[];
  add(severity: 'approximate' | 'refused', feature: string, message: string, origin: Origin): void;
}

export function newReport(): Report {
  const items: ConversionItem[] = [];
  const known = new Set<string>();
  return {
    items,
    add(severity, feature, message, origin) {
      const key = JSON.stringify([severity, feature, message, origin.resource.order, origin.path]);
      if (known.has(key)) return;
      known.add(key);
      items.push({ severity, feature, message, origin });
    },
  };
}
