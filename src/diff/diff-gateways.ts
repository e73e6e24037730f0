// For which requests do two gateways differ? Every pair of rules that can answer one request differently, each with a
// request that the simulator has answered on both sides; what could not be decided is said, and so is what was compared.

import {
  type Because,
  type Compared,
  type EffectiveGateway,
  formatPath,
  formatResource,
  type GatewayDiff,
  type GatewayDifference,
  type GatewayRequest,
  type HttpChain,
  type MatchedOrigin,
  type Origin,
  own,
  type Position,
  put,
  type Route,
  routesOf,
  type SimulationResult,
  type UndecidedPart,
} from '../model/index.js';
import { TooLargeError } from '../regex/index.js';
import { type CompiledGateway, compiledOf, decide, toResult } from '../simulate/index.js';
import {
  type ConnectionClass,
  explore,
  type Frame,
  frameOf,
  type HostClass,
  isSeenAsWritten,
  newRun,
  type Point,
  type Product,
  type Reception,
  type Region,
  type Run,
  type Visitor,
  type Walk,
  type Witness,
  walk,
  withWork,
  witnessOf,
} from '../space/index.js';
import { distribution, effectOf, NO_ROUTE } from './answer.js';
import { canonicalText, policiesText, routeText, virtualHostText } from './canonical.js';
import { changedRules } from './changed.js';
import { contextOf, routeOf } from './confirm.js';
import { familyOf } from './family.js';
import { placeOf } from './located.js';
import { probes } from './probes.js';
import { sameResult } from './results.js';
import { type Sides, sidesOf } from './sides.js';

export interface DiffOptions {
  readonly locate?: (origin: Origin) => Position;
  /** Differences that the caller knows of: they are not told, and a pair of rules is searched on for one that is not among them. */
  readonly isExpected?: (difference: GatewayDifference, before: EffectiveGateway) => boolean;
  /** Hears from time to time how much is done, 0..1. */
  readonly progress?: (share: number) => void;
  /** What may be spent, where several comparisons are one run; absent: a run of its own. */
  readonly run?: Run;
}

export function diffGateways(
  before: EffectiveGateway,
  after: EffectiveGateway,
  options: DiffOptions = {},
): GatewayDiff {
  return new Diff(before, after, options).run();
}

type Side = 0 | 1;
type Tally = { -readonly [K in keyof Compared]: Compared[K] } & { dimensions: Record<string, number> };

/** A pair of rules in the making. */
interface Pair {
  readonly routes: readonly [Route | undefined, Route | undefined];
  status: 'different' | 'alike';
  /** The difference that was found. */
  difference?: GatewayDifference & { occurrences: number };
  /** Requests that were answered alike, or as expected, although the rules are spelled differently. */
  tried: number;
  /** A difference that the caller knows of was found. */
  expected?: true;
  example: GatewayRequest;
}

/** Places of one pair that are tried before it is left open. */
const MAX_TRIES = 12;

/** Changed rules of a virtual host that are tried one by one where a cap was reached. */
const MAX_SAMPLED = 500;

class Diff {
  readonly gateways: readonly [EffectiveGateway, EffectiveGateway];
  readonly compiled: readonly [CompiledGateway, CompiledGateway];
  readonly options: DiffOptions;
  readonly walk: Walk;
  readonly work: Run;
  readonly id: string;
  readonly acrossEngines: boolean;
  readonly pairs = new Map<string, Pair>();
  readonly delivery = new Map<string, GatewayDiff['delivery'][number]>();
  readonly undecided: UndecidedPart[] = [];
  readonly connections: GatewayDifference[] = [];
  readonly compared: Tally;

  constructor(before: EffectiveGateway, after: EffectiveGateway, options: DiffOptions) {
    this.gateways = [before, after];
    this.compiled = [compiledOf(before), compiledOf(after)];
    this.options = options;
    this.walk = walk(this.gateways);
    this.work = options.run ?? newRun();
    this.id = after.id === before.id ? after.id : `${before.id} → ${after.id}`;
    this.acrossEngines = before.engine !== after.engine;
    const count = (g: EffectiveGateway) => routesOf(g).length;
    this.compared = {
      gateways: 1,
      connections: this.walk.connections.length,
      virtualHosts: 0,
      identical: 0,
      rules: { before: count(before), after: count(after) },
      paths: 0,
      dimensions: {},
    };
  }

