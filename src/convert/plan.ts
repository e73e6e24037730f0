// The plan of a move: for each object whether it can go as it is, after which decisions, or why not; each decision and each piece of work in
// the cluster once for all objects; and the order. What shares a host goes in one step.

import { formatResource, greatest, type JsonObject } from '../model/index.js';
import type { Translation } from './convert.js';
import { answersFor, type Decisions, decidedItems } from './decided.js';
import type { GroupKey } from './features/feature.js';
import { FEATURES } from './features/index.js';
import { type ConversionItem, isLoss, type LossItem } from './item.js';

export type Verdict = 'ready' | 'ready after decisions' | 'cannot move';

/** One sentence of a report, and the objects that it is about; none: the whole gateway. */
export interface Statement {
  readonly message: string;
  readonly objects: readonly string[];
}

/** What is decided, or done, once. */
export interface Entry {
  /** Name in the report, and under `convert.decisions` of meshgw.config.yaml. */
  readonly feature: string;
  readonly title: string;
  readonly statements: readonly Statement[];
  /** The objects of all statements; none: the whole gateway. */
  readonly objects: readonly string[];
}

export interface Decision extends Entry {
  /** `refused`: the target has nothing for it. `differs`: some responses are others. */
  readonly group: Extract<GroupKey, 'refused' | 'differs'>;
  /** What can be done, where there is more than to accept it; Markdown. */
  readonly decision?: string;
  /** What meshgw.config.yaml may answer. */
  readonly answers: readonly string[];
}

export interface Reason {
  readonly feature: string;
  readonly message: string;
}

export interface PlannedObject {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly verdict: Verdict;
  /** Features of the decisions that it waits for: those of the whole gateway are not among them. */
  readonly decisions: readonly string[];
  /** Features of what there is to do for it in the cluster. */
  readonly tasks: readonly string[];
  /** Why it cannot move; who can do without it accepts it as a decision is accepted. */
  readonly why: readonly Reason[];
  /** Objects of one step share hosts, and have to move together. From 1, the easiest first. */
  readonly step: number;
}

export interface Plan {
  readonly version: 2;
  /** Those that most objects wait for first; those of the whole gateway last. */
  readonly decisions: readonly Decision[];
  /** To do in the cluster: for the whole gateway first. */
  readonly tasks: readonly Entry[];
  readonly objects: readonly PlannedObject[];
  /** For the installation of the control plane, where the output needs something there. */
  readonly installation?: JsonObject;
  /** Features that meshgw.config.yaml has decided, and that the files need. */
  readonly decided: readonly string[];
}

interface Draft {
  readonly resource: string;
  readonly hosts: readonly string[];
  readonly decisions: Set<string>;
  readonly tasks: Set<string>;
  readonly why: Map<string, Reason>;
}

interface FoundEntry {
  readonly item: LossItem;
  readonly statements: Map<string, Set<string>>;
}

type Found = Map<string, FoundEntry>;

/** The steps with the fewest questions come first. */
export function plan(translation: Pick<Translation, 'items' | 'installation'>, answers: Decisions = {}): Plan {
  const drafts = new Map<string, Draft>();
  const [decisions, tasks]: [Found, Found] = [new Map(), new Map()];
  const decided = new Set<string>();
  const answered = decidedItems(translation.items, answers);
  // What a field of the books is lost with has an item of its own, where it has one.
  const isOfField = ({ ofField }: ConversionItem): number => (ofField ? 1 : 0);
  for (const item of translation.items.toSorted((a, b) => isOfField(a) - isOfField(b))) {
    const { resource } = item.origin;
    const draft = draftOf(drafts, formatResource(resource), resource.object);
    // The fields of a rule that is closed or left out wait for the same decision.
    if (!isLoss(item) || item.key === 'field.closed' || item.key === 'field.left-out') continue;
    const { group } = FEATURES[item.key];
    if (answered.has(item)) decided.add(item.feature);
    if (BELONGS.test(item.message)) continue;
    if (answered.has(item) || group === 'carriage' || (item.ofField && isNamed(draft, item.feature))) continue;
    if (staysBehind(item)) {
      draft.why.set(item.message, { feature: item.feature, message: item.message });
      continue;
    }
    const everywhere = isEverywhere(item);
    add(group === 'todo' ? tasks : decisions, item, everywhere ? undefined : draft.resource);
    if (!everywhere) (group === 'todo' ? draft.tasks : draft.decisions).add(item.feature);
  }
  const entries = [...decisions].map(([feature, found]) => decisionOf(feature, found));
  return {
    version: 2,
    decisions: entries.sort((a, b) => b.objects.length - a.objects.length),
    tasks: [...tasks].map(([feature, found]) => entryOf(feature, found)).sort(commonFirst),
    objects: inSteps([...drafts.values()]),
    ...(translation.installation ? { installation: translation.installation } : {}),
    decided: [...decided].sort(),
  };
}

