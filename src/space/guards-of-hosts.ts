// Which rules of a policy may be about some hosts: the others are left out before anything is explored. Only sure knowledge counts.

import type { Atom } from './atoms.js';
import type { GuardRule, Guards } from './guards.js';
import type { HostClass } from './hosts.js';

/** The guards without rules that no request to `hosts` meets. */
export function guardsOfHosts(guards: Guards, hosts: readonly HostClass[]): Guards {
  if (hosts.some((h) => h.kind !== 'exact')) return guards;
  const about = ({ atoms }: GuardRule) =>
    atoms.every((a) => a.dimension !== 'host' || a.invert || hosts.some(({ value }) => mayBe(a.test, value)));
  return { ...guards, deny: guards.deny.filter(about), allow: guards.allow.filter(about) };
}

/** A Host header of this name, perhaps with a port, may pass the test. */
function mayBe(test: Atom['test'], name: string): boolean {
  if (test.kind === 'any-of') return test.of.some((one) => mayBe(one, name));
  if (test.kind !== 'exact' && test.kind !== 'prefix') return true;
  const value = test.value.toLowerCase();
  return value.startsWith(name) || (test.kind === 'prefix' && name.startsWith(value));
}
