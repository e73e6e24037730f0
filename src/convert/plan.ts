// The order of a move: for each object whether it can go as it is, needs a decision, or cannot go. What shares a host goes in one step.

import { formatResource, greatest } from '../model/index.js';
import type { Translation } from './convert.js';
import type { GroupKey } from './features/feature.js';
import { FEATURES } from './features/index.js';
import { isLoss, type LossItem } from './item.js';

export type Verdict = 'ready' | 'needs a decision' | 'cannot be moved';

export interface Reason {
  readonly feature: string;
  readonly message: string;
  /** What there is to do about it. */
  readonly group: GroupKey;
}

export interface PlannedObject {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly verdict: Verdict;
  /** What has to be decided, or what cannot be expressed: the latter first. */
  readonly reasons: readonly Reason[];
  /** Objects of one step share hosts, and have to move together. From 1, the easiest first. */
  readonly step: number;
}

export interface Plan {
  readonly version: 1;
  /** What holds for the whole gateway, and is decided once. */
  readonly everywhere: readonly Reason[];
  readonly objects: readonly PlannedObject[];
}

/** Decided once for all objects; a `default` is the object's own where one of its annotations asks for it. */
const isEverywhere = ({ key, origin }: LossItem): boolean =>
  FEATURES[key].decided === 'gateway' || (FEATURES[key].decided === 'default' && origin.path[0] !== 'metadata');

interface Draft {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly refused: Map<string, Reason>;
  readonly approximate: Map<string, Reason>;
}

/** The steps with the fewest questions come first. */
export function plan(translation: Translation): Plan {
  const everywhere = new Map<string, Reason>();
  const drafts = new Map<string, Draft>();
  for (const item of translation.items) {
    const { origin, feature, message } = item;
    const key = formatResource(origin.resource);
    let draft = drafts.get(key);
    if (!draft) {
      draft = { resource: key, hosts: hostsOf(origin.resource.object), refused: new Map(), approximate: new Map() };
      drafts.set(key, draft);
    }
    // The fields of a closed rule wait for the same decision.
    if (!isLoss(item) || item.key === 'field.closed') continue;
    const text = `${feature}: ${message}`;
    const { decided, group } = FEATURES[item.key];
    const reason = { feature, message, group };
    if (isEverywhere(item)) everywhere.set(decided === 'default' ? feature : text, reason);
    else if (group !== 'carriage') draft[item.severity].set(text, reason);
  }
  const rank: Record<Verdict, number> = { ready: 0, 'needs a decision': 1, 'cannot be moved': 2 };
  const steps = together([...drafts.values()])
    .map((step) => ({
      step,
      worst: greatest(
        step.map((d) => rank[verdictOf(d)]),
        0,
      ),
    }))
    .sort((a, b) => a.worst - b.worst || compare(a.step[0]!, b.step[0]!));
  return {
    version: 1,
    everywhere: [...everywhere.values()],
    objects: steps.flatMap(({ step }, i) =>
      step.map((d) => ({
        resource: d.resource,
        hosts: d.hosts,
        verdict: verdictOf(d),
        reasons: [...d.refused.values(), ...d.approximate.values()],
        step: i + 1,
      })),
    ),
  };
}

const verdictOf = ({ refused, approximate }: Draft): Verdict =>
  refused.size > 0 ? 'cannot be moved' : approximate.size > 0 ? 'needs a decision' : 'ready';

const compare = (a: Draft, b: Draft): number => {
  const [x, y] = [`${a.hosts[0] ?? ''} ${a.resource}`, `${b.hosts[0] ?? ''} ${b.resource}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Objects that share a host, directly or over others. Each group and its objects sorted by host. */
function together(drafts: readonly Draft[]): Draft[][] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const met = [...new Set(draft.hosts.flatMap((host) => groups.get(host) ?? []))];
    const group = [...met, draft];
    for (const member of group) for (const host of member.hosts) groups.set(host, group);
    if (draft.hosts.length === 0) groups.set(` ${draft.resource}`, group);
  }
  return [...new Set(groups.values())].map((group) => group.toSorted(compare));
}

function hostsOf(object: Readonly<Record<string, unknown>>): string[] {
  const spec = (object.spec ?? {}) as { rules?: { host?: string }[]; hosts?: string[]; hostnames?: string[] };
  const list = spec.hosts ?? spec.hostnames ?? (Array.isArray(spec.rules) ? spec.rules.map((r) => r?.host ?? '*') : []);
  return Array.isArray(list) ? [...new Set(list.map(String))] : [];
}
