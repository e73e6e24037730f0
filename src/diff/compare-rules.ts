// Two rules that answer the same requests, one on each side: do they do the same? Rules whose effects are equal texts do;
// of others the simulator is asked, with requests that would show a difference.

import { formatPath, formatResource, type Route } from '../model/index.js';
import { isSeenAsWritten, type Witness, type Work } from '../space/index.js';
import { deltaOf, type Effect, effectOf, NO_ROUTE } from './answer.js';
import { type Answers, ask, becauseOf, differenceOf, isExpected, type Price } from './ask.js';
import type { Candidate, Comparison } from './comparison.js';
import { familyOf } from './family.js';
import { isSameFixedLocation } from './fixed-location.js';
import { openPorts } from './open-ports.js';
import { probes } from './probes.js';
import { sameResult } from './results.js';
import type { RoutePair } from './sides.js';

/** Requests of one pair that are tried before it is left open. */
const MOST_TRIED = 120;

/** What the pairs of one virtual host share. */
export interface HostQuestion {
  readonly comparison: Comparison;
  /** All routes of both sides, in order. */
  readonly routes: readonly [readonly Route[], readonly Route[]];
  /** Pairs, by name, that were seen here already. */
  readonly seen: Set<string>;
  /** Of asking both sides for a request. */
  readonly patterns: number;
}

/** `routes` answer the witness. @throws TooLargeError when the budget is spent */
export function compareRules(question: HostQuestion, routes: RoutePair, witness: () => Witness, work: Work): void {
  const { comparison, seen } = question;
  const { candidates, delivery } = comparison.found;
  const [before, after] = routes;
  const path = onlyPath(before) ?? onlyPath(after);
  const effects = [before ? effectOf(before, path) : NO_ROUTE, after ? effectOf(after, path) : NO_ROUTE] as const;
  const name = nameOf(routes);
  if (effects[0].outcome === effects[1].outcome && effects[0].change === effects[1].change) {
    if (effects[0].delivery !== effects[1].delivery && !comparison.options.brief && !delivery.has(name))
      delivery.set(name, {
        gateway: comparison.id,
        request: witness().request,
        because: becauseOf(comparison, routes),
      });
    return;
  }
  if (isSameFixedLocation(routes)) return;
  const known = candidates.get(name);
  if (known?.difference) {
    if (!seen.has(name)) known.difference.occurrences++;
    seen.add(name);
    return;
  }
  if (known && known.tried >= MOST_TRIED && !known.expected) return;
  seen.add(name);
  const shown = witness();
  const candidate: Candidate = known ?? { routes, tried: 0, example: shown.request };
  candidates.set(name, candidate);
  askFor(comparison, candidate, shown, effects, { isNew: !known, price: { work, patterns: question.patterns } });
  const family = candidate.difference && familyOf(routes, question.routes, work);
  if (family) Object.assign(candidate.difference!, { family });
}

/** What the simulator answers for both rules: one request where they answer every request alike, else the witness and requests like it. */
function askFor(
  comparison: Comparison,
  candidate: Candidate,
  shown: Witness,
  effects: readonly [Effect, Effect],
  { isNew, price }: { readonly isNew: boolean; readonly price: Price },
): void {
  if (candidate.routes.every(isConstant)) {
    // Such rules answer every request alike, so that one answer proves it.
    const answers = ask(comparison, shown, price);
    if (!sameResult(answers.results[0], answers.results[1], comparison.acrossEngines))
      recordDifference(comparison, candidate, shown, answers);
    else if (isNew) comparison.found.candidates.delete(nameOf(candidate.routes));
    return;
  }
  const { memory, options } = comparison;
  const delta = deltaOf(...effects);
  // Of pairs that differ in the same way, the probes that showed nothing of the first are not sent for all.
  const only = memory.triedAlike.has(delta) && !options.isExpected;
  tryRequests(comparison, candidate, shown, { certain: effects[0].chance !== effects[1].chance, only }, price);
  const { difference, expected, open } = candidate;
  if (!difference && !expected && open === undefined) memory.triedAlike.add(delta);
}

const nameOf = (routes: RoutePair): string => routes.map(ruleName).join(' | ');

/** `certain`: the answers differ in what chance decides, whatever is shown. `only`: the witness, and no requests like it. */
function tryRequests(
  comparison: Comparison,
  candidate: Candidate,
  witness: Witness,
  { certain, only }: { readonly certain: boolean; readonly only: boolean },
  price: Price,
): void {
  const { gateways, acrossEngines } = comparison;
  const { routes } = candidate;
  const engines = gateways.map((g) => g.engine);
  // A pair that is known to differ may do so elsewhere in a way that is not: every place is asked then, if not with every probe.
  for (const request of candidate.tried < MOST_TRIED && !only ? probes(witness.request, routes) : [witness.request]) {
    if (request !== witness.request && !isSeenAsWritten(request.path, engines)) continue;
    const probe: Witness = { ...witness, request };
    const answers = ask(comparison, probe, price);
    const { results, routes: taken } = answers;
    // A probe may be another rule's request.
    if (request !== witness.request && (taken[0] !== routes[0] || taken[1] !== routes[1])) continue;
    candidate.tried++;
    if (sameResult(results[0], results[1], acrossEngines)) continue;
    if (recordDifference(comparison, candidate, probe, answers)) return;
  }
  if (!certain) return;
  // What chance decides (a share of faults or mirrors) shows in no single answer.
  const { results, located } = ask(comparison, witness, price);
  if (results[0].status === 401 || results[0].status === 403) return;
  // Where one side forwards nothing, that shows, and was looked at.
  if (results.some((r) => r.destination === null || r.connection !== undefined)) return;
  candidate.difference = differenceOf(comparison, witness, located(), becauseOf(comparison, routes));
}

/** Unless the caller expects it, or it is open whether there is one, the pair has this difference. */
function recordDifference(
  comparison: Comparison,
  candidate: Candidate,
  witness: Witness,
  { results, located }: Answers,
): boolean {
  const difference = differenceOf(comparison, witness, located(), becauseOf(comparison, candidate.routes));
  if (isExpected(comparison, difference)) {
    candidate.expected = true;
    return false;
  }
  const open = openPorts(results[0], results[1], comparison.acrossEngines);
  if (open !== undefined) {
    candidate.open = open;
    return false;
  }
  candidate.difference = difference;
  return true;
}

/** Answers by itself, whatever the request is like. */
function isConstant(route: Route | undefined): boolean {
  if (!route || route.action.kind === 'none') return !route?.fault;
  const { action, responseHeaders, fault, cors } = route;
  return (
    action.kind === 'direct-response' &&
    !fault &&
    !cors &&
    !JSON.stringify([responseHeaders?.set, responseHeaders?.add]).includes('%')
  );
}

/** The rule as its file names it. */
function ruleName(route: Route | undefined): string {
  if (!route) return '-';
  const { resource, path } = route.matchOrigin ?? route.origin;
  return `${formatResource(resource)} ${formatPath(path)}`;
}

const onlyPath = (route: Route | undefined): string | undefined => {
  const path = route?.match.path;
  return path?.kind === 'exact' && path.ignoreCase !== true ? path.value : undefined;
};
