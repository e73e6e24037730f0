// The items of a translation, collected while it is written. A rule is written once per listener; its loss is reported once, with all the
// routes that it is about.

import type { DomainPattern, Origin, Route, Unsupported } from '../model/index.js';
import { ingressHostText } from '../model/index.js';
import type { FeatureKey, WrittenLoss, WrittenRules } from './dialect.js';

/** `details.route`: the item is about this route, and not about others of the same place; `instead` is what the target has for it. */
export type AddItem = (
  key: FeatureKey,
  message: string,
  origin: Origin,
  details?: {
    /** As the report calls it, where that is not the key. */
    readonly name?: string;
    readonly route?: Route;
    readonly instead?: Route;
    readonly rival?: Route;
    readonly exactFor?: readonly string[];
    /** It is about these hosts only, as an Ingress names them. */
    readonly hosts?: readonly string[];
  },
) => void;

export interface Report {
  readonly add: AddItem;
}

/** Which rules have come into the output; of a copy of a rule, the rule that it is made from counts. */
export interface RuleBooks {
  readonly wrote: (route: Route) => void;
  /** Nothing has to be written for it: no request comes there, or the answer is the same without it. */
  readonly needless: (route: Route) => void;
}

export interface ItemList extends Report, RuleBooks {
  readonly items: WrittenLoss[];
  readonly rules: WrittenRules;
}

export function itemList(): ItemList {
  const items: WrittenLoss[] = [];
  const known = new Map<string, About>();
  const rules = { written: new Set<Route>(), needless: new Set<Route>() };
  return {
    items,
    rules,
    wrote: (route) => void rules.written.add(route),
    needless: (route) => void rules.needless.add(route),
    add(key, message, origin, details = {}) {
      const { name, exactFor, hosts } = details;
      const same = JSON.stringify([key, name, message, origin.resource.order, origin.path, exactFor, !hosts]);
      let about = known.get(same);
      if (!about) {
        known.set(same, (about = aboutNothing()));
        items.push({ key, message, origin, ...fieldsOf(details, about) });
      }
      extend(about, details);
    },
  };
}

type Details = NonNullable<Parameters<AddItem>[3]>;

/** What an item is about. It grows while the same is found elsewhere; the item has the lists themselves. */
interface About {
  readonly routes: Distinct<Route>;
  readonly rivals: Distinct<Route>;
  readonly hosts: Distinct<string>;
  readonly instead: Map<Route, Route>;
}

const aboutNothing = (): About => ({ routes: distinct(), rivals: distinct(), hosts: distinct(), instead: new Map() });

/** The lists of `about` that an item has: those of which the first that was found has something. */
const fieldsOf = ({ name, route, instead, rival, exactFor, hosts }: Details, about: About): Partial<WrittenLoss> => ({
  ...(name === undefined ? {} : { name }),
  ...(route ? { routes: about.routes.list } : {}),
  ...(instead ? { instead: about.instead } : {}),
  ...(rival ? { rivals: about.rivals.list } : {}),
  ...(exactFor ? { exactFor } : {}),
  ...(hosts ? { hosts: about.hosts.list } : {}),
});

function extend(about: About, { route, instead, rival, hosts = [] }: Details): void {
  if (route) about.routes.add(route);
  for (const host of hosts) about.hosts.add(host);
  if (rival) about.rivals.add(rival);
  if (route && instead) about.instead.set(route, instead);
}

/** A list that holds each value once. */
interface Distinct<T> {
  readonly list: readonly T[];
  readonly add: (value: T) => void;
}

function distinct<T>(): Distinct<T> {
  const list: T[] = [];
  const known = new Set<T>();
  return {
    list,
    add(value) {
      if (known.has(value)) return;
      known.add(value);
      list.push(value);
    },
  };
}

/** What a reader did not understand, under the name that the reader gives it. */
export const addUnsupported = ({ effect, feature, detail, origin }: Unsupported, { add }: Report): void =>
  add(`unsupported.${effect}`, detail, origin, { name: feature });

/** Everything that is added is about this route. */
export const aboutRoute =
  (add: AddItem, route: Route): AddItem =>
  (key, message, origin, details) =>
    add(key, message, origin, { route, ...details });

/** Everything that is added is about these hosts. */
export const aboutHosts =
  (add: AddItem, domains: readonly DomainPattern[]): AddItem =>
  (key, message, origin, details) =>
    add(key, message, origin, { hosts: domains.map(ingressHostText), ...details });
