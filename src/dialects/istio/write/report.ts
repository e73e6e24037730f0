// What the writer could not say exactly, collected while it writes.

import type { Origin, Route } from '../../../model/index.js';
import type { ConversionItem } from '../../dialect.js';

export interface Report {
  readonly items: ConversionItem[];
  add(severity: 'approximate' | 'refused', feature: string, message: string, origin: Origin): void;
  /** A response header that the rule needs in addition to its own (the `location` of a redirect that is a direct response). */
  header(route: Route, name: string, value: string): void;
  headersOf(route: Route): readonly (readonly [string, string])[];
}

export function newReport(): Report {
  const items: ConversionItem[] = [];
  const headers = new Map<Route, [string, string][]>();
  const seen = new Set<string>();
  return {
    items,
    add(severity, feature, message, origin) {
      // One rule is written once per listener; its loss is one loss.
      const key = `${severity}|${feature}|${message}|${origin.resource.order}|${origin.path.join('/')}`;
      if (seen.has(key)) return;
      seen.add(key);
      items.push({ severity, feature, message, origin });
    },
    header(route, name, value) {
      headers.set(route, [...(headers.get(route) ?? []), [name, value]]);
    },
    headersOf: (route) => headers.get(route) ?? [],
  };
}
