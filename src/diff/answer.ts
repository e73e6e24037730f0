// What a route does to a request, in a form in which equal effects are equal texts: weights as a distribution, a
// prefix rewrite as "drop so many characters and put this there", a fixed path rewritten at once.

import {
  type CorsPolicy,
  type Forward,
  type HeaderOps,
  literalText,
  type Mirror,
  type PathRewrite,
  portText,
  type Route,
  type WeightedDestination,
  wholeLocation,
} from '../model/index.js';
import { BadPatternError, compileRegex } from '../regex/index.js';
import { canonicalText } from './canonical.js';

export interface Effect {
  /** Where it goes and what happens to every request alike: another text is another answer. */
  readonly outcome: string;
  /** Changes that depend on the request: another text may be another spelling of the same. */
  readonly change: string;
  /** What chance decides, so that no single answer shows it: shares of faults and mirrors between never and always. */
  readonly chance: string;
  /** How it is delivered (timeouts, retries): no difference between answers, reported beside. */
  readonly delivery: string;
}

/** No route: what the engine says then. */
export const NO_ROUTE: Effect = { outcome: 'none', change: '', chance: '', delivery: '' };

/** `path`: the only path in question, where there is only one. */
export function effectOf(route: Route, path: string | undefined): Effect {
  if (path !== undefined) return computeEffect(route, path);
  let effect = effects.get(route);
  if (!effect) {
    effect = computeEffect(route, undefined);
    effects.set(route, effect);
  }
  return effect;
}

/** In what two effects differ: what is the same in both left out. */
export function deltaOf(before: Effect, after: Effect): string {
  const parts = (['outcome', 'change', 'chance'] as const).map((key) => differing(before[key], after[key]));
  return canonicalText(parts);
}

function differing(before: string, after: string): unknown {
  if (before === after) return null;
  if (!before.startsWith('{') || !after.startsWith('{')) return [before, after];
  const [left, right] = [before, after].map((text) => new Map(Object.entries(JSON.parse(text) as object)));
  const names = [...new Set([...left!.keys(), ...right!.keys()])];
  return names.flatMap((name) => {
    const [a, b] = [left!.get(name), right!.get(name)].map((value) => canonicalText(value ?? null));
    return a === b ? [] : [[name, a, b]];
  });
}

const effects = new WeakMap<Route, Effect>();

function computeEffect(route: Route, path: string | undefined): Effect {
  return { ...effectOfAction(route, path), chance: chanceOf(route) };
}

/** Nothing is copied to what does not exist (simulate/mirror.ts). */
const mirrorsOf = ({ mirrors = [] }: Forward): readonly Mirror[] => mirrors.filter((m) => !m.destination.missing);

function chanceOf({ fault, action }: Route): string {
  const mirrors = action.kind === 'forward' ? mirrorsOf(action) : [];
  // Host and path of a copy are shown where it is made; the share is not.
  const shares = mirrors.map(({ percent, destination }) => ({ percent, destination: place(destination) }));
  const parts = [fault?.abort, fault?.delay, ...shares];
  const open = parts.filter((p) => p !== undefined && p.percent > 0 && p.percent < 100);
  return open.length === 0 ? '' : canonicalText(open);
}

