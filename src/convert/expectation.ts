// May the target answer so? It may answer as the source does, or as the source with its losses; what no rule shows (what an engine does by
// itself, checks that a policy makes wider) is predicted by the items for the requests that they name. Everything else nobody announced.

import {
  type EffectiveGateway,
  type GatewayRequest,
  type L4Chain,
  mapChains,
  mapRoutes,
  type Origin,
  type Position,
  type Route,
  type SimulationResult,
} from '../model/index.js';
import {
  type CompiledGateway,
  compile,
  type Decision,
  type DecisionContext,
  decide,
  toResult,
} from '../simulate/index.js';
import { looksAlike, type View } from './answers.js';
import type { Compared } from './features/feature.js';
import { FEATURES } from './features/index.js';
import { intended, type KnownLoss, knownLosses } from './intended.js';
import type { LossItem } from './item.js';
import { isMadeFrom } from './made-from.js';
import { asElements } from './route-changes.js';

/** Who asks what: a gateway of the source by its id. */
export interface Question {
  readonly gateway: string;
  readonly request: GatewayRequest;
  readonly context?: DecisionContext;
  /** Asked because another gateway may answer in its place. */
  readonly inPlace?: true;
}

export interface Expectation {
  /** The source with its losses. */
  readonly gateways: readonly EffectiveGateway[];
  /** What the source answers. */
  readonly answer: (question: Question) => SimulationResult;
  /** It is what the source answers, or somebody predicted it. */
  readonly allows: (question: Question, after: SimulationResult) => boolean;
  /** The items that predicted `after`; none: nobody did. undefined: it is what the source answers. */
  readonly explain: (question: Question, after: SimulationResult) => readonly LossItem[] | undefined;
}

interface Answered {
  readonly result: SimulationResult;
  readonly route: Route | undefined;
  /** The chain that forwards the bytes of the connection. */
  readonly bytes: L4Chain | undefined;
  /** A virtual host took the request. */
  readonly hosted: boolean;
}

