// Ways through HTTP routes: each destination and mirror of each route that a request reaches, shown by the simulator.

import type { Destination, EffectiveGateway, Forward, SimulationResult, WeightedDestination } from '../model/index.js';
import { type RouteReach, type Run, reachability, type Witness } from '../space/index.js';
import { type Admission, admissionsOf } from './admission.js';
import type { FoundWay } from './found-way.js';
import type { Answered, Draw, WaysOptions } from './input.js';

export function httpWays(gateway: EffectiveGateway, { answer }: Pick<WaysOptions, 'answer'>, run: Run): FoundWay[] {
  const admissions = admissionsOf(gateway, run);
  return reachability(gateway, { run }).flatMap((entry) => {
    const { action } = entry.route;
    if (action.kind !== 'forward') return [];
    const admission = admissions.get(entry.chain)?.get(entry.route);
    const confirm = confirmer(entry, admission, (witness, draw) => answer(gateway, witness, draw));
    return [...destinationWays(gateway, entry, action, confirm), ...mirrorWays(gateway, entry, action, confirm)];
  });
}

/** Below every percentage: what may happen does. */
const EVERYTHING_HAPPENS: Draw = () => 0;

type Confirm = (arrives: (result: SimulationResult) => boolean, draw: Draw | undefined) => FoundWay['reach'];

/** Tries the witness of the algebra, and, where a policy refuses it, one that the policies accept. */
function confirmer(
  { reach, route }: RouteReach,
  admission: Admission | undefined,
  answer: (witness: Witness, draw: Draw | undefined) => Answered,
): Confirm {
  // Of a rule with many destinations each asks for the same.
  const asked = new Map<Draw | undefined, { readonly witness: Witness; readonly answered: Answered }[]>();
  return (arrives, draw) => {
    if (reach.status === 'unreachable') return { status: 'dead', reason: DEAD[reach.because] };
    if (reach.status === 'undecided') return reach;
    const candidates = admission?.witness ? [reach.witness, admission.witness] : [reach.witness];
    const answers = asked.get(draw) ?? candidates.map((witness) => ({ witness, answered: answer(witness, draw) }));
    asked.set(draw, answers);
    const shown = answers.find(({ answered }) => answered.route === route && arrives(answered.result));
    if (shown) return { status: 'reached', witness: shown.witness };
    const { witness, answered } = answers.at(-1)!;
    const aborted = route.fault?.abort?.percent ?? 0;
    const { status, connection, reason } = answered.result;
    const what = status === undefined ? (connection ?? 'nothing') : String(status);
    if (aborted >= 100) return { status: 'dead', reason: `fault injection answers ${what} every time` };
    if (admission && !admission.witness && admission.unknown === undefined)
      return { status: 'dead', reason: `its policies refuse every request that matches: ${reason ?? what}` };
    return {
      status: 'undecided',
      reason: `a request that matches is answered ${what}: ${admission?.unknown ?? reason ?? 'no reason'}`,
      witness,
    };
  };
}

const DEAD = {
  covered: 'earlier routes match all of its requests',
  contradiction: 'its conditions contradict each other',
  host: 'another virtual host serves its hosts',
  connection: 'no connection reaches it',
} as const;

function destinationWays(gateway: EffectiveGateway, entry: RouteReach, action: Forward, confirm: Confirm): FoundWay[] {
  return shares(action.destinations).map(({ destination, to, weight }): FoundWay => {
    const dead = to.missing ? `${to.host} has no such ${to.missing}` : weight === 0 ? 'its weight is 0' : undefined;
    return {
      ...placeOf(gateway, entry),
      destination: to,
      weight,
      rule: destination.origin ?? entry.route.matchOrigin ?? entry.route.origin,
      reach: dead ? { status: 'dead', reason: dead } : confirm((result) => goesTo(result, to), undefined),
    };
  });
}

function mirrorWays(gateway: EffectiveGateway, entry: RouteReach, action: Forward, confirm: Confirm): FoundWay[] {
  return (action.mirrors ?? []).map((mirror): FoundWay => {
    const to = mirror.destination;
    const copied = (result: SimulationResult) =>
      (result.mirrors ?? []).some(({ destination }) => destination.host === to.host && destination.port === to.port);
    const dead = to.missing
      ? `${to.host} has no such ${to.missing}`
      : mirror.percent === 0
        ? 'no request is mirrored'
        : undefined;
    return {
      ...placeOf(gateway, entry),
      destination: to,
      weight: mirror.percent,
      mirror,
      rule: mirror.origin ?? entry.route.origin,
      reach: dead
        ? { status: 'dead', reason: dead }
        : confirm(copied, mirror.percent < 100 ? EVERYTHING_HAPPENS : undefined),
    };
  });
}

const placeOf = (gateway: EffectiveGateway, { chain, port, virtualHost, route }: RouteReach) => ({
  gateway,
  listener: gateway.listeners.find((l) => l.port === port && l.filterChains.includes(chain))!,
  chain,
  virtualHost,
  route,
});

interface Share {
  readonly destination: WeightedDestination;
  readonly to: Destination;
  readonly weight: number;
}

/** Destinations with their percent; one alone takes everything, whatever its weight. */
export function shares(destinations: readonly WeightedDestination[]): Share[] {
  const total = destinations.reduce((n, d) => n + d.weight, 0);
  return destinations.flatMap((destination) => {
    const { to } = destination;
    if ('status' in to) return [];
    const weight = destinations.length === 1 ? 100 : total === 0 ? 0 : (100 * destination.weight) / total;
    return [{ destination, to, weight }];
  });
}

/** One of the possible outcomes is this destination. */
export function goesTo(result: SimulationResult, to: Destination): boolean {
  let known = outcomes.get(result);
  if (!known) {
    const { split, destination } = result;
    const list = split?.filter((o) => o.weight > 0) ?? [destination];
    known = new Set(list.flatMap((o) => (o && 'host' in o ? [outcomeText(o)] : [])));
    outcomes.set(result, known);
  }
  return known.has(outcomeText(to));
}

const outcomes = new WeakMap<SimulationResult, ReadonlySet<string>>();

const outcomeText = ({ host, port, subset }: Destination): string => JSON.stringify([host, port, subset]);
