// Asks the simulator about every request of a small gateway and compares with what the algebra says.

import { diffGateways } from '../../src/diff/index.js';
import { sameResult } from '../../src/diff/results.js';
import type { GatewayRequest, Route } from '../../src/model/index.js';
import {
  type Connection,
  compile,
  connectionOf,
  type Decision,
  decide,
  selectChain,
  toResult,
} from '../../src/simulate/index.js';
import { reachability, type Witness } from '../../src/space/index.js';
import { allRequests, mutate, randomFrom, randomGateway } from './small-gateways.js';

export interface Tally {
  configs: number;
  requests: number;
  reached: number;
  unreachable: number;
  different: number;
  equivalent: number;
  undecided: number;
}

export const emptyTally = (): Tally => ({
  configs: 0,
  requests: 0,
  reached: 0,
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

/** Contradictions found for one seed; empty: the algebra and enumeration agree. */
export function checkSeed(seed: number, depth: number, tally: Tally): string[] {
  const r = randomFrom(seed);
  const before = randomGateway(r);
  const after = r(6) === 0 ? { ...randomGateway(r), extras: before.extras, tls: before.tls } : mutate(r, before);
  const compiled = [compile(before.gateway), compile(after.gateway)] as const;
  const problems: string[] = [];
  tally.configs++;

  // What enumeration sees.
  const reached = new Set<Route>();
  const pairs = new Map<string, GatewayRequest>();
  const connections = new Map<string, Connection>();
  for (const { request, claims } of allRequests(before, depth)) {
    tally.requests++;
    const decisions = compiled.map((c, side) => {
      const key = `${side} ${request.scheme} ${request.sni} ${request.host} ${request.source}`;
      let connection = connections.get(key);
      if (!connection) connections.set(key, (connection = selectChain(c, connectionOf(request, c.engine))));
      return decide(c, request, { ...contextOf(claims), connection });
    });
    const routes = decisions.map((d) => ('route' in d ? d.route : undefined));
    if (routes[0]) reached.add(routes[0]);
    if (
      routes[0] === routes[1] &&
      routes[0] !== undefined &&
      decisions.every((d) => !('cause' in d) || d.cause !== 'policy')
    )
      continue;
    // Where one side takes no HTTP, one difference stands for all of its rules.
    const http = decisions.every((d) => d.kind === 'answer' || d.kind === 'forward');
    const key = http ? decisions.map(answererOf).join('|') : 'connection';
    if (pairs.has(key)) continue;
    const results = decisions.map((d) => toResult(d, request));
    if (!sameResult(results[0]!, results[1]!, false)) pairs.set(key, request);
  }

  const confirm = ({ request, claims }: Witness): Route | undefined => {
    const decision = decide(compiled[0], request, contextOf(claims));
    return 'route' in decision ? decision.route : undefined;
  };
  for (const { route, reach, port, virtualHost } of reachability(before.gateway, { confirm })) {
    const where = `seed ${seed} port ${port} ${virtualHost.name} ${nameOf(route)}`;
    if (reach.status === 'undecided') {
      tally.undecided++;
      problems.push(`${where}: undecided: ${reach.reason}`);
    } else if (reach.status === 'reached') tally.reached++;
    else {
      tally.unreachable++;
      if (reached.has(route))
        problems.push(`${where}: said to be unreachable (${reach.because}), but a request reaches it`);
    }
  }

  const diff = diffGateways(before.gateway, after.gateway);
  const said = new Set(
    diff.differences.map((d) =>
      d.before.connection || d.after.connection
        ? 'connection'
        : `${d.because.before?.path ?? '-'}|${d.because.after?.path ?? '-'}`,
    ),
  );
  const open = new Set(diff.undecided.map((d) => `${d.because?.before?.path ?? '-'}|${d.because?.after?.path ?? '-'}`));
  for (const d of diff.differences) {
    const results = compiled.map((c) =>
      toResult(decide(c, d.request, contextOf(d.claims as Record<string, unknown> | undefined)), d.request),
    );
    if (sameResult(results[0]!, results[1]!, false))
      problems.push(`seed ${seed}: ${JSON.stringify(d.request)} shows no difference`);
  }
  const shown = (key: string) => key.replace(/(routes|copy|policy)(\d+)/g, '$1[$2]');
  for (const [key, request] of pairs)
    if (!said.has(shown(key)))
      problems.push(
        `seed ${seed}: difference ${key} by ${JSON.stringify(request)} was not found${open.has(shown(key)) ? ' (undecided)' : ''}`,
      );
  if (diff.equivalent === true) tally.equivalent++;
  else if (diff.equivalent === false) tally.different++;
  else tally.undecided++;
  return problems;
}
