// Routers at their entry points: each gets what the entry point adds, is compiled and checked as Traefik does it (aggregator.go applyModel
// and resolveHTTPTLSOptions, router.go buildEntryPointHandler). What does not work takes no request.

import type { Origin } from '../../model/index.js';
import { stepsOf } from './middlewares/index.js';
import type { MiddlewareContext, Step } from './middlewares/middleware.js';
import { denies } from './middlewares/paths.js';
import { schemeRedirect } from './middlewares/redirects.js';
import { Disabled } from './names.js';
import type { Router } from './router.js';
import { syntaxOf } from './rules/literals.js';
import { type CompiledRule, compileRule, domainsOfRule } from './rules/normal-form.js';
import { RuleError } from './rules/parse.js';
import { witnessOfRule } from './rules/witness.js';
import type { Target } from './services/target.js';
import type { EntryPoint, StaticConfig } from './static.js';
import { DEFAULT_OPTIONS, type TlsOptions } from './tls-options.js';
import type { Verdicts } from './verdicts.js';

/** A router that works, at one entry point. */
export interface Entry {
  readonly router: Router;
  readonly rule: CompiledRule;
  readonly priority: number;
  /** Among equal priorities the greater counts (`providers.precedence`); -1: of no provider that is named there. */
  readonly rank: number;
  readonly entryPoint: EntryPoint;
  /** The TLS options that its hosts are served with; absent: no TLS. */
  readonly options?: string;
  readonly steps: readonly Step[];
  readonly target?: Target;
  readonly children: readonly Entry[];
}

/** math.MaxInt - 1000, as near as a number comes to it. */
const MAX_PRIORITY = 9223372036854774000;

/** A host of a router with TLS. */
export interface SecureHost {
  readonly entryPoint: string;
  readonly host: string;
  readonly options?: string;
  /** The rule that names it. */
  readonly origin: Origin;
}

export interface EntriesOf {
  readonly entries: readonly Entry[];
  /** Hosts of routers with TLS, and the options of each; without options the connection is closed, because they are not there. */
  readonly hosts: readonly SecureHost[];
  /** Entry points with a router with TLS that names no host. */
  readonly hostless: ReadonlySet<string>;
}

interface Placed {
  readonly router: Router;
  readonly entryPoint: EntryPoint;
  readonly tls?: { readonly options?: string };
}

export function entriesOf(routers: readonly Router[], tlsOptions: TlsOptions, context: MiddlewareContext): EntriesOf {
  const { config, verdicts } = context;
  const byKey = new Map(routers.map((r) => [r.key, r]));
  const children = childrenOf(routers, byKey, verdicts);
  const placed = routers.flatMap((router) => placesOf(router, config, verdicts));
  const resolved = resolveOptions(placed, tlsOptions, verdicts);
  const build = builder(children, context);
  const hosts: SecureHost[] = [];
  const hostless = new Set<string>();
  const entries = resolved.flatMap(({ router, entryPoint, options, known, missing, domains }): Entry[] => {
    if (options !== undefined && domains) {
      const origin = router.matchOrigin;
      for (const host of domains)
        hosts.push({ entryPoint: entryPoint.name, host, origin, ...(known ? { options } : {}) });
      if (domains.length === 0) hostless.add(entryPoint.name);
    }
    if (options !== undefined && missing !== undefined) {
      verdicts.disabled(router, `there is no TLSOption ${missing}`, witnessAt(router, { entryPoint, options }, config));
      return [];
    }
    const entry = build(router, { entryPoint, options, layer: 0 });
    return entry ? [entry] : [];
  });
  return { entries, hosts, hostless };
}

