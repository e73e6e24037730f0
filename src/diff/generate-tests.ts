// A small set of requests that reaches every route that can be reached and stands on both sides of every boundary, with
// today's answers: a regression suite in one call.

import {
  counted,
  type EffectiveGateway,
  type GatewayRequest,
  type Locate,
  type Route,
  type SimulationResult,
  type VirtualHost,
} from '../model/index.js';
import { type CompiledGateway, compile, decide, toResult } from '../simulate/index.js';
import { newRun, reachability, type Witness } from '../space/index.js';
import { boundaries } from './boundaries.js';
import { confirmWith, contextOf, routeOf } from './confirm.js';
import { actionWords, matchWords } from './words.js';

/** One entry of an exchange file. */
export interface GeneratedTest {
  readonly name: string;
  readonly request: GatewayRequest;
  readonly response: Partial<SimulationResult>;
}

/**
 * `named`: whether requests name their gateway; by default where there are several. `locate`: answers then list what is not predicted
 * about them (`unknown`).
 * `note`: what could not be turned into a test, in words (routes that need a token).
 */
export function generateTests(
  gateways: readonly EffectiveGateway[],
  named: boolean = gateways.length > 1,
  locate?: Locate,
): { readonly tests: GeneratedTest[]; readonly notes: string[] } {
  const suite: Suite = { named, locate, tests: [], notes: [], room: MOST_TEXT, withoutEdges: 0 };
  const run = newRun();
  for (const gateway of gateways) {
    const compiled = compile(gateway);
    const add = adderTo(suite, compiled);
    const covered = new Set<Route>();
    const done = new Set<Route>();
    for (const { reach, route, virtualHost } of reachability(gateway, {
      confirm: confirmWith(gateway, compiled),
      run,
    })) {
      if (reach.status !== 'reached' || done.has(route)) continue;
      done.add(route);
      const name = `${hostOf(reach.witness)} ${matchWords(route.match).join(', ') || 'anything'} → ${actionWords(route)}`;
      if (!covered.has(route) && add(name, reach.witness)) covered.add(route);
      for (const { edge, answers } of edgesOf(suite, compiled, { witness: reach.witness, route, virtualHost }))
        if (add(`${name}: ${edge.why}`, edge) && answers) covered.add(answers);
    }
  }
  const { tests, notes, withoutEdges } = suite;
  if (withoutEdges > 0)
    notes.push(
      `${counted(withoutEdges, 'route')} without tests of what is just beside it: the requests of all routes together are too long`,
    );
  return { tests, notes };
}

interface Suite {
  readonly named: boolean;
  readonly locate: Locate | undefined;
  readonly tests: GeneratedTest[];
  readonly notes: string[];
  /** Characters that requests beside those of the routes may still have. */
  room: number;
  withoutEdges: number;
}

/** Adds the test of a request that the gateway has no test of yet; false where there is none. */
function adderTo(suite: Suite, compiled: CompiledGateway): (name: string, witness: Witness) => boolean {
  const seen = new Set<string>();
  return (name, { request: full, claims }) => {
    const { gateway: id, ...bare } = full;
    const request = suite.named ? { gateway: id!, ...bare } : bare;
    const key = JSON.stringify(request);
    if (seen.has(key)) return false;
    seen.add(key);
    if (claims) {
      suite.notes.push(`${name}: needs a token with the claims ${JSON.stringify(claims)}, which meshgw cannot sign`);
      return false;
    }
    suite.tests.push({ name, request, response: expectation(compiled, request, suite.locate) });
    return true;
  };
}

interface Reached {
  readonly witness: Witness;
  readonly route: Route;
  readonly virtualHost: VirtualHost;
}

/** One request for each way over the edge of a route: what is changed, and who answers then. */
function* edgesOf(suite: Suite, compiled: CompiledGateway, { witness, route, virtualHost }: Reached) {
  const crossed = new Map<string, Set<Route | undefined>>();
  const { length } = JSON.stringify(witness);
  for (const edge of boundaries(witness, virtualHost.routes, compiled.gateway.engine)) {
    suite.room -= length;
    if (suite.room < 0) {
      suite.withoutEdges++;
      return;
    }
    const answers = routeOf(decide(compiled, edge.request, contextOf(edge)));
    const known = crossed.get(edge.property) ?? new Set();
    crossed.set(edge.property, known);
    if (answers === route || known.has(answers)) continue;
    known.add(answers);
    yield { edge, answers };
  }
}

/** Characters of the requests that are tried beside those of the routes themselves, together. */
const MOST_TEXT = 8_000_000;

const hostOf = ({ request }: Witness): string => `${request.scheme}://${request.host}`;

function expectation(
  compiled: CompiledGateway,
  request: GatewayRequest,
  locate: Locate | undefined,
): Partial<SimulationResult> {
  const {
    matched: _m,
    trace: _t,
    reason: _r,
    conditions: _c,
    ...result
  } = toResult(decide(compiled, request), request, { gateway: compiled.gateway, ...(locate ? { locate } : {}) });
  return result;
}
