// Every outcome that chance can give, in percent: weights of destinations and the probability of an injected abort.

import type { SplitOutcome } from '../model/index.js';
import { type Choices, type CompiledRoute, isDestination, outcomesOf, placeOf } from './action.js';
import type { EngineRules } from './engines/engine-rules.js';

/** Undefined where only one outcome is possible. */
export function splitOf(
  compiled: CompiledRoute,
  preflight: boolean,
  engine: EngineRules,
): readonly SplitOutcome[] | undefined {
  const { route, choices } = compiled;
  const abort = route.fault?.abort;
  const chance = abort && abort.percent > 0 && abort.percent < 100 ? abort : undefined;
  const weighted =
    choices !== undefined && choices.choices.length > 1 && !preflight && !(abort && abort.percent >= 100);
  if (!chance && !weighted) return undefined;
  const others: SplitOutcome[] =
    choices && !preflight ? outcomesOf(choices, engine) : [{ status: ownStatus(compiled, preflight), weight: 100 }];
  if (!chance) return others;
  const scaled = others.map((o) => ({ ...o, weight: (o.weight * (100 - chance.percent)) / 100 }));
  return [...scaled, { status: chance.grpc ? 200 : chance.status, weight: chance.percent }];
}

function ownStatus({ route }: CompiledRoute, preflight: boolean): number {
  return preflight || !('status' in route.action) ? 200 : route.action.status;
}

/** A connection has no status: a destination that does not exist is closed, and listed by its name. */
export function splitOfBytes({ choices, total }: Choices): readonly SplitOutcome[] {
  return choices.map(({ destination: { to }, weight }) => ({
    ...(isDestination(to) ? placeOf(to) : { status: to.status }),
    weight: (100 * weight) / total,
  }));
}