  run(): GatewayDiff {
    const { connections } = this.walk;
    for (const [i, connection] of connections.entries())
      this.connection(connection, (share) => this.options.progress?.((i + share) / connections.length));
    const differences = [...this.connections];
    for (const pair of this.pairs.values()) {
      if (pair.difference) differences.push(pair.difference);
      else if (!pair.expected)
        this.undecided.push({
          gateway: this.id,
          reason: `the rules are written differently and gave the same answers to ${pair.tried} requests; whether they always do was not proven`,
          request: pair.example,
          because: this.because(pair.routes),
        });
    }
    return {
      equivalent: differences.length > 0 ? false : this.undecided.length > 0 ? 'undecided' : true,
      compared: this.compared,
      differences,
      undecided: this.undecided,
      delivery: [...this.delivery.values()],
    };
  }

  connection(connection: ConnectionClass, progress: (share: number) => void): void {
    const [before, after] = connection.receptions as readonly [Reception, Reception];
    if (!isHttp(before) || !isHttp(after)) {
      if (receptionText(before) !== receptionText(after)) this.reception(connection);
      return;
    }
    const open = openPolicies(before, after);
    if (open) {
      const origin = (c: HttpChain) =>
        c.policies?.authentication[0]?.origin ?? c.policies?.rateLimits?.[0]?.origin ?? c.origin;
      this.undecided.push({
        gateway: this.id,
        reason: `the ${open} of port ${connection.example.port} are not the same, and what they admit was not computed`,
        because: { before: this.matched(origin(before)), after: this.matched(origin(after)) },
      });
    }
    const regions = this.walk.regions(connection);
    for (const [i, region] of regions.entries()) {
      progress(i / regions.length);
      this.region(region);
    }
  }

  /** One side takes HTTP where the other forwards bytes, closes or refuses: every request of the connection may differ. */
  reception(connection: ConnectionClass): void {
    let alike: Omit<UndecidedPart, 'reason'> | undefined;
    let expected = false;
    for (const { host, path } of this.samples(connection)) {
      const frame = { ...this.frame(), connection: connection.example, host };
      const witness = witnessOf({ path, values: new Map() }, frame);
      const { results, routes } = this.answer(witness);
      const origins = connection.receptions.map(
        (r, side) => routes[side]?.origin ?? (typeof r === 'object' ? (r.origin ?? null) : null),
      );
      const because = { before: this.matched(origins[0]), after: this.matched(origins[1]) };
      const { gateway, request, before, after } = this.difference(witness, results, [undefined, undefined]);
      const difference = { gateway, request, before, after, because, occurrences: 1 };
      if (sameResult(before, after, this.acrossEngines)) alike ??= { gateway, request, because };
      else if (this.isExpected(difference)) expected = true;
      else {
        this.addConnection(difference, connection);
        return;
      }
    }
    if (!alike || expected) return;
    const reason = `port ${connection.example.port} forwards bytes under other conditions; whether they admit the same requests was not computed`;
    this.undecided.push({ ...alike, reason });
  }

  /** Hosts and paths that one side has; the first would do where nothing is expected. */
  samples(connection: ConnectionClass): { host: string; path: string }[] {
    const { sni } = connection.example;
    const served = this.walk.regions(connection).filter((r) => r.virtualHosts.some((v) => v !== undefined));
    const found = served.flatMap(({ hosts, virtualHosts }) => {
      const host = (hosts.find((h) => h.example === sni) ?? hosts[0])?.example;
      const paths = virtualHosts.flatMap((v) => v?.routes ?? []).map(({ match: { path } }) => path);
      const literal = paths.flatMap((p) => (p && 'value' in p && p.value.startsWith('/') ? [p.value] : []));
      return host === undefined ? [] : [...new Set(['/', ...literal])].map((path) => ({ host, path }));
    });
    return [...found.slice(0, MAX_SAMPLED), { host: sni ?? 'www.example', path: '/' }];
  }

