// The conditions that say no, of all statuses that controllers would write, as messages.

import {
  formatResource,
  isRefusal,
  type ObjectStatus,
  type Origin,
  type StatusCondition,
  shortKind,
} from '../model/index.js';

export interface StatusRefusal {
  readonly message: string;
  readonly origin: Origin;
  /** Requests fail for certain: connections to a destination cannot be verified. */
  readonly severity?: 'error';
}

export const statusRefusals = (statuses: readonly ObjectStatus[]): readonly StatusRefusal[] =>
  statuses.flatMap(({ resource, conditions = [], listeners = [], parents = [], ancestors = [] }) => {
    const who = formatResource(resource);
    return [
      ...refused(who, conditions),
      ...listeners.flatMap((l) => refused(`listener ${l.name} of ${who}`, l.conditions)),
      ...[...parents, ...ancestors].flatMap((p) =>
        refused(`${who} at the ${shortKind(p.kind)} ${p.namespace}/${p.name}`, p.conditions),
      ),
    ];
  });

/** Of a policy of TLS to a destination: every connection fails. */
const FAILING = new Set(['NoValidCACertificate', 'Invalid']);

const refused = (who: string, conditions: readonly StatusCondition[]): StatusRefusal[] =>
  conditions.filter(isRefusal).map(({ type, status, reason, message, origin }) => ({
    ...(type === 'Accepted' && FAILING.has(reason) ? { severity: 'error' } : {}),
    message: `${who}: the status will be ${type}=${status ? 'True' : 'False'} (${reason}): ${message}`,
    origin,
  }));