/** `items`: those that can explain a difference. */
export function expectation(
  sources: readonly EffectiveGateway[],
  items: readonly LossItem[],
  locate: (origin: Origin) => Position,
): Expectation {
  const losses = knownLosses(items);
  const target = intended(sources, losses);
  const compiled = new Map<EffectiveGateway, CompiledGateway>();
  const ask = (gateways: readonly EffectiveGateway[], { gateway: id, request, context }: Question): Answered => {
    const gateway = gateways.find((g) => g.id === id);
    if (!gateway) return { result: { connection: 'refused' }, route: undefined, bytes: undefined, hosted: false };
    let known = compiled.get(gateway);
    if (!known) compiled.set(gateway, (known = compile(gateway)));
    const decision = decide(known, request, { now: 0, ...context });
    return {
      result: toResult(decision, request, { locate }),
      route: 'route' in decision ? decision.route : undefined,
      bytes: bytesOf(decision),
      hosted: 'virtualHost' in decision && decision.virtualHost !== undefined,
    };
  };
  const withoutOne = new Map<KnownLoss, readonly EffectiveGateway[]>();
  const onlyRivals = new Map<LossItem, readonly EffectiveGateway[]>();
  const isByRival = ({ item }: KnownLoss, question: Question, after: SimulationResult): boolean => {
    let gateways = onlyRivals.get(item);
    if (!gateways) {
      const isRival = (route: Route) =>
        item.rivals?.some((rival) => isMadeFrom(rival, target.sourceOf(route))) ?? false;
      // A target that takes whole elements takes the path itself too, where others stand before it in the source.
      const rivals = (list: readonly Route[]) => list.filter(isRival).flatMap((r) => [r, ...endingInSlash(r)]);
      onlyRivals.set(item, (gateways = target.gateways.map((g) => mapRoutes(g, rivals))));
    }
    const { result, route } = ask(gateways, question);
    return route !== undefined && looksAlike(result, after, viewsOf(viewsAt(target.lossesAt(route))));
  };
  const viewsAt = (here: readonly KnownLoss[]) =>
    losses.filter((l) => l.loss.view && (l.loss.everywhere || here.includes(l)));
  /** On every port of every gateway, with or without TLS as it is there. */
  const elsewhere = ({ request, context }: Question): SimulationResult[] =>
    target.gateways.flatMap((gateway) =>
      gateway.listeners.flatMap(({ port, filterChains }) =>
        (['http', 'https'] as const)
          .filter((scheme) => filterChains.some((c) => (c.tls !== undefined) === (scheme === 'https')))
          .flatMap((scheme) => {
            const { sni: _, ...asked } = request;
            const there = { ...asked, port, scheme };
            const known = { gateway: gateway.id, request: there, ...(context ? { context } : {}) };
            const { result, hosted } = ask(target.gateways, known);
            return hosted ? [result] : [];
          }),
      ),
    );

  /** Which losses alone change what one of these rules answers. What is lost everywhere is tried once, whoever tells of it. */
  const seenAt = (routes: readonly Route[], { gateway, request, context }: Question) => {
    const source = sources.find((g) => g.id === gateway);
    const answer = (route: Route, changed: readonly Route[]) =>
      toResult(decide(compile(alone(source!, route, changed)), request, context), request);
    const plain = new Map(source ? routes.map((route) => [route, answer(route, [route])]) : []);
    const everywhere = new Map<KnownLoss['loss'], boolean>();
    return ({ item, loss }: KnownLoss): boolean => {
      const change = loss.route?.(item);
      if (!change) return false;
      let seen = everywhere.get(loss);
      if (seen === undefined) {
        seen = [...plain].some(([route, before]) => !looksAlike(before, answer(route, change(route))));
        if (loss.everywhere) everywhere.set(loss, seen);
      }
      return seen;
    };
  };

  /** Both answers of the source, and the losses that may count for this request. */
  const about = (question: Question) => {
    const before = ask(sources, question);
    const wanted = ask(target.gateways, question);
    const routes = [before.route, wanted.route && target.sourceOf(wanted.route)].filter((r) => r !== undefined);
    const here = [
      ...new Set([
        ...[...routes, ...(wanted.route ? [wanted.route] : [])].flatMap(target.lossesAt),
        ...(before.bytes ? target.lossesOfBytes(before.bytes) : []),
      ]),
    ];
    return { before: before.result, wanted: wanted.result, routes, here, views: viewsAt(here) };
  };
  const predicts = (
    question: Question,
    after: SimulationResult,
    { before, wanted, here, views }: ReturnType<typeof about>,
  ) => {
    return (known: KnownLoss): boolean => {
      const compared: Compared = {
        request: question.request,
        before,
        intended: wanted,
        after,
        isExpected: (result) => [before, wanted].some((r) => looksAlike(r, result, viewsOf(views))),
        here: here.includes(known),
        isByRival: () => isByRival(known, question, after),
        refusesFor: (host) => {
          const { request } = question;
          const sni = request.sni === undefined ? {} : { sni: host };
          const there = { ...question, request: { ...request, host, ...sni } };
          const asked = about(there);
          const isRefused = ({ status, destination }: SimulationResult) => status === after.status && !destination;
          return [asked.before, asked.wanted].some(isRefused) || allows(there, after);
        },
        elsewhere: () => elsewhere(question),
        allowsElsewhere: () =>
          !question.inPlace &&
          sources.some(
            (g) => g.id !== question.gateway && allows({ ...question, gateway: g.id, inPlace: true }, after),
          ),
      };
      return known.loss.explains?.(compared, known.item) ?? false;
    };
  };

  const allows = (question: Question, after: SimulationResult): boolean => {
    const known = about(question);
    return (
      looksAlike(known.before, after) ||
      looksAlike(known.before, after, viewsOf(known.views)) ||
      looksAlike(known.wanted, after, viewsOf(known.views)) ||
      losses.some(predicts(question, after, known))
    );
  };

  /** Is the answer another one without this loss? Of losses of hosts, policies and gateways, which no single rule shows. */
  const isNeeded = (known: KnownLoss, question: Question, alike: SimulationResult): boolean => {
    let without = withoutOne.get(known);
    if (!without)
      withoutOne.set(
        known,
        (without = intended(
          sources,
          losses.filter((l) => l !== known),
        ).gateways),
      );
    return !looksAlike(ask(without, question).result, alike);
  };

  const explain = (question: Question, after: SimulationResult): readonly LossItem[] | undefined => {
    const known = about(question);
    const { before, wanted, routes, here, views } = known;
    if (looksAlike(before, after)) return undefined;
    const alike = [before, wanted].find((r) => looksAlike(r, after, viewsOf(views)));
    if (!alike) return losses.filter(predicts(question, after, known)).map(({ item }) => item);
    const closed = here.filter(({ item }) => item.closed && routes.some((route) => item.instead?.has(route)));
    if (alike === wanted && closed.length > 0) return closed.map(({ item }) => item);
    // Two views may do the same: as few as are needed.
    const needed = views.reduce((kept, view) => {
      const fewer = kept.filter((other) => other !== view);
      return looksAlike(alike, after, viewsOf(fewer)) ? fewer : kept;
    }, views);
    const onRules = [...new Set([...here, ...losses.filter(({ loss }) => loss.everywhere)])];
    const changes = alike === wanted ? onRules.filter(seenAt(routes, question)) : [];
    if (changes.length + needed.length > 0) return [...changes, ...needed].map(({ item }) => item);
    const wide = losses.filter(({ loss }) => loss.host ?? loss.policies ?? loss.gateway);
    const seen = alike === wanted ? wide.filter((l) => isNeeded(l, question, wanted)) : [];
    return (seen.length > 0 ? seen : here.length > 0 ? here : wide).map(({ item }) => item);
  };
  // What is lost with a whole host on TLS (no certificate) is not where a wildcard of the target takes that host: it has its other losses.
  const isOfGateway = ({ key }: LossItem): boolean => FEATURES[key].effect.gateway !== undefined;
  const others = items.filter((item) => !isOfGateway(item));
  let made: Expectation | undefined;
  const kept = (): Expectation | undefined =>
    others.length === items.length ? undefined : (made ??= expectation(sources, others, locate));
  return {
    gateways: target.gateways,
    answer: (question) => ask(sources, question).result,
    allows: (question, after) => allows(question, after) || kept()?.allows(question, after) === true,
    explain: (question, after) => {
      const by = explain(question, after);
      return by?.length === 0 ? (kept()?.explain(question, after) ?? by) : by;
    },
  };
}

/** The chain that forwards the bytes, or has nobody to forward them to. */
const bytesOf = (decision: Decision): L4Chain | undefined =>
  'chain' in decision && decision.chain?.kind === 'l4' ? decision.chain : undefined;

/** `/api/` as elements: `/api` and what is below it. */
const endingInSlash = (route: Route): readonly Route[] => {
  const { path } = route.match;
  return path?.kind === 'prefix' && path.value.endsWith('/') && path.value !== '/' ? asElements(route) : [];
};

/** Each once: many items may tell of the same. */
const viewsOf = (list: readonly KnownLoss[]): View[] => [...new Set(list.flatMap(({ loss }) => loss.view ?? []))];

/** Nothing but the virtual hosts of this route, with `routes` for all of theirs. */
const alone = (gateway: EffectiveGateway, route: Route, routes: readonly Route[]): EffectiveGateway =>
  mapChains(gateway, (c) => {
    if (c.kind !== 'http') return c;
    const { policies: _, ...chain } = c;
    const hosts = c.virtualHosts.filter((v) => v.routes.includes(route));
    return { ...chain, virtualHosts: hosts.map((v) => ({ ...v, routes })) };
  });