  /** Connections that differ in the same way are one difference. */
  addConnection(difference: GatewayDifference, { example: { port, scheme } }: ConnectionClass): void {
    const kind = [difference.before, difference.after].map((r) => [r.connection, r.l4, r.status]);
    const key = canonicalText([port, scheme, difference.because, kind]);
    const known = this.connections.findIndex((d) => keys.get(d) === key);
    const earlier = this.connections[known];
    const merged = earlier ? { ...earlier, occurrences: earlier.occurrences + 1 } : difference;
    keys.set(merged, key);
    if (earlier) this.connections[known] = merged;
    else this.connections.push(merged);
  }

  region(region: Region): void {
    const [before, after] = region.virtualHosts;
    const [chainBefore, chainAfter] = region.connection.receptions as readonly [HttpChain, HttpChain];
    const samePolicies = policiesText(chainBefore) === policiesText(chainAfter);
    if (!before && !after && samePolicies) return;
    this.compared.virtualHosts++;
    if (samePolicies && before && after && virtualHostText(before) === virtualHostText(after)) {
      this.compared.identical++;
      return;
    }
    const sides = sidesOf(region, this.gateways);
    if (!sides) {
      this.undecided.push({
        gateway: this.id,
        reason: `the policies of port ${region.connection.example.port} have more alternatives than the cap allows`,
      });
      return;
    }
    // Policies that are about other hosts make no difference here.
    if (!sides.guarded && before && after && virtualHostText(before) === virtualHostText(after)) {
      this.compared.identical++;
      return;
    }
    const byHost = sides.lists.some((list) => list.some((p) => p.atoms.some((a) => a.dimension === 'host')));
    // One host stands for all; the one that the connection was made for, since TLS may make a difference between them.
    const one = region.hosts.find((h) => h.example === region.connection.example.sni) ?? region.hosts[0]!;
    for (const host of byHost ? region.hosts : [one]) this.host(region, host, byHost, sides);
  }

  host(region: Region, host: HostClass, byHost: boolean, sides: Sides): void {
    const { lists } = sides;
    const engines = this.gateways.map((g) => g.engine);
    let frame: Frame;
    try {
      frame = frameOf(region, engines, byHost ? host : undefined);
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      this.undecided.push({ gateway: this.id, reason: `hosts like ${host.example} have ${error.message}` });
      return;
    }
    const [before, after] = sides.routes.map((routes) => routes.map(routeText)) as [string[], string[]];
    const seen = new Set<string>();
    const changed = changedRules(before, after);
    const witness = (point: Point) =>
      witnessOf(point, { ...this.frame(), connection: region.connection.example, host: host.example });
    const rules = lists.reduce((n, list) => n + list.length, 0);
    const visitor: Visitor = {
      // Policies decide before routes do, so that where they are, all requests are looked at.
      ...(sides.guarded
        ? {}
        : {
            wanted: (side, index) => changed[side]!.has(index),
            skip: ([left, right]) =>
              left!.length === right!.length && left!.every((i, n) => before[i] === after[right![n]!]),
          }),
      onLeaf: (taken, point) => {
        this.leaf(sides.answering(taken), seen, sides, () => witness(point()));
        return false;
      },
    };
    const result = withWork(this.work, rules, (work) => explore(lists, frame, visitor, work));
    this.compared.paths += result.pathClasses;
    for (const [key, n] of Object.entries(result.classes))
      put(this.compared.dimensions, key, Math.max(n, own(this.compared.dimensions, key) ?? 0));
    if (!result.complete) {
      const tried = this.sample(changed, lists, frame, witness, ([side, index], w) =>
        this.leafOf(w, seen, sides, side, sides.routes[side][index]!),
      );
      const all = changed[0].size + changed[1].size;
      const many = tried < all ? `; ${tried} of ${all} changed rules were tried, each with one request` : '';
      this.undecided.push({ gateway: this.id, reason: `${host.example}: ${result.reason}${many}` });
    }
    this.unknown(result.unknown, sides);
  }

