// The routes of one class of hosts on one connection, in the order of the router, each with what its plugins and its service make of it.

import {
  append,
  type DirectResponse,
  type Forward,
  formatResource,
  type HeaderMatcher,
  type HeaderOps,
  type Origin,
  type Redirect,
  type Rewrite,
  type Route,
  type RouteMatch,
  type StringMatcher,
  type Unsupported,
} from '../../../model/index.js';
import { PcreError } from '../../pcre.js';
import { deliveryOf } from '../delivery.js';
import type { Flavor, KongPath, KongRoute, KongService } from '../entities.js';
import { foundIn, literally } from '../patterns.js';
import { type Branch, type Edit, message } from '../plugins/branch.js';
import { answersBeforePlugins, branchesOf, type PluginSet } from '../plugins/run.js';
import type { Entry } from './entry.js';
import { both } from './path-sets.js';
import { type UpstreamPath, upstreamPaths } from './upstream-path.js';

export interface RouteContext {
  readonly flavor: Flavor;
  readonly scheme: 'http' | 'https';
  readonly plugins: PluginSet;
  readonly unsupported: (item: Unsupported) => void;
  /** Of what Kong answers where no route matches. */
  readonly origin: Origin;
}

/** `host`: a test of the Host header beside the class. */
export function entryRoutes(
  { route, paths, only }: Entry,
  host: HeaderMatcher | undefined,
  context: RouteContext,
): readonly Route[] {
  const extra = [...(host ? [host] : []), ...(only?.headers ?? [])];
  const out: Route[] = [];
  for (const path of paths.length === 0 ? [undefined] : paths)
    for (const made of pathRoutes(route, path, context)) append(out, within(made, only?.path, extra));
  return out;
}

/** The route for a part of its requests only. */
function within(route: Route, path: StringMatcher | undefined, headers: readonly HeaderMatcher[]): readonly Route[] {
  const own = route.match.path;
  const narrowed = path && own ? (both(own, path) ?? narrower(own, path)) : (path ?? own);
  if (narrowed === 'none') return [];
  if (headers.length === 0 && narrowed === own) return [route];
  return [
    {
      ...route,
      action: { ...route.action },
      match: { ...route.match, ...(narrowed ? { path: narrowed } : {}), headers: [...headers, ...route.match.headers] },
    },
  ];
}

/** Of two that both hold for a path, and that are too large to compare: the one that says more. */
const narrower = (a: StringMatcher, b: StringMatcher): StringMatcher => (a.kind === 'exact' ? a : b);

const made = new WeakMap<KongRoute, Map<string, readonly Route[]>>();

/** Made once for each path and scheme: classes of hosts share the routes. */
function pathRoutes(route: KongRoute, path: KongPath | undefined, context: RouteContext): readonly Route[] {
  const known = made.get(route) ?? new Map<string, readonly Route[]>();
  made.set(route, known);
  const key = `${context.scheme} ${path?.kind} ${path?.value}`;
  const routes = known.get(key) ?? makeRoutes(route, path, context);
  known.set(key, routes);
  return routes;
}

function makeRoutes(route: KongRoute, path: KongPath | undefined, context: RouteContext): readonly Route[] {
  const { flavor, scheme, plugins } = context;
  try {
    const pathHandling = flavor === 'traditional' ? route.pathHandling : 'v0';
    const settings = { stripPath: route.stripPath, pathHandling };
    const parts = upstreamPaths(settings, route.service?.path ?? '/', path, flavor !== 'traditional');
    const refusal = schemeAnswer(route, scheme);
    if (refusal) {
      const [whole] = upstreamPaths({ stripPath: false, pathHandling: 'v0' }, '/', path, flavor !== 'traditional');
      return answersBeforePlugins(plugins).map((branch) => ({
        action: { ...refusal.action },
        ...headersOf([...refusal.headers, ...branch.response]),
        match: matchOf(route, whole?.path, branch, context),
        ...originsOf(route, path),
      }));
    }
    const branches = branchesOf(route, plugins, parts[0]?.pattern);
    return branches.flatMap((branch) => branchRoutes(branch, parts, { route, path, context }));
  } catch (error) {
    if (!(error instanceof PcreError)) throw error;
    context.unsupported({
      feature: 'kong.pattern',
      detail: `the pattern is not read: ${error.message}`,
      effect: 'routing',
      origin: path?.origin ?? route.origin,
    });
    return [];
  }
}