/** Routers without a parent at each entry point that they name, or at the default ones. */
function placesOf(router: Router, config: StaticConfig, verdicts: Verdicts): readonly Placed[] {
  if (router.parents) return [];
  const byName = new Map(config.entryPoints.map((e) => [e.name, e]));
  const defaults = config.entryPoints.filter((e) => e.asDefault);
  const usual = defaults.length > 0 ? defaults : config.entryPoints.filter((e) => e.name !== 'traefik');
  const names = router.entryPoints.length > 0 ? router.entryPoints : usual.map((e) => e.name);
  const found = [...new Set(names)].flatMap((name) => {
    const entryPoint = byName.get(name);
    if (!entryPoint) verdicts.warning(router, `there is no entry point ${name}`);
    return entryPoint ? [entryPoint] : [];
  });
  if (found.length === 0) verdicts.disabled(router, 'none of its entry points is there');
  return found.map((entryPoint) => {
    const tls = router.tls ?? entryPoint.tls;
    return { router, entryPoint, ...(tls ? { tls } : {}) };
  });
}

interface Resolved extends Placed {
  readonly options?: string;
  /** The options of its hosts are there. */
  readonly known: boolean;
  /** The options that it names and that are not there. */
  readonly missing?: string;
  /** Undefined: its rule does not parse. */
  readonly domains: readonly string[] | undefined;
}

/** One host, one set of options: where routers of a host differ, all of them get the default ones. */
function resolveOptions(placed: readonly Placed[], tlsOptions: TlsOptions, verdicts: Verdicts): readonly Resolved[] {
  const wanted = placed.map((p) => ({
    ...p,
    wants: p.tls && (p.tls.options ?? DEFAULT_OPTIONS),
    domains: domainsOf(p.router),
  }));
  const byHost = new Map<string, Set<string>>();
  for (const { entryPoint, wants, domains } of wanted)
    if (wants !== undefined)
      for (const host of domains ?? []) {
        const key = `${entryPoint.name}|${host}`;
        const known = byHost.get(key);
        if (known) known.add(wants);
        else byHost.set(key, new Set([wants]));
      }
  return wanted.map(({ wants, domains, ...place }): Resolved => {
    if (wants === undefined) return { ...place, known: true, domains };
    // Before anybody asks whether they are there (resolveHTTPTLSOptions in pkg/server/aggregator.go).
    const conflict = domains?.some((host) => byHost.get(`${place.entryPoint.name}|${host}`)!.size > 1);
    const hostless = domains?.length === 0 && wants !== DEFAULT_OPTIONS;
    if (conflict)
      verdicts.warning(
        place.router,
        'other routers of its host name other TLS options, so that all of them get the default ones',
      );
    if (hostless) verdicts.warning(place.router, `no Host in its rule, so that the TLS options ${wants} are not used`);
    const options = conflict || hostless ? DEFAULT_OPTIONS : wants;
    // Its hosts are served with the options that were resolved; it is built where the ones that it names are there (buildRouterHandler).
    const missing = tlsOptions.known(wants) ? {} : { missing: wants };
    return { ...place, options, known: tlsOptions.known(options), ...missing, domains };
  });
}

/** Undefined: the rule does not parse. */
function domainsOf({ rule }: Router): readonly string[] | undefined {
  try {
    return domainsOfRule(rule);
  } catch (error) {
    if (error instanceof RuleError) return undefined;
    throw error;
  }
}

const rules = new WeakMap<Router, CompiledRule>();

/** @throws RuleError */
function compiled(router: Router, { defaultRuleSyntax }: StaticConfig): CompiledRule {
  let rule = rules.get(router);
  if (!rule) {
    rule = compileRule(router.rule, syntaxOf(router.syntax || defaultRuleSyntax));
    rules.set(router, rule);
  }
  return rule;
}

/** Children of each router, as ParseRouterTree connects them. */
function childrenOf(
  routers: readonly Router[],
  byKey: ReadonlyMap<string, Router>,
  verdicts: Verdicts,
): ReadonlyMap<Router, readonly Router[]> {
  const children = new Map<Router, Router[]>();
  for (const router of routers) {
    if (!router.parents) continue;
    if (router.tls || router.entryPoints.length > 0) {
      verdicts.disabled(router, `a router with parents cannot have ${router.tls ? 'TLS' : 'entry points'}`);
      continue;
    }
    for (const key of router.parents) {
      const parent = byKey.get(key);
      if (!parent) {
        verdicts.disabled(router, 'a route of its parent is not there');
        continue;
      }
      const known = children.get(parent);
      if (known) known.push(router);
      else children.set(parent, [router]);
    }
  }
  return children;
}

