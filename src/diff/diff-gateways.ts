// For which requests do two gateways differ? Every pair of rules that can answer one request differently, each with a
// request that the simulator has answered on both sides; what could not be decided is said, and so is what was compared.

import type { EffectiveGateway, GatewayDiff } from '../model/index.js';
import { becauseOf } from './ask.js';
import { compareConnection } from './compare-connections.js';
import { addUndecided, type Comparison, type DiffOptions, newComparison } from './comparison.js';

export type { DiffOptions } from './comparison.js';

export function diffGateways(
  before: EffectiveGateway,
  after: EffectiveGateway,
  options: DiffOptions = {},
): GatewayDiff {
  const comparison = newComparison(before, after, options);
  const { connections } = comparison.walk;
  for (const [i, connection] of connections.entries())
    compareConnection(comparison, connection, (share) => options.progress?.((i + share) / connections.length));
  return resultOf(comparison);
}

function resultOf(comparison: Comparison): GatewayDiff {
  const { candidates, connections, undecided, compared, delivery } = comparison.found;
  const differences = [...connections];
  let told = false;
  for (const { difference, expected, open, tried, example, routes } of candidates.values()) {
    if (difference) {
      differences.push(difference);
      continue;
    }
    if (told) continue;
    told = comparison.options.brief === true && (open !== undefined || (!expected && tried > 0));
    if (open !== undefined)
      addUndecided(comparison, { reason: open, request: example, because: becauseOf(comparison, routes) });
    // Not tried: the budget was spent, which stands among the undecided parts.
    else if (!expected && tried > 0)
      addUndecided(comparison, {
        reason: `the rules are written differently and gave the same answers to ${tried} requests; whether they always do was not proven`,
        request: example,
        because: becauseOf(comparison, routes),
      });
  }
  return {
    equivalent: differences.length > 0 ? false : undecided.length > 0 ? 'undecided' : true,
    compared,
    differences,
    undecided,
    delivery: [...delivery.values()],
  };
}
