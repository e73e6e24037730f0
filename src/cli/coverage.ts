// Which rules of the gateways that were asked did no request reach?

import type { Simulated, Simulator } from '../api/simulator.js';
import { EXIT } from '../diagnostics/index.js';
import {
  type EffectiveGateway,
  type GatewayRequest,
  locatedOrigin,
  type Origin,
  type Route,
  routesOf,
  ruleOrigins,
  type WeightedDestination,
} from '../model/index.js';
import { locate } from '../sources/index.js';
import { type Io, wantsColor } from './io.js';

export interface Coverage {
  readonly rules: number;
  readonly reached: number;
  /** 0..100; 100 where there is no rule. */
  readonly percent: number;
  readonly missed: readonly ReturnType<typeof locatedOrigin>[];
}

interface CoverageFlags {
  readonly failUnder?: number;
  readonly output: 'text' | 'json' | 'junit' | 'github';
  readonly color?: boolean;
}

/** A rule is a place in a file: several routes of the model may come from one. */
export function coverageOf(
  requests: readonly GatewayRequest[],
  simulated: readonly Simulated[],
  simulator: Simulator,
): Coverage {
  const gateways = new Set(requests.map((request) => simulator.gatewayOf(request)));
  const all = new Map<string, Origin>();
  for (const gateway of gateways) for (const origin of ruleOrigins(gateway)) all.set(keyOf(origin), origin);
  const reached = new Set<string>();
  for (const { decision } of simulated) {
    const origin =
      decision.kind === 'l4' ? decision.chain.origin : 'route' in decision ? decision.route?.origin : undefined;
    if (origin) reached.add(keyOf(origin));
  }
  const missed = [...all].filter(([key]) => !reached.has(key)).map(([, origin]) => locatedOrigin(origin, locate));
  const count = all.size - missed.length;
  return { rules: all.size, reached: count, percent: all.size === 0 ? 100 : (100 * count) / all.size, missed };
}

/**
 * Percent, as router_check_tool counts: each cluster of a route with weights for itself, and only routes of which a test was right
 * (test/tools/router_check/coverage.cc). 100 where there is no route. `confirmed`: answers to tests that were right.
 */
export function toolCoverage(gateways: readonly EffectiveGateway[], confirmed: readonly Simulated[]): number {
  const all = new Set([...new Set(gateways)].flatMap(routesOf).flatMap(clusterKeys));
  const covered = new Set(confirmed.flatMap(coveredKey).filter((key) => all.has(key)));
  return all.size === 0 ? 100 : (100 * covered.size) / all.size;
}

function coveredKey({ decision }: Simulated): string[] {
  const route = 'route' in decision ? decision.route : undefined;
  if (!route) return [];
  const chosen = 'chosen' in decision ? decision.chosen : undefined;
  return [chosen && isWeighted(route) ? clusterKey(route, chosen) : keyOf(route.origin)];
}

const isWeighted = ({ action }: Route): boolean => action.kind === 'forward' && action.destinations.length > 1;

const clusterKeys = (route: Route): string[] =>
  route.action.kind === 'forward' && isWeighted(route)
    ? route.action.destinations.map((d) => clusterKey(route, d))
    : [keyOf(route.origin)];

const clusterKey = ({ origin }: Route, { to }: WeightedDestination): string =>
  `${keyOf(origin)} ${'host' in to ? to.host : to.status}`;

const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${path.join('/')}`;

export const coverageCode = ({ percent }: Coverage, { failUnder }: CoverageFlags): number =>
  failUnder !== undefined && percent < failUnder ? EXIT.findings : EXIT.ok;

/** Beside a format for programs on stdout the table goes to stderr. */
export async function reportCoverage(coverage: Coverage, flags: CoverageFlags, io: Io): Promise<number> {
  const [{ renderCoverage }, { styleFor }] = await Promise.all([
    import('../report/check-text.js'),
    import('../report/style.js'),
  ]);
  const output = flags.output === 'text' ? io.stdout : io.stderr;
  output.write(renderCoverage(coverage, flags.failUnder, styleFor(wantsColor(io, output, flags.color))));
  return coverageCode(coverage, flags);
}