function effectOfAction(route: Route, path: string | undefined): Omit<Effect, 'chance'> {
  const { action } = route;
  const shared = {
    fault: faultShape(route.fault),
    conditions: route.conditions ?? [],
    maxRequestBytes: route.maxRequestBytes ?? null,
    cors: route.cors ? corsShape(route.cors) : null,
  };
  const responseHeaders = opsList(route.responseHeaders);
  const whole = locationAnswer(route, responseHeaders);
  if (whole)
    return {
      outcome: canonicalText({ ...shared, kind: 'location', status: whole.status }),
      change: canonicalText({
        location: whole.location,
        responseHeaders: ordered(whole.others),
        cors: route.cors ?? null,
      }),
      delivery: '',
    };
  switch (action.kind) {
    case 'none':
      return { outcome: shared.fault ? canonicalText(shared) : 'none', change: '', delivery: '' };
    case 'direct-response':
      return {
        outcome: canonicalText({ ...shared, action }),
        change: canonicalText({ responseHeaders, cors: route.cors ?? null }),
        delivery: '',
      };
    case 'redirect': {
      const { path: rewrite, kind, status, ...rest } = action;
      return {
        outcome: canonicalText({ ...shared, kind, status }),
        change: canonicalText({
          ...rest,
          path: rewriteShape(route, rewrite, path),
          responseHeaders,
          cors: route.cors ?? null,
        }),
        delivery: '',
      };
    }
    case 'forward': {
      const only = action.destinations.length === 1 ? action.destinations[0]! : undefined;
      const requestHeaders = [...opsList(only?.requestHeaders), ...opsList(route.requestHeaders)];
      return {
        outcome: canonicalText({
          ...shared,
          split: distribution(action.destinations),
          mirrors: mirrorsOf(action).map((m) => ({ ...m, destination: place(m.destination) })),
        }),
        change: canonicalText({
          path: rewriteShape(route, action.rewrite?.path, path),
          host: action.rewrite?.host ?? only?.hostRewrite ?? null,
          method: action.rewrite?.method ?? null,
          query: action.rewrite?.query ?? null,
          requestHeaders: ordered(requestHeaders),
          responseHeaders: ordered([...opsList(only?.responseHeaders), ...responseHeaders]),
          cors: route.cors ?? null,
        }),
        delivery: canonicalText({
          delivery: action.delivery ?? null,
          protocols: action.destinations.map(({ to }) => ('host' in to ? [to.protocol ?? null, to.tls ?? null] : null)),
        }),
      };
    }
  }
}

/** What never happens is no fault. */
function faultShape(fault: Route['fault']): unknown {
  const delay = fault?.delay && fault.delay.percent > 0 ? fault.delay : undefined;
  const abort = fault?.abort && fault.abort.percent > 0 ? fault.abort : undefined;
  return delay || abort ? { ...(delay ? { delay } : {}), ...(abort ? { abort } : {}) } : null;
}

/**
 * A redirect whose Location is one template, and an empty answer that sets this header: no client can tell them apart, and writers
 * make the second of the first where the target's redirects are narrower.
 */
function locationAnswer(
  { action }: Route,
  responseHeaders: readonly Op[],
): { readonly status: number; readonly location: string; readonly others: readonly Op[] } | undefined {
  const named = responseHeaders.filter(([, name]) => name === 'location');
  if (action.kind === 'redirect') {
    const location = wholeLocation(action);
    // Envoy completes a path that does not begin with a slash, nginx does not.
    if (location === undefined || named.length > 0 || (action.location === undefined && !location.startsWith('/')))
      return undefined;
    return { status: action.status, location, others: responseHeaders };
  }
  const [op] = named;
  if (action.kind !== 'direct-response' || action.body || action.defaultBackend || named.length !== 1) return undefined;
  if (op?.[0] !== 'set' || op[2] === undefined || action.status < 300 || action.status > 399) return undefined;
  return { status: action.status, location: op[2], others: responseHeaders.filter((other) => other !== op) };
}

/** What a destination is called, not how it is spoken to. */
function place(to: WeightedDestination['to']): unknown {
  if ('status' in to) return { status: to.status };
  const { host, subset = null, wholeHost, missing } = to;
  // Whatever is missing, and of whom: the gateway answers by itself.
  return missing === undefined ? { host, port: portText(to), subset: wholeHost ? null : subset } : { missing: true };
}

/** Each possible destination with its share, in one order. */
export function distribution(destinations: Forward['destinations']): unknown {
  if (destinations.length === 1) return [[canonicalText(place(destinations[0]!.to)), 100]];
  const total = destinations.reduce((sum, d) => sum + d.weight, 0);
  const shares = new Map<string, number>();
  for (const d of destinations) {
    if (d.weight === 0 && total > 0) continue;
    const own = d.requestHeaders || d.responseHeaders || d.hostRewrite;
    const key = canonicalText([
      place(d.to),
      own ? [opsList(d.requestHeaders), opsList(d.responseHeaders), d.hostRewrite ?? null] : null,
    ]);
    shares.set(key, (shares.get(key) ?? 0) + d.weight);
  }
  return [...shares]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, weight]) => [key, total > 0 ? Math.round((weight / total) * 1e6) / 1e4 : weight]);
}

type Op = readonly [op: string, name: string, value?: string];

function opsList(ops: HeaderOps | undefined): Op[] {
  if (!ops) return [];
  return [
    ...(ops.remove ?? []).map((n): Op => ['remove', n.toLowerCase()]),
    ...(ops.set ?? []).map(([n, v]): Op => ['set', n.toLowerCase(), v]),
    ...(ops.add ?? []).map(([n, v]): Op => ['add', n.toLowerCase(), v]),
  ];
}

