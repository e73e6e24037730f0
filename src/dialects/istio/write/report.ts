// What the writer could not say exactly, collected while it writes.

import type { Route } from '../../../model/index.js';
import { type ItemList, itemList } from '../../item-list.js';

export interface Report extends ItemList {
  /** A response header that the rule needs in addition to its own (the `location` of a redirect that is a direct response). */
  header(route: Route, name: string, value: string): void;
  headersOf(route: Route): readonly (readonly [string, string])[];
}

export function newReport(): Report {
  const headers = new Map<Route, [string, string][]>();
  return {
    ...itemList(),
    header(route, name, value) {
      headers.set(route, [...(headers.get(route) ?? []), [name, value]]);
    },
    headersOf: (route) => headers.get(route) ?? [],
  };
}
