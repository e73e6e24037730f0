// May the target answer so? It may answer as the source does, or as the source with its losses; what no rule shows (what an engine does by
// itself, checks that a policy makes wider) is predicted by the items for the requests that they name. Everything else nobody announced.

import type { ConversionItem } from '../dialects/dialect.js';
import type { EffectiveGateway, GatewayRequest, Origin, Position, Route, SimulationResult } from '../model/index.js';
import { type CompiledGateway, compile, type DecisionContext, decide, toResult } from '../simulate/index.js';
import { looksAlike } from './answers.js';
import { intended, type KnownLoss, knownLosses } from './intended.js';
import type { Compared } from './losses.js';

/** Who asks what: a gateway of the source by its id. */
export interface Question {
  readonly gateway: string;
  readonly request: GatewayRequest;
  readonly context?: DecisionContext;
}

export interface Expectation {
  /** The source with its losses. */
  readonly gateways: readonly EffectiveGateway[];
  /** What the source answers. */
  readonly answer: (question: Question) => SimulationResult;
  /** The items that predicted `after`; none: nobody did. undefined: it is what the source answers. */
  readonly explain: (question: Question, after: SimulationResult) => readonly ConversionItem[] | undefined;
}

interface Answered {
  readonly result: SimulationResult;
  readonly route: Route | undefined;
}

/** `items`: those that can explain a difference. */
export function expectation(
  sources: readonly EffectiveGateway[],
  items: readonly ConversionItem[],
  locate: (origin: Origin) => Position,
): Expectation {
  const losses = knownLosses(items);
  const target = intended(sources, losses);
  const compiled = new Map<EffectiveGateway, CompiledGateway>();
  const ask = (gateways: readonly EffectiveGateway[], { gateway: id, request, context }: Question): Answered => {
    const gateway = gateways.find((g) => g.id === id);
    if (!gateway) return { result: { connection: 'refused' }, route: undefined };
    let known = compiled.get(gateway);
    if (!known) compiled.set(gateway, (known = compile(gateway)));
    const decision = decide(known, request, { now: 0, ...context });
    return { result: toResult(decision, request, { locate }), route: 'route' in decision ? decision.route : undefined };
  };
  const lackings = new Map<ConversionItem, readonly EffectiveGateway[]>();
  const without = ({ item }: KnownLoss, question: Question): SimulationResult => {
    let gateways = lackings.get(item);
    if (!gateways) {
      const isHere = (route: Route) => target.lossesAt(route).some((l) => l.item === item);
      lackings.set(item, (gateways = intended(sources, losses, isHere).gateways));
    }
    return ask(gateways, question).result;
  };
  /** On every port of every gateway, with or without TLS as it is there. */
  const elsewhere = ({ request, context }: Question): SimulationResult[] =>
    target.gateways.flatMap((gateway) =>
      gateway.listeners.flatMap(({ port, filterChains }) =>
        (['http', 'https'] as const)
          .filter((scheme) => filterChains.some((c) => (c.tls !== undefined) === (scheme === 'https')))
          .map((scheme) => {
            const there = { ...request, port, scheme };
            return ask(target.gateways, { gateway: gateway.id, request: there, ...(context ? { context } : {}) })
              .result;
          }),
      ),
    );

  /** Does the loss alone change what its rule answers? */
  const isSeen = ({ item, loss }: KnownLoss, route: Route, question: Question): boolean => {
    if (!loss.route) return false;
    const gateway = sources.find((g) => g.id === question.gateway);
    if (!gateway) return false;
    const alone = (routes: readonly Route[]) =>
      toResult(
        decide(compile(onlyRoutes(gateway, route, routes)), question.request, question.context),
        question.request,
      );
    return !looksAlike(alone([route]), alone(loss.route(item)(route)));
  };

  const explain = (question: Question, after: SimulationResult): readonly ConversionItem[] | undefined => {
    const before = ask(sources, question);
    if (looksAlike(before.result, after)) return undefined;
    const wanted = ask(target.gateways, question);
    const routes = [before.route, wanted.route && target.sourceOf(wanted.route)].filter((r) => r !== undefined);
    const here = new Set(routes.flatMap((r) => target.lossesAt(r)));
    const views = losses.filter((l) => l.loss.view && (l.loss.everywhere || here.has(l)));
    const seenBy = (list: readonly KnownLoss[]) => list.flatMap(({ loss }) => loss.view ?? []);
    const alike = [before.result, wanted.result].find((r) => looksAlike(r, after, seenBy(views)));
    if (alike) {
      const needed = views.filter((v) => !looksAlike(alike, after, seenBy(views.filter((other) => other !== v))));
      const changes = [...here].filter((l) => routes.some((r) => isSeen(l, r, question)));
      const wide = losses.filter(({ loss }) => loss.host ?? loss.policies ?? (loss.everywhere && loss.route));
      const told = [...(alike === wanted.result ? changes : []), ...needed];
      return (told.length > 0 ? told : [...here, ...wide]).map(({ item }) => item);
    }
    const compared = (known: KnownLoss): Compared => ({
      request: question.request,
      before: before.result,
      intended: wanted.result,
      after,
      here: here.has(known),
      without: () => without(known, question),
      elsewhere: () => elsewhere(question),
    });
    return losses.filter((known) => known.loss.explains?.(compared(known), known.item)).map(({ item }) => item);
  };
  return { gateways: target.gateways, answer: (question) => ask(sources, question).result, explain };
}

/** The gateway with `routes` in place of `route`, and no others. */
function onlyRoutes(gateway: EffectiveGateway, route: Route, routes: readonly Route[]): EffectiveGateway {
  return {
    ...gateway,
    listeners: gateway.listeners.map((l) => ({
      ...l,
      filterChains: l.filterChains.map((c) =>
        c.kind === 'http'
          ? {
              ...c,
              virtualHosts: c.virtualHosts.map((v) => ({ ...v, routes: v.routes.includes(route) ? routes : [] })),
            }
          : c,
      ),
    })),
  };
}