const MAX_LAYERS = 20;

/** Where a router is built. */
interface Site {
  readonly entryPoint: EntryPoint;
  readonly options: string | undefined;
  /** How many routers it is inside of. */
  readonly layer: number;
}

function builder(children: ReadonlyMap<Router, readonly Router[]>, context: MiddlewareContext) {
  const { config, verdicts } = context;
  const build = (router: Router, site: Site): Entry | undefined => {
    try {
      return whole(router, site);
    } catch (error) {
      if (!(error instanceof Disabled || error instanceof RuleError)) throw error;
      verdicts.disabled(router, error.message, witnessAt(router, site, config));
      return undefined;
    }
  };
  /** @throws Disabled, RuleError */
  const whole = (router: Router, { entryPoint, options, layer }: Site): Entry => {
    const inner = children.get(router) ?? [];
    const priority = priorityOf(router);
    checkPlace(router, inner.length, layer);
    // Traefik makes the service before it looks at middlewares and the rule.
    const target = inner.length === 0 ? router.target?.() : undefined;
    const below = inner.flatMap((child) => build(child, { entryPoint, options, layer: layer + 1 }) ?? []);
    if (router.target && inner.length > 0) {
      const why = 'it has both a service and child routers';
      if (layer > 0) throw new Disabled(why);
      // Called disabled, and built with its children all the same (ParseRouterTree and buildHTTPHandler in pkg/server/router/router.go).
      verdicts.disabled(router, `${why}; the children get their requests all the same`);
    }
    if (inner.length > 0 && below.length === 0) throw new Disabled('none of its child routers works');
    return {
      router,
      rule: compiled(router, config),
      priority,
      rank: rankOf(router, config),
      entryPoint,
      ...(options === undefined ? {} : { options }),
      steps: allSteps(router, entryPoint, layer === 0, target, context),
      ...(target ? { target } : {}),
      children: below.sort(byPriority),
    };
  };
  return build;
}

const witnessAt = (
  { rule, syntax }: Router,
  { entryPoint, options }: Pick<Site, 'entryPoint' | 'options'>,
  { defaultRuleSyntax }: StaticConfig,
) => witnessOfRule(rule, syntax || defaultRuleSyntax, { port: entryPoint.port, tls: options !== undefined });

function priorityOf(router: Router): number {
  const priority = router.priority === 0 ? Buffer.byteLength(router.rule) : router.priority;
  if (priority > MAX_PRIORITY && router.provider !== 'internal')
    throw new Disabled(`its priority ${router.priority} is above what users may set`);
  return priority;
}

const rankOf = ({ provider }: Router, { precedence }: StaticConfig): number =>
  [...precedence].reverse().findIndex((name) => name.toLowerCase() === provider);

/** As they are tried. */
export const byPriority = (a: Entry, b: Entry): number => b.priority - a.priority || b.rank - a.rank;

function checkPlace(router: Router, inner: number, layer: number): void {
  if (layer > MAX_LAYERS) throw new Disabled('it leads back to itself');
  if (!router.target && inner === 0) throw new Disabled('it has no service and no child routers');
}

/** Those of the entry point, of the router and of its service. @throws Disabled */
function allSteps(
  router: Router,
  entryPoint: EntryPoint,
  root: boolean,
  target: Target | undefined,
  context: MiddlewareContext,
): readonly Step[] {
  if (router.provider === 'internal') return [redirectStep(entryPoint)];
  const steps = stepsOf(
    [
      ...(root ? entryPoint.middlewares : []),
      ...router.middlewares,
      ...(target?.kind === 'server' ? target.middlewares : []),
    ],
    context,
  );
  return root && entryPoint.denied.length > 0 ? [denies(entryPoint.denied), ...steps] : steps;
}

const redirectStep = ({ redirect }: EntryPoint): Step =>
  schemeRedirect(redirect!.scheme, redirect!.port, redirect!.permanent);
