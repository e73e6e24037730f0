// A small set of requests that reaches every route that can be reached and stands on both sides of every boundary, with
// today's answers: a regression suite in one call.

import {
  counted,
  type EffectiveGateway,
  type GatewayRequest,
  type Locate,
  type Route,
  type SimulationResult,
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
  const tests: GeneratedTest[] = [];
  const notes: string[] = [];
  const run = newRun();
  let room = MOST_TEXT;
  let withoutEdges = 0;
  for (const gateway of gateways) {
    const compiled = compile(gateway);
    const seen = new Set<string>();
    const covered = new Set<Route>();
    const done = new Set<Route>();
    const numbers = new Map<Route, number>();
    const numberOf = (r: Route): number => {
      if (!numbers.has(r)) numbers.set(r, numbers.size);
      return numbers.get(r)!;
    };
    const add = (name: string, { request: full, claims }: Witness, route: Route | undefined): void => {
      const { gateway: id, ...bare } = full;
      const request = named ? { gateway: id!, ...bare } : bare;
      const key = JSON.stringify(request);
      if (seen.has(key)) return;
      seen.add(key);
      if (claims) {
        notes.push(`${name}: needs a token with the claims ${JSON.stringify(claims)}, which meshgw cannot sign`);
        return;
      }
      if (route) covered.add(route);
      tests.push({ name, request, response: expectation(compiled, request, locate) });
    };
    const reaches = reachability(gateway, { confirm: confirmWith(gateway, compiled), run });
    for (const { reach, route, virtualHost } of reaches) {
      if (reach.status !== 'reached' || done.has(route)) continue;
      done.add(route);
      const name = `${hostOf(reach.witness)} ${matchWords(route.match).join(', ') || 'anything'} → ${actionWords(route)}`;
      if (!covered.has(route)) add(name, reach.witness, route);
      // One request for each way over the edge: what is changed, and who answers then.
      const crossed = new Set<string>();
      const length = JSON.stringify(reach.witness).length;
      for (const edge of boundaries(reach.witness, virtualHost.routes, gateway.engine)) {
        room -= length;
        if (room < 0) {
          withoutEdges++;
          break;
        }
        const other = routeOf(decide(compiled, edge.request, contextOf(edge)));
        const way = `${edge.property} ${other ? numberOf(other) : '-'}`;
        if (other === route || crossed.has(way)) continue;
        crossed.add(way);
        add(`${name}: ${edge.why}`, edge, other);
      }
    }
  }
  if (withoutEdges > 0)
    notes.push(
      `${counted(withoutEdges, 'route')} without tests of what is just beside it: the requests of all routes together are too long`,
    );
  return { tests, notes };
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