  /** Where not everything could be explored: a request of each changed rule may still show a difference. How many were tried. */
  sample(
    changed: readonly ReadonlySet<number>[],
    products: readonly (readonly Product[])[],
    frame: Frame,
    witness: (point: Point) => Witness,
    ask: (rule: readonly [Side, number], witness: Witness) => void,
  ): number {
    let tried = 0;
    changed.forEach((rules, side) => {
      for (const index of [...rules].slice(0, MAX_SAMPLED)) {
        tried++;
        withWork(this.work, 1, (work) =>
          explore(
            [[products[side]![index]!]],
            frame,
            {
              onLeaf([taken], point) {
                if (taken === 0) ask([side as Side, index], witness(point()));
                return taken === 0;
              },
            },
            work,
          ),
        );
      }
    });
    return tried;
  }

  /** A request of which only one side's rule is known. */
  leafOf(witness: Witness, seen: Set<string>, sides: Sides, side: Side, route: Route): void {
    const { routes } = this.answer(witness);
    if (routes[side] === route) this.leaf(routes, seen, sides, () => witness);
  }

  /** Rules with a test that is too large to compute with: what they take is open. */
  unknown(unknown: readonly ReadonlyMap<number, string>[], sides: Sides): void {
    unknown.forEach((rules, list) => {
      for (const [index, reason] of rules) {
        const origin = this.matched(sides.originOf(list, index));
        const isBefore = list === 0 || list === 2 || list === 3;
        this.undecided.push({
          gateway: this.id,
          reason,
          because: isBefore ? { before: origin, after: null } : { before: null, after: origin },
        });
      }
    });
  }

  leaf(routes: Pair['routes'], seen: Set<string>, sides: Sides, witness: () => Witness): void {
    const [before, after] = routes;
    const path = onlyPath(before) ?? onlyPath(after);
    const effects = [before ? effectOf(before, path) : NO_ROUTE, after ? effectOf(after, path) : NO_ROUTE] as const;
    const same = effects[0].outcome === effects[1].outcome && effects[0].change === effects[1].change;
    const name = routes.map(ruleName).join(' | ');
    if (same) {
      if (effects[0].delivery !== effects[1].delivery && !this.delivery.has(name))
        this.delivery.set(name, { gateway: this.id, request: witness().request, because: this.because(routes) });
      return;
    }
    const pair = this.pairs.get(name);
    if (pair?.difference) {
      if (!seen.has(name)) pair.difference.occurrences++;
      seen.add(name);
      return;
    }
    if (pair && pair.tried >= MAX_TRIES * 10 && !pair.expected) return;
    seen.add(name);
    this.compare(name, routes, witness(), effects[0].chance !== effects[1].chance, pair);
    const made = this.pairs.get(name)?.difference;
    if (made && !pair?.difference) Object.assign(made, { family: familyOf(routes, sides.routes) });
  }

  compare(name: string, routes: Pair['routes'], witness: Witness, certain: boolean, known: Pair | undefined): void {
    const pair: Pair = known ?? { routes, status: 'alike', tried: 0, example: witness.request };
    this.pairs.set(name, pair);
    if (routes.every(isConstant)) {
      // Such rules answer every request alike, so that one answer proves it.
      const { results } = this.answer(witness);
      if (!sameResult(results[0], results[1], this.acrossEngines)) this.recordDifference(pair, witness, results);
      else if (!known) this.pairs.delete(name);
      return;
    }
    const engines = this.gateways.map((g) => g.engine);
    // A pair that is known to differ may do so elsewhere in a way that is not: every place is asked then, if not with every probe.
    for (const request of pair.tried < MAX_TRIES * 10 ? probes(witness.request, routes) : [witness.request]) {
      if (request !== witness.request && !isSeenAsWritten(request.path, engines)) continue;
      const probe: Witness = { ...witness, request };
      const { results, routes: taken } = this.answer(probe);
      // A probe may be another rule's request.
      if (request !== witness.request && (taken[0] !== routes[0] || taken[1] !== routes[1])) continue;
      pair.tried++;
      if (sameResult(results[0], results[1], this.acrossEngines)) continue;
      if (this.recordDifference(pair, probe, results)) return;
    }
    if (!certain) return;
    // What chance decides (a share of faults or mirrors) shows in no single answer.
    const { results } = this.answer(witness);
    if (results[0].status === 401 || results[0].status === 403) return;
    pair.difference = { ...this.difference(witness, results, routes), occurrences: 1 };
  }

