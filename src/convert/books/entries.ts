// The books of a translation: every part of the model that the writer was given, with what became of it.

import type { Accounts, Fate } from '../../dialects/accounts.js';
import type { WriteOptions } from '../../dialects/dialect.js';
import {
  type DomainPattern,
  type EffectiveGateway,
  type FilterChain,
  holderOf,
  hostText,
  ingressHostText,
  type Origin,
  type Part,
  type Route,
  type VirtualHost,
} from '../../model/index.js';
import { FEATURES } from '../features/index.js';
import type { LossItem } from '../item.js';
import { meets } from './field-paths.js';
import type { RuleFate, RuleFates } from './rules.js';
import { type PresentPart, partsOf } from './walk.js';

export type Outcome =
  | 'written'
  /** No request meets it. */
  | 'needless'
  /** Nothing is written for it, as `key` says (default: `field.no-effect`). */
  | { readonly without: string; readonly key?: LossItem['key'] }
  | { readonly lost: LossItem['key']; readonly message?: string }
  /** The rule that it belongs to is not in the output, or not everywhere. */
  | { readonly leftOut: LossItem; readonly partly: boolean };

export interface Entry {
  readonly part: Part;
  readonly outcome: Outcome;
  readonly origins: readonly Origin[];
  /** Of a host: its text. */
  readonly text?: string;
  readonly gateway: EffectiveGateway;
}

export function entriesOf(
  gateways: readonly EffectiveGateway[],
  accounts: Accounts,
  options: WriteOptions,
  rules: RuleFates,
  items: readonly LossItem[],
): Entry[] {
  const losses: Losses = { changes: changesByPart(items), closed: closedChains(items), hosts: new Map() };
  const entries: Entry[] = [];
  for (const gateway of gateways)
    for (const present of partsOf(gateway, options, (route) => rules.of(route).written)) {
      const { part, origins, value } = present;
      const outcome = outcomeOf(present, accounts, rules, losses);
      const text = part === 'VirtualHost.domains' ? hostText(value as DomainPattern) : undefined;
      entries.push({ part, outcome, origins, gateway, ...(text === undefined ? {} : { text }) });
    }
  return entries;
}

const WITHOUT_HTTPS: Outcome = {
  without: 'is about HTTPS, which is written only for hosts with a Secret',
  key: 'tls.default-certificate',
};

interface Losses {
  /** By the parts that they change. */
  readonly changes: ReadonlyMap<string, readonly LossItem[]>;
  /** Chains that forward bytes, and the item because of which they are written without destinations. */
  readonly closed: ReadonlyMap<FilterChain, LossItem>;
  /** Virtual hosts that were asked about: each is a part of every object that has rules for it. */
  readonly hosts: Map<VirtualHost, Outcome | undefined>;
}

const closedChains = (items: readonly LossItem[]): Losses['closed'] =>
  new Map(items.flatMap((item) => (item.closed ? (item.chains ?? []).map((chain) => [chain, item] as const) : [])));

function outcomeOf(
  present: PresentPart,
  accounts: Accounts,
  rules: RuleFates,
  { changes, closed, hosts }: Losses,
): Outcome {
  const { part, at } = present;
  if (at.route) {
    const ofRule = outcomeOfRule(rules.of(at.route), part);
    if (ofRule) return ofRule;
    if (FOR_DESTINATIONS.test(part) && !reachesDestination(at.route))
      return { without: 'the rule sends no request to a destination' };
  }
  if (part.startsWith('VirtualHost.')) {
    const host = present.node as VirtualHost;
    if (!hosts.has(host)) hosts.set(host, outcomeOfHost(host, rules));
    const ofHost = hosts.get(host);
    if (ofHost) return ofHost;
  }
  if (at.chain?.kind === 'l4') {
    const closing = part.startsWith('ChainMatch.') ? undefined : closed.get(at.chain);
    if (closing) return { leftOut: closing, partly: false };
    const whole = fateOf(accounts['L4Chain.l4'], { ...present, value: at.chain.l4, node: at.chain });
    if (typeof whole === 'object' && 'lost' in whole) return whole;
  }
  const fate = fateOf(accounts[part], present);
  if (fate !== 'written') return fate;
  const change = (changes.get(part) ?? []).find((item) => isAbout(item, present, rules));
  return change ? { lost: change.key, message: change.message } : 'written';
}

/** What a destination gets, and how it travels there. */
const FOR_DESTINATIONS = /^(?:RequestHeaders|Rewrite|Delivery)\./;

const reachesDestination = ({ action }: Route): boolean =>
  action.kind === 'forward' && action.destinations.some(({ to }) => 'host' in to);

/** Of a host of which no rule is in the output. */
function outcomeOfHost({ routes }: VirtualHost, rules: RuleFates): Outcome | undefined {
  const fates = routes.map(rules.of);
  if (fates.length === 0 || fates.some(({ written }) => written)) return undefined;
  const leftOut = fates.find((fate) => fate.leftOut)?.leftOut;
  return leftOut ? { leftOut, partly: false } : 'needless';
}

/** Of a part whose rule is not in the output as it is. */
function outcomeOfRule({ written, leftOut, needless, closed, unserved }: RuleFate, part: Part): Outcome | undefined {
  if (closed && !part.startsWith('RouteMatch.') && part !== 'Route.name') return { leftOut: closed, partly: false };
  if (leftOut) return { leftOut, partly: written };
  if (written) return undefined;
  if (unserved) return WITHOUT_HTTPS;
  return needless ? 'needless' : { lost: 'rule.forgotten' };
}

/** The table's types pair each part with its value; what is walked has lost them. */
function fateOf(account: Accounts[Part], { value, node, at }: PresentPart): Fate {
  return typeof account === 'function'
    ? (account as (v: unknown, n: unknown, a: unknown) => Fate)(value, node, at)
    : account;
}

function changesByPart(items: readonly LossItem[]): Map<string, LossItem[]> {
  const found = new Map<string, LossItem[]>();
  for (const item of items)
    for (const part of FEATURES[item.key].parts ?? []) {
      const same = found.get(part);
      if (same) same.push(item);
      else found.set(part, [item]);
    }
  return found;
}

function isAbout(item: LossItem, { part, value, origins, at }: PresentPart, rules: RuleFates): boolean {
  if (item.hosts && part === 'VirtualHost.domains') return item.hosts.includes(ingressHostText(value as DomainPattern));
  if (item.routes && at.route) return item.routes.some((made) => rules.sourcesOf(made).includes(at.route!));
  const { resource, path } = item.origin;
  return origins.some((o) => holderOf(o.resource) === holderOf(resource) && meets(o.path, path));
}

/** Where an entry stands: the nearest place in each object. */
export const placesOf = ({ origins }: Entry): Iterable<Origin> =>
  new Map(origins.toReversed().map((o) => [holderOf(o.resource), o])).values();