interface Place {
  readonly route: KongRoute;
  readonly path: KongPath | undefined;
  readonly context: RouteContext;
}

function branchRoutes(branch: Branch, parts: readonly UpstreamPath[], place: Place): readonly Route[] {
  const { route, path, context } = place;
  for (const item of branch.unknown ?? [])
    context.unsupported({
      ...item,
      effect: 'change',
      reach: { objects: [formatResource(route.origin.resource)] },
    });
  // Where the path does not matter, or is replaced as a whole, the route needs no parts.
  const whole = branch.done || branch.uri ? parts.slice(-1).map((p) => ({ ...p, rewrite: undefined })) : parts;
  return whole.map((part): Route => {
    const request = opsOf(branch.request);
    return {
      match: matchOf(route, part.path, branch, context),
      // Of its own, so that none counts as a copy of another with fewer conditions.
      action: branch.done ? { ...branch.done.action } : forwardOf(route.service, route, branch, part),
      ...(request && !branch.done ? { requestHeaders: request } : {}),
      ...headersOf(branch.response),
      ...(branch.conditions.length > 0 ? { conditions: branch.conditions } : {}),
      ...(branch.maxBytes ? { maxRequestBytes: branch.maxBytes.bytes, bodyLimitOrigin: branch.maxBytes.origin } : {}),
      ...(branch.done
        ? { origin: branch.done.origin, matchOrigin: path?.origin ?? route.origin }
        : originsOf(route, path)),
    };
  });
}

const originsOf = (
  route: KongRoute,
  path: KongPath | undefined,
): { readonly origin: Origin; readonly matchOrigin?: Origin } =>
  path && path.origin !== route.origin ? { origin: route.origin, matchOrigin: path.origin } : { origin: route.origin };

/** What a route for other schemes answers: behind the choice of the route, before its plugins (access.before in kong/runloop/handler.lua). */
function schemeAnswer(
  { protocols, httpsRedirectStatus }: KongRoute,
  scheme: 'http' | 'https',
): { readonly action: Redirect | DirectResponse; readonly headers: readonly Edit[] } | undefined {
  const has = (word: string): boolean => protocols.includes(word);
  if (scheme === 'http' && has('https') && !has('http')) {
    if (httpsRedirectStatus !== 426)
      return { action: { kind: 'redirect', status: httpsRedirectStatus, scheme: 'https' }, headers: [] };
    return {
      action: message(426, 'Please use HTTPS protocol'),
      headers: [{ op: 'set', name: 'upgrade', value: 'TLS/1.2, HTTP/1.1' }],
    };
  }
  if (!has('http') && !has('https') && (has('grpc') || has('grpcs')))
    return { action: message(415, 'Non-gRPC request matched gRPC route'), headers: [] };
  return undefined;
}

function matchOf(
  route: KongRoute,
  path: StringMatcher | undefined,
  branch: Branch | undefined,
  { flavor }: RouteContext,
): RouteMatch {
  return {
    ...(path ? { path } : {}),
    headers: [...methodMatchers(route), ...headerMatchers(route, flavor), ...(branch?.headers ?? [])],
    query: [...(route.query ?? []).map(([name, value]) => ({ name, value })), ...(branch?.query ?? [])],
    ...(branch && branch.source.length > 0 ? { source: branch.source } : {}),
  };
}

function methodMatchers({ methods }: KongRoute): readonly HeaderMatcher[] {
  if (methods.length === 0) return [];
  const [only] = methods;
  return [
    {
      name: ':method',
      value:
        methods.length === 1
          ? { kind: 'exact', value: only! }
          : { kind: 'regex', pattern: methods.map(literally).join('|') },
    },
  ];
}