/** Operations on different headers can change places, unless a value reads a header. */
function ordered(ops: readonly Op[]): readonly Op[] {
  if (ops.some(([, , value]) => value?.includes('%'))) return ops;
  return [...ops].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether there is CORS and how preflights end; the rest depends on the request. */
const corsShape = (cors: CorsPolicy): unknown => ({
  maxAge: cors.maxAge ?? null,
  credentials: cors.allowCredentials ?? null,
});

/** A rewrite as an effect. */
function rewriteShape(route: Route, rewrite: PathRewrite | undefined, path: string | undefined): unknown {
  if (!rewrite) return null;
  if (path !== undefined) {
    const fixed = rewriteFixed(rewrite, path);
    if (fixed !== undefined) return { becomes: fixed };
  }
  const plain = rewrite.kind === 'regex' ? (asPrefix(route, rewrite) ?? rewrite) : rewrite;
  // What is anchored at the start is replaced once at most.
  if (plain.kind === 'regex') return { ...plain, all: plain.all && !isAnchored(plain.pattern) };
  if (plain.kind !== 'prefix') return plain;
  // `/api/` → `/` drops as much as `/api` → nothing: what both end with stays anyway. Case may differ where case is ignored.
  const ignoresCase =
    route.match.path !== undefined && 'ignoreCase' in route.match.path && route.match.path.ignoreCase === true;
  let { from, to } = plain;
  while (from !== '' && to !== '' && from.at(-1) === to.at(-1) && !(ignoresCase && /[a-z]/i.test(to.at(-1)!))) {
    from = from.slice(0, -1);
    to = to.slice(0, -1);
  }
  return { drop: from.length, put: to };
}

/** A pattern for a text with which every path of the rule begins (and perhaps what Istio writes behind it) replaces this prefix. */
function asPrefix(route: Route, { pattern, substitution }: PathRewrite & { kind: 'regex' }): PathRewrite | undefined {
  const { path } = route.match;
  if (path && 'ignoreCase' in path && path.ignoreCase) return undefined;
  const [, quoted, rest] = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^a-zA-Z0-9])*)(\(\/\?\)\(\.\*\))?$/.exec(pattern) ?? [];
  if (quoted === undefined) return undefined;
  const from = quoted.replace(/\\(.)/g, '$1');
  // Whatever else a path is, it begins with a slash.
  if (!path || path.kind === 'any' || path.kind === 'regex')
    return rest === undefined && from === '/' && !substitution.includes('\\')
      ? { kind: 'prefix', from, to: substitution }
      : undefined;
  if (rest === undefined)
    return path.kind !== 'suffix' &&
      path.kind !== 'contains' &&
      path.value.startsWith(from) &&
      !substitution.includes('\\')
      ? { kind: 'prefix', from, to: substitution }
      : undefined;
  // Istio's way to take a prefix away: /api and /api/x become / and /x. Behind a match of /api/ the slash is always there.
  const isElement = path.kind === 'segment-prefix' && path.value === from;
  const hasSlash = (path.kind === 'prefix' || path.kind === 'segment-prefix') && path.value.startsWith(`${from}/`);
  const isWhole = from === '' && path.value.startsWith('/');
  return (isElement || hasSlash || isWhole) && substitution === '/\\2' ? { kind: 'prefix', from, to: '' } : undefined;
}

/** The pattern begins with `^`, all of it: no alternative at the top. */
function isAnchored(pattern: string): boolean {
  if (!/^(\(\?i\))?\^/.test(pattern)) return false;
  let depth = 0;
  for (const [token] of pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/gs)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === '|' && depth === 0) return false;
  }
  return true;
}

function rewriteFixed(rewrite: PathRewrite, path: string): string | undefined {
  switch (rewrite.kind) {
    case 'prefix':
      return rewrite.to + path.slice(rewrite.from.length);
    case 'full':
      return literalText(rewrite.to);
    case 'strip-trailing-slash':
      return path.endsWith('/') ? path.slice(0, -1) : path;
    case 'regex':
      try {
        const regex = compileRegex(rewrite.pattern);
        return rewrite.all
          ? regex.replaceAll(path, rewrite.substitution)
          : regex.replaceFirst(path, rewrite.substitution);
      } catch (error) {
        if (error instanceof BadPatternError) return undefined;
        throw error;
      }
  }
}
