// The same decision, explained: listener, server name, virtual host and why this one, every rule that was passed over with
// the first predicate that failed, the rule that won, each change, the destination or the reason why there is none.

import { append, type GatewayRequest, type Locate, locatedOrigin, type TraceStep, takesHost } from '../model/index.js';
import type { CompiledRoute } from './action.js';
import { type CompiledGateway, type CompiledVirtualHost, selectChain } from './compile.js';
import { connectionOf } from './connection-of.js';
import { afterTokens, decide } from './decide.js';
import type { Answer, Decision, DecisionContext, Forwarded } from './decision.js';
import { describeChanges } from './explain-changes.js';
import { describeListener, describeVirtualHost, hostMiss } from './explain-entry.js';
import type { Place } from './place.js';
import { policySteps } from './policies/explain.js';
import { reasonOf } from './reason.js';
import type { RequestView } from './request-view.js';
import type { IndexedRoute } from './route-index.js';
import { viewOf } from './view-of.js';

export interface Explanation {
  readonly decision: Decision;
  readonly trace: readonly TraceStep[];
}

/** Rules passed over that are listed; the rest is counted. */
const MAX_REJECTED = 200;

/** Decides as `decide` does and tells how. `locate` puts file and line into the steps. */
export function explain(
  compiled: CompiledGateway,
  request: GatewayRequest,
  context: DecisionContext & { readonly locate?: Locate } = {},
): Explanation {
  const decision = decide(compiled, request, context);
  const steps: TraceStep[] = [{ step: 'gateway', outcome: 'chosen', text: `gateway ${compiled.gateway.id}` }];
  const at = placer(context.locate);
  append(steps, describeListener(compiled, request, decision, at));
  if (decision.kind === 'answer' || decision.kind === 'forward')
    append(steps, httpSteps(compiled, request, decision, context, at));
  else if (decision.kind === 'l4') {
    const { host, port, subset } = decision.destination;
    steps.push({
      step: 'destination',
      outcome: 'chosen',
      text: `bytes go to ${host}:${port}${subset ? ` subset ${subset}` : ''}`,
      ...at(decision.chain.origin),
    });
  } else steps.push({ step: 'answer', outcome: 'info', text: `connection ${decision.kind}: ${reasonOf(decision)}` });
  return { decision, trace: steps };
}

const placer =
  (locate: Locate | undefined): Place =>
  (origin) =>
    origin && locate ? { matched: locatedOrigin(origin, locate) } : {};

function httpSteps(
  compiled: CompiledGateway,
  request: GatewayRequest,
  decision: Answer | Forwarded,
  context: DecisionContext,
  at: Place,
): TraceStep[] {
  const answer = (): TraceStep => answerStep(decision as Answer, request);
  if (decision.kind === 'answer' && decision.cause === 'bad-request') return [answer()];
  const connection = selectChain(compiled, connectionOf(request, compiled.engine));
  const seen = compiled.engine.seePath(request.path, request.method);
  if (connection.kind !== 'http' || 'status' in seen) return [];
  const { tls } = connection.chain;
  const before = viewOf(request, tls, seen, compiled.engine);
  const view = afterTokens(before, context, tls, compiled.engine);
  const steps: TraceStep[] = [];
  if (seen.path + seen.query !== request.path)
    steps.push({
      step: 'change',
      outcome: 'applied',
      text: `path ${request.path} is normalised to ${seen.path + seen.query}`,
    });
  const { policies } = connection.chain;
  if (policies) append(steps, policySteps(policies, context.token, view, at));
  if (decision.kind === 'answer' && decision.cause === 'policy') return [...steps, answer()];

  const host = connection.hosts.find(view.host);
  const leftOut = leftOutSteps(compiled.gateway, view.host, at);
  if (!host) return [...steps, ...hostMiss(connection.chain.virtualHosts, view.host), ...leftOut, answer()];
  steps.push(describeVirtualHost(host.value.virtualHost, host.domain, view, at));
  append(steps, leftOut);
  append(steps, routeSteps(host.value, decision, view, at));
  append(steps, describeChanges(decision, request, view));
  if (decision.kind === 'answer') steps.push(answer());
  else {
    const { host: name, port, subset } = decision.destination;
    steps.push({
      step: 'destination',
      outcome: 'chosen',
      text: `goes to ${name}:${port}${subset ? ` subset ${subset}` : ''}`,
      ...at(decision.chosen.origin),
    });
  }
  return steps;
}