/** Any of the values; without case but with expressions. */
function headerMatchers({ headers, priority }: KongRoute, flavor: Flavor): readonly HeaderMatcher[] {
  const ignoreCase = priority === undefined;
  return headers
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(([name, values]): HeaderMatcher => {
      const patterns = values.map((value) =>
        value.startsWith('~*') && (flavor !== 'traditional' || values.length === 1)
          ? foundIn(flavor === 'traditional_compatible' ? value.slice(2).toLowerCase() : value.slice(2), ignoreCase)
          : undefined,
      );
      const [first = ''] = values;
      if (values.length === 1 && patterns[0] === undefined)
        return {
          name: name.toLowerCase(),
          value: { kind: 'exact', value: first, ...(ignoreCase ? { ignoreCase } : {}) },
        };
      const itself = (value: string): string => `${ignoreCase ? '(?i)' : ''}${literally(value)}`;
      const own = flavor === 'traditional' ? values : values.filter((_, i) => patterns[i] === undefined);
      // The flavour traditional takes a pattern as a text too.
      const any = [...patterns.filter((p) => p !== undefined), ...own.map(itself)];
      const pattern = any.length === 1 ? any[0]! : any.map((p) => `(?:${p})`).join('|');
      return { name: name.toLowerCase(), value: { kind: 'regex', pattern } };
    });
}

function forwardOf(
  service: KongService | undefined,
  { preserveHost }: KongRoute,
  branch: Branch,
  part: { readonly rewrite?: UpstreamPath['rewrite'] | undefined },
): Route['action'] {
  if (!service) return message(503, 'no Service found with those values');
  if (service.to.length === 0) return message(503, 'failure to get a peer from the ring-balancer');
  const path = branch.uri ?? part.rewrite;
  const host = branch.host ?? (preserveHost ? undefined : service.host);
  const rewrite: Rewrite = {
    ...(path ? { path } : {}),
    ...(host === undefined ? {} : { host }),
    ...(branch.method === undefined ? {} : { method: branch.method }),
    ...(branch.queryOps ? { query: branch.queryOps } : {}),
  };
  const delivery = deliveryOf(service);
  const forward: Forward = {
    kind: 'forward',
    destinations: service.to.map(({ destination, weight }) => ({ to: destination, weight })),
    ...(delivery ? { delivery } : {}),
    ...(Object.keys(rewrite).length > 0 ? { rewrite } : {}),
  };
  return forward;
}

/** What Kong answers where no route matches: with the headers of plugins for everything. None where they have nothing to say. */
export function noRoute({ plugins, origin }: RouteContext): readonly Route[] {
  const branches = answersBeforePlugins(plugins);
  if (branches.every(({ response }) => response.length === 0)) return [];
  return branches.map((branch) => ({
    match: { headers: branch.headers, query: branch.query },
    action: message(404, 'no Route matched with those values'),
    ...headersOf(branch.response),
    own: true,
    origin,
  }));
}

function headersOf(edits: readonly Edit[]): Pick<Route, 'responseHeaders'> {
  const responseHeaders = opsOf(edits);
  return responseHeaders ? { responseHeaders } : {};
}

/** In the order of the edits as far as the model has one: removed first, then set and added. A header that is set again is set once. */
function opsOf(edits: readonly Edit[]): HeaderOps | undefined {
  if (edits.length === 0) return undefined;
  const removed = new Set<string>();
  const values = new Map<string, { readonly op: 'set' | 'add'; readonly value: string }[]>();
  for (const edit of edits) {
    if (edit.op === 'remove') {
      removed.add(edit.name);
      values.delete(edit.name);
    } else if (edit.op === 'set') values.set(edit.name, [{ op: 'set', value: edit.value }]);
    else values.set(edit.name, [...(values.get(edit.name) ?? []), { op: 'add', value: edit.value }]);
  }
  const all = [...values].flatMap(([name, list]) => list.map(({ op, value }) => ({ name, op, value })));
  const of = (op: 'set' | 'add') => all.filter((v) => v.op === op).map(({ name, value }) => [name, value] as const);
  const [set, add] = [of('set'), of('add')];
  return {
    ...(set.length > 0 ? { set } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(removed.size > 0 ? { remove: [...removed] } : {}),
  };
}
