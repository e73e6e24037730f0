// The conditions that say no, or warn, of all statuses that controllers would write, as messages: one for each place of an object.

import type { Severity } from '../diagnostics/index.js';
import {
  formatPath,
  formatResource,
  isNotable,
  isRefusal,
  type ObjectStatus,
  type Origin,
  type StatusCondition,
  shortKind,
} from '../model/index.js';

export interface StatusRefusal {
  readonly message: string;
  readonly origin: Origin;
  /** An error: a listener, a set of listeners or a route is dropped for certain, or every connection to a destination fails. */
  readonly severity: Severity;
}

/** What the conditions are about, each with its own rule of what drops it. */
type Part = 'object' | 'listener' | 'parent' | 'ancestor';

interface Said {
  readonly who: string;
  readonly part: Part;
  readonly condition: StatusCondition;
}

export const statusRefusals = (statuses: readonly ObjectStatus[]): readonly StatusRefusal[] =>
  statuses.flatMap(({ resource, conditions = [], listeners = [], parents = [], ancestors = [] }) => {
    const name = formatResource(resource);
    const of = (who: string, part: Part, list: readonly StatusCondition[]): Said[] =>
      list.filter(isNotable).map((condition) => ({ who, part, condition }));
    return byPlace([
      ...of(name, 'object', conditions),
      ...listeners.flatMap((l) => of(`listener ${l.name} of ${name}`, 'listener', l.conditions)),
      ...parents.flatMap((p) =>
        of(`${name} at the ${shortKind(p.kind)} ${p.namespace}/${p.name}`, 'parent', p.conditions),
      ),
      ...ancestors.flatMap((p) =>
        of(`${name} at the ${shortKind(p.kind)} ${p.namespace}/${p.name}`, 'ancestor', p.conditions),
      ),
    ]);
  });

/** A listener, a parent or a Gateway with several conditions at one place has one message, that of the first who. */
function byPlace(said: readonly Said[]): StatusRefusal[] {
  const places = new Map<string, Said[]>();
  for (const one of said) {
    const { origin } = one.condition;
    const key = `${origin.resource.order} ${formatPath(origin.path)}`;
    const here = places.get(key);
    if (here) here.push(one);
    else places.set(key, [one]);
  }
  return [...places.values()].map((here) => ({
    message: `${here[0]!.who}: the status will be ${inWords(here)}`,
    origin: here[0]!.condition.origin,
    severity: severityOf(here),
  }));
}

/** `Accepted=False (Reason), Programmed=False (Reason): message; …`. */
function inWords(here: readonly Said[]): string {
  const byMessage = new Map<string, Set<string>>();
  for (const { condition } of here) {
    const { type, status, reason, message } = condition;
    const words = byMessage.get(message) ?? new Set();
    byMessage.set(message, words.add(`${type}=${status ? 'True' : 'False'} (${reason})`));
  }
  return [...byMessage].map(([message, conditions]) => `${[...conditions].join(', ')}: ${message}`).join('; ');
}

function severityOf(here: readonly Said[]): Severity {
  if (here.some(isDropped)) return 'error';
  return here.every(({ condition }) => condition.type === 'OverlappingTLSConfig') ? 'info' : 'warning';
}

/** Of a policy of TLS to a destination: every connection fails. */
const FAILING = ['NoValidCACertificate', 'Invalid'];
/** Of a Gateway or ListenerSet as a whole: its listeners say it, or it works all the same. */
const SAID_BY_OTHERS = ['ListenersNotValid', 'AddressNotUsable', 'AddressNotAssigned'];

function isDropped({ part, condition }: Said): boolean {
  const { type, reason, open } = condition;
  if (!isRefusal(condition)) return false;
  if (part === 'ancestor') return type === 'Accepted' && FAILING.includes(reason);
  if (open) return false;
  if (part === 'parent') return type === 'Accepted';
  if (part === 'listener') return type === 'Accepted' || type === 'Programmed';
  return type === 'Programmed' && !SAID_BY_OTHERS.includes(reason);
}
