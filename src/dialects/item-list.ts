// The items of a translation, collected while it is written. A rule is written once per listener; its loss is told once, with all the
// routes that it is about.

import type { Origin, Route } from '../model/index.js';
import type { ConversionItem } from './dialect.js';

/** `details.route`: the item is about this route, and not about others of the same place; `instead` is what the target has for it. */
export type AddItem = (
  severity: 'approximate' | 'refused',
  feature: string,
  message: string,
  origin: Origin,
  details?: {
    readonly route?: Route;
    readonly instead?: Route;
    readonly rival?: Route;
    readonly exactFor?: readonly string[];
    readonly host?: string;
  },
) => void;

export interface ItemList {
  readonly items: ConversionItem[];
  readonly add: AddItem;
}

export function itemList(): ItemList {
  const items: ConversionItem[] = [];
  const known = new Map<
    string,
    { readonly routes: Route[]; readonly rivals: Route[]; readonly instead: Map<Route, Route> }
  >();
  return {
    items,
    add(severity, feature, message, origin, { route, instead, rival, exactFor, host } = {}) {
      const key = JSON.stringify([severity, feature, message, origin.resource.order, origin.path, exactFor]);
      let about = known.get(key);
      if (!about) {
        known.set(key, (about = { routes: [], rivals: [], instead: new Map() }));
        items.push({
          ...{ severity, feature, message, origin },
          ...(route ? { routes: about.routes } : {}),
          ...(instead ? { instead: about.instead } : {}),
          ...(rival ? { rivals: about.rivals } : {}),
          ...(exactFor ? { exactFor } : {}),
          ...(host === undefined ? {} : { host }),
        });
      }
      if (route && !about.routes.includes(route)) about.routes.push(route);
      if (rival && !about.rivals.includes(rival)) about.rivals.push(rival);
      if (route && instead) about.instead.set(route, instead);
    },
  };
}

/** Everything that is added is about this route. */
export const aboutRoute =
  (add: AddItem, route: Route): AddItem =>
  (severity, feature, message, origin, details) =>
    add(severity, feature, message, origin, { route, ...details });
