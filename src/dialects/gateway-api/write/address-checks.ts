// Rules that turn addresses away, as checks of the rules behind them: which rule has which checks, told by its match.

import { noteHeaders } from '../../../implementations/istio/write/address-check-losses.js';
import type { Route, RouteMatch, SourceMatcher } from '../../../model/index.js';
import type { Report } from './report.js';

export interface Checked {
  /** Without the rules that check addresses. */
  readonly routes: readonly Route[];
  /** By the match of a rule; absent: none. */
  readonly checks: ReadonlyMap<RouteMatch, readonly SourceMatcher[]>;
}

const isCheck = (route: Route): boolean => (route.match.source?.length ?? 0) > 0;
const refuses = ({ action }: Route): boolean => action.kind === 'direct-response' && action.status === 403;

const partsOf = ({ headers, query }: RouteMatch): readonly string[] =>
  [...headers, ...query].map((part) => JSON.stringify(part, (key, value) => (key === 'origin' ? undefined : value)));

const samePath = (a: RouteMatch, b: RouteMatch): boolean => JSON.stringify(a.path) === JSON.stringify(b.path);
/** Every request that `b` takes is one that `a` asks for, addresses apart; paths are compared as they are written. */
const includes = (a: RouteMatch, b: RouteMatch): boolean => {
  const parts = partsOf(b);
  return samePath(a, b) && partsOf(a).every((part) => parts.includes(part));
};

/** `canCheck`: these checks can stand together at one rule. */
export function withChecks(
  routes: readonly Route[],
  canCheck: (checks: readonly SourceMatcher[]) => boolean,
  report: Report,
): Checked {
  if (!routes.some(isCheck)) return { routes, checks: new Map() };
  const checks = new Map<RouteMatch, readonly SourceMatcher[]>();
  for (const [i, check] of routes.entries()) {
    if (!isCheck(check)) continue;
    const behind = routes.slice(i + 1);
    const refuse = (why: string) =>
      report.add('source-address.dropped', why, check.matchOrigin ?? check.origin, { route: check });
    if (!refuses(check)) {
      refuse('a policy has only the answer 403 for addresses');
      continue;
    }
    // The same check for all requests stands behind it: this one is about headers of the answer.
    if (
      behind.some(
        (r) =>
          isCheck(r) &&
          refuses(r) &&
          sameSource(r, check) &&
          partsOf(r.match).length < partsOf(check.match).length &&
          includes(r.match, check.match),
      )
    )
      continue;
    const last = behind.findIndex(
      (r) => !isCheck(r) && includes(check.match, r.match) && includes(r.match, check.match),
    );
    if (last < 0) {
      refuse('no rule stands behind the check that has all of its requests');
      continue;
    }
    const guarded = behind.slice(0, last + 1).filter((r) => !isCheck(r) && includes(check.match, r.match));
    const added = guarded.map((r) => [...(checks.get(r.match) ?? []), ...(check.match.source ?? [])]);
    if (!added.every(canCheck)) {
      refuse('a policy cannot require two address lists at once');
      continue;
    }
    for (const [n, route] of guarded.entries()) checks.set(route.match, added[n] ?? []);
    noteAnswers(check, guarded, report);
  }
  return { routes: routes.filter((r) => !isCheck(r)), checks };
}

/** A refusal has the headers of the rule that it stands before, where that forwards, and else none. */
function noteAnswers(check: Route, guarded: readonly Route[], report: Report): void {
  const own = namesOf(check);
  const behind = guarded.map((r) => (r.action.kind === 'forward' ? namesOf(r) : []));
  if (behind.some((names) => own.some((name) => !names.includes(name)))) noteHeaders(check, report);
  const more = behind.flat().filter((name) => !own.includes(name));
  if (more.length > 0)
    report.add(
      'source-address.headers',
      `responses of 403 by an address check also have ${[...new Set(more)].join(', ')}`,
      check.matchOrigin ?? check.origin,
      { route: check },
    );
}

const namesOf = ({ responseHeaders }: Route): readonly string[] =>
  [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);

const sameSource = (a: Route, b: Route): boolean =>
  JSON.stringify(a.match.source?.map(plain)) === JSON.stringify(b.match.source?.map(plain));
const plain = ({ cidrs, invert = false, address }: SourceMatcher) => [cidrs, invert, address];