const commonFirst = (a: Entry, b: Entry): number =>
  Number(a.objects.length > 0) - Number(b.objects.length > 0) || b.objects.length - a.objects.length;

const isNamed = ({ decisions, tasks, why }: Draft, feature: string): boolean =>
  decisions.has(feature) || tasks.has(feature) || [...why.values()].some((reason) => reason.feature === feature);

/** An annotation that only says more of another, which has an item of its own. */
const BELONGS = /^belongs to what is /;

/** Decided once for all objects; a `default` is the object's own where one of its annotations asks for it. */
const isEverywhere = ({ key, origin }: LossItem): boolean =>
  FEATURES[key].decided === 'gateway' || (FEATURES[key].decided === 'default' && origin.path[0] !== 'metadata');

/** A part of the object is not in the output at all, and nothing that could be decided brings it there. */
function staysBehind({ key, severity }: LossItem): boolean {
  const { leavesOut, withoutCounterpart, protects } = FEATURES[key];
  return severity === 'refused' && protects === undefined && (leavesOut !== undefined || withoutCounterpart === true);
}

function draftOf(drafts: Map<string, Draft>, resource: string, object: Readonly<Record<string, unknown>>): Draft {
  const known = drafts.get(resource);
  if (known) return known;
  const draft = { resource, hosts: hostsOf(object), decisions: new Set<string>(), tasks: new Set<string>() };
  const made = { ...draft, why: new Map<string, Reason>() };
  drafts.set(resource, made);
  return made;
}

/** `object`: absent for what is about the whole gateway. */
function add(found: Found, item: LossItem, object: string | undefined): void {
  const entry = found.get(item.feature) ?? { item, statements: new Map<string, Set<string>>() };
  found.set(item.feature, entry);
  const message = statementOf(item);
  const objects = entry.statements.get(message) ?? new Set();
  entry.statements.set(message, objects);
  if (object !== undefined) objects.add(object);
}

/** With the annotation that it is about, where it does not name it. */
function statementOf({ message, origin: { path } }: LossItem): string {
  const name = path[0] === 'metadata' && path[1] === 'annotations' ? String(path[2] ?? '') : '';
  const local = name.slice(name.lastIndexOf('/') + 1);
  return name === '' || message.includes(local) ? message : `${name}: ${message}`;
}

function entryOf(feature: string, { item, statements }: FoundEntry): Entry {
  return {
    feature,
    title: FEATURES[item.key].title,
    statements: [...statements].map(([message, objects]) => ({ message, objects: [...objects] })),
    objects: [...new Set([...statements.values()].flatMap((objects) => [...objects]))],
  };
}

function decisionOf(feature: string, found: FoundEntry): Decision {
  const { key } = found.item;
  const { group, decision = '' } = FEATURES[key];
  // The flag that a message names need not be named twice.
  const flag = /--[a-z-]+/.exec(decision)?.[0];
  const isSaid = flag !== undefined && [...found.statements.keys()].some((message) => message.includes(flag));
  return {
    ...entryOf(feature, found),
    group: group === 'refused' ? 'refused' : 'differs',
    ...(decision === '' || isSaid ? {} : { decision }),
    answers: answersFor(key),
  };
}

const RANK: Readonly<Record<Verdict, number>> = { ready: 0, 'ready after decisions': 1, 'cannot move': 2 };

const verdictOf = ({ why, decisions }: Draft): Verdict =>
  why.size > 0 ? 'cannot move' : decisions.size > 0 ? 'ready after decisions' : 'ready';

function inSteps(drafts: readonly Draft[]): PlannedObject[] {
  const steps = together(drafts).map((step) => ({
    step,
    rank: greatest(
      step.map((d) => RANK[verdictOf(d)]),
      0,
    ),
    questions: new Set(step.flatMap((d) => [...d.decisions])).size,
  }));
  steps.sort((a, b) => a.rank - b.rank || a.questions - b.questions || compare(a.step[0]!, b.step[0]!));
  return steps.flatMap(({ step }, i) =>
    step.map((d) => ({
      resource: d.resource,
      hosts: d.hosts,
      verdict: verdictOf(d),
      decisions: [...d.decisions],
      tasks: [...d.tasks],
      why: [...d.why.values()],
      step: i + 1,
    })),
  );
}

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
