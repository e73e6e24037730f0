// Asks the simulator about every request of a small gateway and compares with what the algebra says.

import { diffGateways } from '../../src/diff/index.js';
import { sameResult } from '../../src/diff/results.js';
import type { GatewayRequest, Route, VirtualHost } from '../../src/model/index.js';
import {
  type CompiledGateway,
  type Connection,
  compile,
  connectionOf,
  type Decision,
  decide,
  selectChain,
  toResult,
} from '../../src/simulate/index.js';
import { areSurelyReached, atomsOf, reachability, type Witness } from '../../src/space/index.js';
import { allRequests, mutate, randomFrom, randomGateway, type Shape } from './small-gateways.js';

export interface Tally {
  configs: number;
  requests: number;
  reached: number;
  /** Routes of virtual hosts that the quick look knows all of to be reached. */
  surely: number;
  unreachable: number;
  different: number;
  equivalent: number;
  undecided: number;
}

export const emptyTally = (): Tally => ({
  configs: 0,
  requests: 0,
  reached: 0,
  surely: 0,
  unreachable: 0,
  different: 0,
  equivalent: 0,
  undecided: 0,
});

const contextOf = (claims: Record<string, unknown> | undefined) => (claims ? { token: { claims } } : {});
/** Who answers: a policy that refuses, else the route. */
const answererOf = (decision: Decision): string =>
  decision.kind === 'answer' && decision.cause === 'policy'
    ? (decision.decidedBy?.path.join('') ?? '?')
    : nameOf('route' in decision ? decision.route : undefined);
const nameOf = (route: Route | undefined): string => (route ? route.origin.path.join('') : '-');

type Sides<T> = readonly [before: T, after: T];

/** Contradictions found for one seed; empty: the algebra and enumeration agree. */
export function checkSeed(seed: number, depth: number, tally: Tally): string[] {
  const r = randomFrom(seed);
  const before = randomGateway(r);
  const after = r(6) === 0 ? { ...randomGateway(r), extras: before.extras, tls: before.tls } : mutate(r, before);
  const compiled: Sides<CompiledGateway> = [compile(before.gateway), compile(after.gateway)];
  tally.configs++;
  const seen = enumerate(before, compiled, depth, tally);
  return [...checkReachability(compiled[0], seen.reached, tally), ...checkDiff(compiled, seen.pairs, tally)].map(
    (problem) => `seed ${seed}${problem}`,
  );
}

interface Seen {
  /** Routes of the first gateway that some request reaches. */
  readonly reached: ReadonlySet<Route>;
  /** A request for each pair of rules that answer it differently. */
  readonly pairs: ReadonlyMap<string, GatewayRequest>;
}

function enumerate(shape: Shape, compiled: Sides<CompiledGateway>, depth: number, tally: Tally): Seen {
  const reached = new Set<Route>();
  const pairs = new Map<string, GatewayRequest>();
  const connections = new Map<string, Connection>();
  const connect = (side: number, request: GatewayRequest): Connection => {
    const key = `${side} ${request.scheme} ${request.sni} ${request.host} ${request.source}`;
    const known = connections.get(key) ?? selectChain(compiled[side]!, connectionOf(request, compiled[side]!.engine));
    connections.set(key, known);
    return known;
  };
  for (const { request, claims } of allRequests(shape, depth)) {
    tally.requests++;
    const decisions = compiled.map((c, side) =>
      decide(c, request, { ...contextOf(claims), connection: connect(side, request) }),
    );
    const [first] = decisions.map(routeIn);
    if (first) reached.add(first);
    const key = pairOf(decisions);
    if (key === undefined || pairs.has(key)) continue;
    const results = decisions.map((d) => toResult(d, request));
    if (!sameResult(results[0]!, results[1]!, false)) pairs.set(key, request);
  }
  return { reached, pairs };
}

const routeIn = (decision: Decision): Route | undefined => ('route' in decision ? decision.route : undefined);

/** Who answers on each side; undefined: the same route. Where one side takes no HTTP, one difference stands for all of its rules. */
function pairOf(decisions: readonly Decision[]): string | undefined {
  const [before, after] = decisions.map(routeIn);
  const refuses = decisions.some((d) => 'cause' in d && d.cause === 'policy');
  if (before !== undefined && before === after && !refuses) return undefined;
  const http = decisions.every((d) => d.kind === 'answer' || d.kind === 'forward');
  return http ? decisions.map(answererOf).join('|') : 'connection';
}

function checkReachability(compiled: CompiledGateway, reached: ReadonlySet<Route>, tally: Tally): string[] {
  const problems: string[] = [];
  const { engine } = compiled.gateway;
  const surely = (host: VirtualHost) =>
    areSurelyReached(
      host.routes.map(({ match }) => ({ atoms: atomsOf(match, engine) })),
      engine,
    );
  const confirm = ({ request, claims }: Witness) => routeIn(decide(compiled, request, contextOf(claims)));
  for (const { route, reach, port, virtualHost } of reachability(compiled.gateway, { confirm })) {
    const where = ` port ${port} ${virtualHost.name} ${nameOf(route)}`;
    tally[reach.status]++;
    if (surely(virtualHost)) tally.surely++;
    if (surely(virtualHost) && reach.status === 'unreachable' && OWN_REASONS.has(reach.because))
      problems.push(`${where}: said to be surely reached, and is not (${reach.because})`);
    if (reach.status === 'undecided') problems.push(`${where}: undecided: ${reach.reason}`);
    if (reach.status === 'unreachable' && reached.has(route))
      problems.push(`${where}: said to be unreachable (${reach.because}), but a request reaches it`);
  }
  return problems;
}

/** Reasons that lie in the list of routes itself. */
const OWN_REASONS: ReadonlySet<string> = new Set(['covered', 'contradiction']);

type Because = ReturnType<typeof diffGateways>['differences'][number]['because'];

function checkDiff(compiled: Sides<CompiledGateway>, pairs: Seen['pairs'], tally: Tally): string[] {
  const [before, after] = compiled;
  const problems: string[] = [];
  const diff = diffGateways(before.gateway, after.gateway);
  const rules = (because: Because | undefined) => `${because?.before?.path ?? '-'}|${because?.after?.path ?? '-'}`;
  const said = new Set(
    diff.differences.map((d) => (d.before.connection || d.after.connection ? 'connection' : rules(d.because))),
  );
  const open = new Set(diff.undecided.map((d) => rules(d.because)));
  for (const { request, claims } of diff.differences) {
    const [old, made] = compiled.map((c) =>
      toResult(decide(c, request, contextOf(claims as Record<string, unknown> | undefined)), request),
    );
    if (sameResult(old!, made!, false)) problems.push(`: ${JSON.stringify(request)} shows no difference`);
  }
  for (const [pair, request] of pairs) {
    const key = pair.replace(/(routes|copy|policy)(\d+)/g, '$1[$2]');
    const undecided = open.has(key) ? ' (undecided)' : '';
    if (!said.has(key)) problems.push(`: difference ${pair} by ${JSON.stringify(request)} was not found${undecided}`);
  }
  tally[diff.equivalent === true ? 'equivalent' : diff.equivalent === false ? 'different' : 'undecided']++;
  return problems;
}
