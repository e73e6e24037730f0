// Patterns of routes that Istio hands on and Envoy refuses, with the routes of the whole port: what the gateway then answers is what it
// answered before, or nothing. No answer of that port is certain (asked: `npm run real -- istio fuzz 400 43001`).

import { type Json, type Origin, originOf, type Unsupported } from '../../../model/index.js';
import { BadPatternError, compileRegex } from '../../../regex/index.js';
import { at } from '../../../resources/fields.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import type { SurveyedGateway } from '../survey.js';
import { writtenRules } from './rule.js';
import type { SurveyedRoute } from './surveyed-route.js';

const REFUSED_PATTERN = 'httproute.match.not-re2';

export function refusedPatterns(gateway: SurveyedGateway, routes: readonly SurveyedRoute[]): Unsupported[] {
  if (gateway.implementation.controlPlane !== 'istio') return [];
  return routes.flatMap(({ route, kind, accepted }) => {
    const ports = accepted.flatMap((l) => (l.gateway === gateway.resource ? [l.port] : []));
    if (ports.length === 0) return [];
    return writtenRules(route, kind).flatMap((rule, i) =>
      listAt(rule, 'matches').flatMap((match, j) =>
        patternsOf(match, at(originOf(route, 'spec', 'rules', i), 'matches', j)).flatMap(({ pattern, origin }) => {
          const problem = problemOf(pattern);
          return problem === undefined ? [] : [refusal(pattern, problem, origin, ports)];
        }),
      ),
    );
  });
}

interface Pattern {
  readonly pattern: string;
  readonly origin: Origin;
}

function patternsOf(match: Json, origin: Origin): Pattern[] {
  const found: Pattern[] = [];
  const look = (written: Json | undefined, ...path: (string | number)[]) => {
    const pattern = stringAt(written, 'value');
    if (pattern !== undefined && stringAt(written, 'type') === 'RegularExpression')
      found.push({ pattern, origin: at(origin, ...path, 'value') });
  };
  look(objectAt(match, 'path'), 'path');
  // `*` is Istio's word for "is there" (canBeConvertedToPresentMatch in route.go).
  for (const field of ['headers', 'queryParams'])
    for (const [i, entry] of listAt(match, field).entries())
      if (stringAt(entry, 'value') !== '*') look(entry, field, i);
  return found;
}

const known = new Map<string, string | undefined>();

function problemOf(pattern: string): string | undefined {
  if (known.has(pattern)) return known.get(pattern);
  let problem: string | undefined;
  try {
    compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof BadPatternError)) throw error;
    problem = error.message;
  }
  if (known.size > 10_000) known.clear();
  known.set(pattern, problem);
  return problem;
}

const refusal = (pattern: string, problem: string, origin: Origin, ports: readonly number[]): Unsupported => ({
  feature: REFUSED_PATTERN,
  detail: `"${pattern}" is ${problem}: Envoy refuses the routes of the whole port, which keep their last good state; a restarted gateway serves none.`,
  effect: 'routing',
  reach: { ports: [...new Set(ports)] },
  origin,
});