/** Matches for the host that no route was made of. */
const leftOutSteps = ({ leftOut = [] }: CompiledGateway['gateway'], host: string, at: Place): TraceStep[] =>
  leftOut
    .filter(({ hosts }) => hosts.some((domain) => takesHost(domain, host)))
    .slice(0, MAX_REJECTED)
    .map(({ reason, origin }) => ({
      step: 'route',
      outcome: 'rejected',
      text: `a match was left out: ${reason}`,
      ...at(origin),
    }));

function routeSteps(
  host: CompiledVirtualHost,
  decision: Answer | Forwarded,
  view: RequestView,
  at: Place,
): TraceStep[] {
  const { routes } = host.routes;
  const chosen = decision.route ? routes.findIndex((r) => r.route === decision.route) : routes.length;
  const steps: TraceStep[] = [];
  for (const passed of routes.slice(0, Math.min(chosen, MAX_REJECTED))) steps.push(rejectedStep(passed, view, at));
  if (chosen > MAX_REJECTED)
    steps.push({ step: 'route', outcome: 'info', text: `${chosen - MAX_REJECTED} more rules were passed over` });
  const { route } = decision;
  if (route)
    steps.push({
      step: 'route',
      outcome: 'chosen',
      text: `rule ${nameOf(chosen, routes[chosen])} matches`,
      ...at(route.matchOrigin ?? route.origin),
    });
  else {
    const miss = routes.length > 1 ? nearestMiss(routes, view) : undefined;
    if (miss)
      steps.push({
        ...rejectedStep(miss, view, at),
        outcome: 'info',
        text: `nearest miss: rule ${nameOf(miss.order, miss)}`,
      });
  }
  return steps;
}

const nameOf = (order: number, route: IndexedRoute<CompiledRoute> | undefined): string =>
  route?.route.name ? `${order + 1} (${route.route.name})` : String(order + 1);

const firstFailure = (route: IndexedRoute<CompiledRoute>, view: RequestView) =>
  route.predicates.find((p) => !p.test(view));

function rejectedStep(route: IndexedRoute<CompiledRoute>, view: RequestView, at: Place): TraceStep {
  const failed = firstFailure(route, view);
  return {
    step: 'route',
    outcome: 'rejected',
    text: `rule ${nameOf(route.order, route)} passed over`,
    ...(failed ? { predicate: { on: failed.on, expected: failed.expected, got: failed.got(view) } } : {}),
    ...at(route.route.matchOrigin ?? route.route.origin),
  };
}

/** The rule with the fewest predicates that fail; among these the one whose path begins most like the request's. */
function nearestMiss(
  routes: readonly IndexedRoute<CompiledRoute>[],
  view: RequestView,
): IndexedRoute<CompiledRoute> | undefined {
  let best: IndexedRoute<CompiledRoute> | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const route of routes) {
    const failed = route.predicates.filter((p) => !p.test(view)).length;
    const { path } = route.route.match;
    const score = -1000 * failed + (path && 'value' in path ? commonBeginning(path.value, view.path) : 0);
    if (score > bestScore) {
      best = route;
      bestScore = score;
    }
  }
  return best;
}

function commonBeginning(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

function answerStep(answer: Answer, request: GatewayRequest): TraceStep {
  const reason = reasonOf(answer, request);
  return { step: 'answer', outcome: 'info', text: `answers ${answer.status}${reason ? `: ${reason}` : ''}` };
}