  /** The caller does not know of this difference: the pair has it then. */
  recordDifference(pair: Pair, witness: Witness, results: readonly [SimulationResult, SimulationResult]): boolean {
    const found = this.difference(witness, results, pair.routes);
    if (this.isExpected(found)) {
      pair.expected = true;
      return false;
    }
    pair.difference = { ...found, occurrences: 1 };
    return true;
  }

  isExpected(difference: GatewayDifference): boolean {
    return this.options.isExpected?.(difference, this.gateways[0]) ?? false;
  }

  difference(
    witness: Witness,
    results: readonly [SimulationResult, SimulationResult],
    routes: Pair['routes'],
  ): GatewayDifference {
    return {
      gateway: this.id,
      request: witness.request,
      ...(witness.claims ? { claims: witness.claims } : {}),
      before: results[0],
      after: results[1],
      because: this.because(routes),
      occurrences: 1,
    };
  }

  /** What both sides say, and by which routes. */
  answer(witness: Witness): {
    results: readonly [SimulationResult, SimulationResult];
    routes: Pair['routes'];
  } {
    const { request } = witness;
    const context = contextOf(witness);
    const locate = this.options.locate ? { locate: this.options.locate } : {};
    const decisions = this.compiled.map((c) => decide(c, request, context));
    const results = decisions.map((d, i) => toResult(d, request, { ...locate, gateway: this.gateways[i]! })) as [
      SimulationResult,
      SimulationResult,
    ];
    const routes = decisions.map(routeOf) as [Route | undefined, Route | undefined];
    return { results, routes };
  }

  frame() {
    return { gateway: this.gateways[1], receive: this.walk.receive };
  }

  because(routes: Pair['routes']): Because {
    return {
      before: this.matched(routes[0]?.matchOrigin ?? routes[0]?.origin),
      after: this.matched(routes[1]?.matchOrigin ?? routes[1]?.origin),
    };
  }

  matched(origin: Origin | null | undefined): MatchedOrigin | null {
    return origin ? placeOf(origin, this.options.locate) : null;
  }
}

const keys = new WeakMap<GatewayDifference, string>();

const isHttp = (r: Reception): r is HttpChain => typeof r === 'object' && r.kind === 'http';

/** Answers by itself, whatever the request is like. */
function isConstant(route: Route | undefined): boolean {
  if (!route || route.action.kind === 'none') return !route?.fault;
  const { action, responseHeaders, fault, cors } = route;
  return (
    action.kind === 'direct-response' &&
    !fault &&
    !cors &&
    !JSON.stringify([responseHeaders?.set, responseHeaders?.add]).includes('%')
  );
}

/** Policies beside authorization, and limits of bodies where no route is, that differ, which is not computed with. */
function openPolicies(before: HttpChain, after: HttpChain): string | undefined {
  const [a, b] = [before.policies, after.policies];
  if (canonicalText(a?.authentication ?? []) !== canonicalText(b?.authentication ?? [])) return 'token checks';
  if (canonicalText(a?.rateLimits ?? []) !== canonicalText(b?.rateLimits ?? [])) return 'rate limits';
  if (before.bodyLimit?.maxBytes !== after.bodyLimit?.maxBytes) return 'request body limits';
  return undefined;
}

const receptionText = (r: Reception): string =>
  typeof r === 'string'
    ? r
    : canonicalText(
        r.kind === 'l4'
          ? { l4: r.l4, split: distribution(r.destinations), policies: r.policies ?? null }
          : { http: true },
      );

/** The rule as its file names it. */
function ruleName(route: Route | undefined): string {
  if (!route) return '-';
  const { resource, path } = route.matchOrigin ?? route.origin;
  return `${formatResource(resource)} ${formatPath(path)}`;
}

const onlyPath = (route: Route | undefined): string | undefined => {
  const path = route?.match.path;
  return path?.kind === 'exact' && path.ignoreCase !== true ? path.value : undefined;
};
