// The hosts of one connection: where two virtual hosts are not the same rule for rule, all requests to them are explored.

import { type HttpChain, own, put } from '../model/index.js';
import { TooLargeError } from '../regex/index.js';
import {
  explore,
  type Frame,
  frameOf,
  type HostClass,
  type Point,
  type Region,
  type Witness,
  withWork,
  witnessOf,
} from '../space/index.js';
import { ask, placeIn } from './ask.js';
import { policiesText, sameRoutes } from './canonical.js';
import { compareRules, type HostQuestion } from './compare-rules.js';
import { addUndecided, type Comparison } from './comparison.js';
import { costOfPatterns } from './cost-of-patterns.js';
import { exploreOnce, keyOf } from './explore-once.js';
import { type Side, type Sides, sidesOf } from './sides.js';

/** Changed rules of each side that are tried one by one where a cap was reached. */
const MOST_SAMPLED = 500;
/** What trying one may cost, in the allowance of a plain rule. */
const RULES_OF_SAMPLE = 5;

export function compareRegion(comparison: Comparison, region: Region): void {
  const { compared } = comparison.found;
  const [before, after] = region.virtualHosts;
  const [chainBefore, chainAfter] = region.connection.receptions as readonly [HttpChain, HttpChain];
  const samePolicies = policiesText(chainBefore) === policiesText(chainAfter);
  if (!before && !after && samePolicies) return;
  compared.virtualHosts++;
  if (samePolicies && before && after && sameRoutes(before, after)) {
    compared.identical++;
    return;
  }
  const sides = sidesOf(region, comparison.gateways);
  if (!sides) {
    const reason = `the policies of port ${region.connection.example.port} have more alternatives than the cap allows`;
    addUndecided(comparison, { reason });
    return;
  }
  // Policies that are about other hosts make no difference here.
  if (!sides.guarded && before && after && sameRoutes(before, after)) {
    compared.identical++;
    return;
  }
  const byHost = sides.lists.some((list) => list.some((p) => p.atoms.some((a) => a.dimension === 'host')));
  // One host stands for all; the one that the connection was made for, since TLS may make a difference between them.
  const one = region.hosts.find((h) => h.example === region.connection.example.sni) ?? region.hosts[0]!;
  for (const host of byHost ? region.hosts : [one]) compareHost(comparison, region, host, byHost, sides);
}

function compareHost(comparison: Comparison, region: Region, host: HostClass, byHost: boolean, sides: Sides): void {
  const { found, run } = comparison;
  const { lists, changed } = sides;
  const frame = tryFrame(comparison, region, host, byHost);
  if (!frame) return;
  const question: HostQuestion = {
    comparison,
    routes: sides.routes,
    seen: new Set(),
    patterns: region.virtualHosts.reduce((sum, v) => sum + costOfPatterns(v), 0),
  };
  const witness = (point: Point) =>
    witnessOf(point, { ...comparison.witnesses, connection: region.connection.example, host: host.example });
  const exploration = { key: byHost ? undefined : keyOf(comparison.memory, sides, frame), sides, frame };
  const rules = lists.reduce((n, list) => n + list.length, 0);
  const result = withWork(run, rules, (work) =>
    exploreOnce(comparison.memory, exploration, work, (taken, point) =>
      compareRules(question, sides.answering(taken), () => witness(point()), work),
    ),
  );
  found.compared.paths += result.pathClasses;
  for (const [key, n] of Object.entries(result.classes))
    put(found.compared.dimensions, key, Math.max(n, own(found.compared.dimensions, key) ?? 0));
  if (!result.complete) {
    const tried = sampleChanged(question, sides, frame, witness);
    const all = changed[0].size + changed[1].size;
    const many = tried < all ? `; ${tried} of ${all} changed rules were tried, each with one request` : '';
    addUndecided(comparison, { reason: `${host.example}: ${result.reason}${many}` });
  }
  noteUnknown(comparison, result.unknown, sides);
}

function tryFrame(comparison: Comparison, region: Region, host: HostClass, byHost: boolean): Frame | undefined {
  const engines = comparison.gateways.map((g) => g.engine);
  try {
    return frameOf(region, engines, byHost ? host : undefined);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    addUndecided(comparison, { reason: `hosts like ${host.example} have ${error.message}` });
    return undefined;
  }
}

/** Where not everything could be explored: a request of each changed rule may still show a difference. How many were tried. */
function sampleChanged(
  question: HostQuestion,
  { lists, changed, explored }: Sides,
  frame: Frame,
  witness: (point: Point) => Witness,
): number {
  const { comparison } = question;
  const rules = changed.flatMap((set, side) =>
    [...set].slice(0, MOST_SAMPLED).map((index) => ({ side: side as Side, index })),
  );
  let tried = 0;
  withWork(comparison.run, RULES_OF_SAMPLE * rules.length, (work) => {
    for (const { side, index } of rules) {
      if (work.left <= 0) break;
      tried++;
      const onLeaf = ([taken]: readonly number[], point: () => Point): boolean => {
        if (taken !== 0) return false;
        const shown = witness(point());
        const { routes } = ask(comparison, shown, { work, patterns: question.patterns });
        // Only the rule of one side is certain to match it.
        if (routes[side] === explored[side][index]) compareRules(question, routes, () => shown, work);
        return true;
      };
      explore([[lists[side]![index]!]], frame, { onLeaf }, work);
    }
  });
  return tried;
}

/** Rules with a test that is too large to compute with: what they take is open. */
function noteUnknown(comparison: Comparison, unknown: readonly ReadonlyMap<number, string>[], sides: Sides): void {
  unknown.forEach((rules, list) => {
    for (const [index, reason] of rules) {
      const origin = placeIn(comparison, sides.originOf(list, index));
      const isBefore = list === 0 || list === 2 || list === 3;
      addUndecided(comparison, {
        reason,
        because: isBefore ? { before: origin, after: null } : { before: null, after: origin },
      });
    }
  });
}
