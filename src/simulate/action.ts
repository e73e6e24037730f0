// What a route does, compiled: templates parsed, patterns compiled, the outcomes of its weights counted.

import type {
  Destination,
  Forward,
  PathRewrite,
  ResultDestination,
  Route,
  SplitOutcome,
  WeightedDestination,
} from '../model/index.js';
import { type CompiledCors, compileCors } from './cors.js';
import type { CompiledPathRewrite, EngineRules } from './engines/engine-rules.js';
import { type CompiledHeaderOps, compileHeaderOps } from './header-ops.js';
import { compileOrNull } from './match-string.js';
import { type CompiledTemplate, compileTemplate } from './template.js';

export interface CompiledRoute {
  readonly route: Route;
  readonly requestHeaders: CompiledHeaderOps | undefined;
  readonly responseHeaders: CompiledHeaderOps | undefined;
  readonly cors: CompiledCors | undefined;
  readonly pathRewrite: CompiledPathRewrite | undefined;
  readonly hostRewrite: CompiledTemplate | undefined;
  readonly location: CompiledTemplate | undefined;
  /** Of a forward: what may be drawn. */
  readonly choices: Choices | undefined;
}

/** Weighted destinations. */
export interface Choices {
  /** Those that can be drawn. */
  readonly choices: readonly Choice[];
  /** Sum of the weights in `choices`. */
  readonly total: number;
}

export interface Choice {
  readonly destination: WeightedDestination;
  readonly weight: number;
  readonly requestHeaders: CompiledHeaderOps | undefined;
  readonly responseHeaders: CompiledHeaderOps | undefined;
}

export function compileRoute(route: Route): CompiledRoute {
  const { action } = route;
  const rewrite =
    action.kind === 'forward' ? action.rewrite?.path : action.kind === 'redirect' ? action.path : undefined;
  const host = action.kind === 'forward' ? action.rewrite?.host : undefined;
  const location = action.kind === 'redirect' ? action.location : undefined;
  return {
    route,
    requestHeaders: compileHeaderOps(route.requestHeaders),
    responseHeaders: compileHeaderOps(route.responseHeaders),
    cors: route.cors && compileCors(route.cors),
    pathRewrite: rewrite && compilePathRewrite(rewrite),
    hostRewrite: host ? compileTemplate(host) : undefined,
    location: location === undefined ? undefined : compileTemplate(location),
    choices: action.kind === 'forward' ? compileChoices(action.destinations) : undefined,
  };
}

/** A pattern that RE2 refuses rewrites nothing; lint reports it. */
function compilePathRewrite(rewrite: PathRewrite): CompiledPathRewrite | undefined {
  if (rewrite.kind === 'full') return { rewrite, full: compileTemplate(rewrite.to) };
  if (rewrite.kind !== 'regex') return { rewrite };
  const regex = compileOrNull(rewrite.pattern);
  return regex ? { rewrite, regex } : undefined;
}

/** A weight of 0 is never drawn, except that one destination alone takes everything. */
export function compileChoices(destinations: Forward['destinations']): Choices {
  const drawn = destinations.length > 1 ? destinations.filter((d) => d.weight > 0) : destinations;
  const choices = (drawn.length > 0 ? drawn : destinations.slice(0, 1)).map((destination, _, all) => ({
    destination,
    weight: all.length === 1 ? 1 : destination.weight,
    requestHeaders: compileHeaderOps(destination.requestHeaders),
    responseHeaders: compileHeaderOps(destination.responseHeaders),
  }));
  return { choices, total: choices.reduce((sum, c) => sum + c.weight, 0) };
}

/** What a destination is called, in an answer. */
export const placeOf = ({ host, port, portName, subset, wholeHost }: Destination): ResultDestination => ({
  host,
  port,
  ...(portName === undefined ? {} : { portName }),
  ...(subset === undefined ? {} : { subset }),
  ...(wholeHost ? { wholeHost } : {}),
});

export const isDestination = (to: WeightedDestination['to']): to is Destination => 'host' in to;

/** The outcomes of the weights in percent; a destination that does not exist is the engine's status. */
export function outcomesOf({ choices, total }: Choices, engine: EngineRules): SplitOutcome[] {
  const merged = new Map<string, SplitOutcome>();
  for (const { destination, weight } of choices) {
    const { to } = destination;
    const percent = (100 * weight) / total;
    const outcome = !isDestination(to)
      ? { status: to.status }
      : to.missing
        ? { status: engine.noDestination.status }
        : placeOf(to);
    const key = JSON.stringify(outcome);
    merged.set(key, { ...outcome, weight: (merged.get(key)?.weight ?? 0) + percent });
  }
  return [...merged.values()];
}
