// What no target can be told: rules that ask the source's engine something (the path behind its middlewares, a password), values that are
// its answer, and rules that chance decides between. They are left out or written without it, each with an item.

import {
  asksEngine,
  computedHeaders,
  type EffectiveGateway,
  mapRoutes,
  questionWords,
  type Route,
  withoutComputedHeaders,
} from '../model/index.js';
import type { FeatureKey } from './dialect.js';
import type { Report, RuleBooks } from './item-list.js';

export function withoutQuestions(gateway: EffectiveGateway, report: Report & RuleBooks): EffectiveGateway {
  return mapRoutes(gateway, (routes) => {
    const kept = routes.flatMap((route) => sayable(route, report));
    return kept.length === routes.length && kept.every((r, i) => r === routes[i]) ? routes : kept;
  });
}

function sayable(route: Route, report: Report & RuleBooks): readonly Route[] {
  const leftOut = (key: FeatureKey, message: string): readonly Route[] => {
    report.add(key, message, route.matchOrigin ?? route.origin, { route });
    return [];
  };
  if (route.escaped) {
    report.needless(route);
    return [];
  }
  if (route.chance)
    return leftOut(
      'rule.chance',
      'chance decides between rules of one priority in the source; in the target the first of them does',
    );
  const asked = route.match.headers
    .map(({ name }) => (name === ':pathname' ? 'path, of which it has several tests' : questionWords(name)))
    .find((words) => words !== undefined);
  if (asked !== undefined) {
    const { action } = route;
    const refuses = action.kind === 'direct-response' && (action.status === 400 || action.status === 500);
    return refuses
      ? leftOut(
          'rewrite.path.unclean',
          `requests are answered ${action.status} by their ${asked}; the target forwards them`,
        )
      : leftOut('match.question', `a rule by the ${asked} cannot be written; it is left out`);
  }
  return ofAction(route, leftOut) ?? [withoutAnswers(route, report)];
}

/** Undefined: the action asks nothing. */
function ofAction(
  { action }: Route,
  leftOut: (key: FeatureKey, message: string) => readonly Route[],
): readonly Route[] | undefined {
  if (action.kind === 'redirect') {
    if (asksEngine(action.location))
      return leftOut('redirect', 'the Location is computed by the source; the rule is left out');
    if (action.path?.kind === 'full' && asksEngine(action.path.to))
      return leftOut('redirect.path', 'the path of the Location is computed by the source; the rule is left out');
  }
  if (action.kind === 'forward' && action.rewrite?.path?.kind === 'full' && asksEngine(action.rewrite.path.to))
    return leftOut('rewrite.path', 'the new path is computed by the source; the rule is left out');
  return undefined;
}

/** Without headers whose values are answers of the engine. */
function withoutAnswers(route: Route, report: Report): Route {
  const without = withoutComputedHeaders(route);
  if (without === route) return route;
  const names = [...computedHeaders(route.requestHeaders), ...computedHeaders(route.responseHeaders)].join(', ');
  report.add(
    'headers.computed',
    `the target cannot set ${names}: the source computes the value, or the name is none of a header`,
    route.origin,
    { route },
  );
  return without;
}
