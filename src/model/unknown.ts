// What the files can do to an answer and the model does not predict: which of it can reach one request.

import { portFlag } from './action.js';
import type { EffectiveGateway, Reach, Route, Unsupported } from './gateway.js';
import type { DomainPattern } from './matchers.js';
import { formatPath, formatResource, type Origin } from './resource.js';

/** It can change an answer: how bytes travel does not. */
export const isUnknown = ({ effect }: Unsupported): boolean => effect !== 'delivery';

export const unknownsOf = ({ unsupported }: Pick<EffectiveGateway, 'unsupported'>): readonly Unsupported[] =>
  unsupported.filter(isUnknown);

/** Where a request was decided: what is absent was not found (no virtual host has the host, no rule takes the request). */
export interface DecidedAt {
  readonly port?: number;
  readonly virtualHost?: { readonly domains: readonly DomainPattern[] };
  readonly route?: Pick<Route, 'origin' | 'conditions' | 'action'>;
}

/** Something that can change an answer: what, in words, and where it is set. */
export type Influence = Pick<Unsupported, 'feature' | 'detail' | 'origin'>;

/** Name of a place: equal for rules from one place. */
export const placeKey = ({ resource, path }: Origin): string => `${formatResource(resource)} ${formatPath(path)}`;

/** Whether something with this reach can change what is answered there. A port that nothing listens on is reached by none of them. */
export function reaches({ ports, hosts, objects, ...of }: Reach, { port, virtualHost, route }: DecidedAt): boolean {
  if (ports && (port === undefined || !ports.includes(port))) return false;
  if (hosts && !virtualHost?.domains.some((domain) => hosts.some((host) => meet(host, domain)))) return false;
  if (of.places && !(route && of.places.has(placeKey(route.origin)))) return false;
  if (of.except && route && of.except.has(placeKey(route.origin))) return false;
  return !objects || (route !== undefined && objects.includes(formatResource(route.origin.resource)));
}

/** The unknowns of a gateway that can change what is answered there. */
export const unknownsAt = (gateway: Pick<EffectiveGateway, 'unsupported'>, at: DecidedAt): readonly Unsupported[] =>
  unsupportedAt(gateway, at).filter(isUnknown);

/** All that is not modelled and concerns what is answered there, also what changes no answer. */
export const unsupportedAt = (gateway: Pick<EffectiveGateway, 'unsupported'>, at: DecidedAt): readonly Unsupported[] =>
  gateway.unsupported.filter((u) => !u.reach || reaches(u.reach, at));

/** Those, and what the route asks besides: an external authorization, a password, the state of a rate limit. */
export const influencesAt = (gateway: Pick<EffectiveGateway, 'unsupported'>, at: DecidedAt): readonly Influence[] => [
  ...unknownsAt(gateway, at),
  ...conditionsOf(at.route),
  ...portsOf(at.route),
];

const conditionsOf = (route: DecidedAt['route']): Influence[] =>
  (route?.conditions ?? []).map(({ kind, summary, origin }) => ({
    feature: `condition.${kind}`,
    detail: summary,
    origin,
  }));

/** Ports that are named, of Services that the files do not hold. */
const portsOf = (route: DecidedAt['route']): Influence[] =>
  (route?.action.kind === 'forward' ? route.action.destinations : []).flatMap(({ to }) =>
    'portName' in to && to.portName !== undefined
      ? [
          {
            feature: 'destination.port-name',
            detail: `which number port ${to.portName} of ${to.host} has is not in the files: add the Service, or give it: ${portFlag(to)}`,
            origin: to.origin ?? route!.origin,
          },
        ]
      : [],
  );

/** Two patterns share a host, as far as their literal parts say: `*.a.com` and `x.a.com` do. */
function meet(a: DomainPattern, b: DomainPattern): boolean {
  if (a.kind === 'any' || b.kind === 'any') return true;
  if (a.kind === 'exact' && b.kind === 'exact') return a.value === b.value;
  return a.value.endsWith(b.value) || b.value.endsWith(a.value);
}
