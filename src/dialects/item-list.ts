// The items of a translation, collected while it is written. A rule is written once per listener; its loss is told once, with all the
// routes that it is about.

import type { DomainPattern, Origin, Route } from '../model/index.js';
import { ingressHostText } from '../model/index.js';
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
    /** It is about these hosts only, as an Ingress names them. */
    readonly hosts?: readonly string[];
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
    {
      readonly routes: Route[];
      readonly rivals: Route[];
      readonly hosts: string[];
      readonly instead: Map<Route, Route>;
    }
  >();
  return {
    items,
    add(severity, feature, message, origin, { route, instead, rival, exactFor, hosts } = {}) {
      const key = JSON.stringify([severity, feature, message, origin.resource.order, origin.path, exactFor, !hosts]);
      let about = known.get(key);
      if (!about) {
        known.set(key, (about = { routes: [], rivals: [], hosts: [], instead: new Map() }));
        items.push({
          ...{ severity, feature, message, origin },
          ...(route ? { routes: about.routes } : {}),
          ...(instead ? { instead: about.instead } : {}),
          ...(rival ? { rivals: about.rivals } : {}),
          ...(exactFor ? { exactFor } : {}),
          ...(hosts ? { hosts: about.hosts } : {}),
        });
      }
      if (route && !about.routes.includes(route)) about.routes.push(route);
      for (const host of hosts ?? []) if (!about.hosts.includes(host)) about.hosts.push(host);
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

/** Everything that is added is about these hosts. */
export const aboutHosts =
  (add: AddItem, domains: readonly DomainPattern[]): AddItem =>
  (severity, feature, message, origin, details) =>
    add(severity, feature, message, origin, { hosts: domains.map(ingressHostText), ...details });
