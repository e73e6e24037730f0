// The requests of rules as operations of an AuthorizationPolicy: hosts, paths and methods, without those that an earlier rule takes. It
// decides before routing, so it has to name them all.

import {
  type DomainPattern,
  hostText,
  type Route,
  type StringMatcher,
  type VirtualHost,
} from '../../../model/index.js';
import { subsetOf } from '../hosts.js';

/** The hosts that a virtual host takes: its own names, not those that narrower virtual hosts take away. */
export function hostScope(host: VirtualHost, others: readonly VirtualHost[]): Record<string, readonly string[]> {
  const spelled = (d: DomainPattern) => [hostText(d), `${hostText(d)}:*`];
  const any = host.domains.some((d) => d.kind === 'any');
  const wide = host.domains.filter((d) => d.kind !== 'exact').map(hostText);
  // `host` may be a copy of one of `others`, and have a name beside its star.
  const own = new Set(host.domains.map(hostText));
  const taken = others
    .flatMap((v) => v.domains)
    .filter((d) => !own.has(hostText(d)))
    .filter((d) => d.kind !== 'any' && wide.some((w) => subsetOf(hostText(d), w)));
  return {
    ...(any ? {} : { hosts: host.domains.flatMap(spelled) }),
    ...(taken.length > 0 ? { notHosts: taken.flatMap(spelled) } : {}),
  };
}

export const isSamePath = (a: Route, b: Route): boolean => sameMatcher(a.match.path, b.match.path);

/** It asks for more than hosts, paths and addresses. */
export const isConditional = (route: Route): boolean => route.match.headers.length + route.match.query.length > 0;

export interface OperationRule {
  readonly to: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
}

/** The requests of a route as an operation of an AuthorizationPolicy, or more where it cannot be expressed; without those that an earlier route takes. */
export function operationOf(
  route: Route,
  earlier: readonly Route[],
  scope: Readonly<Record<string, readonly string[]>>,
): OperationRule {
  const paths = pathPatterns(route.match.path) ?? [];
  return { to: [{ operation: operation(scope, paths, withoutEarlier(route, paths, earlier)) }] };
}

/** What earlier routes take away from a route; `unsaid`: those that cannot be expressed. */
interface Taken {
  readonly notPaths: readonly string[];
  readonly notMethods: readonly string[];
  readonly unsaid: readonly Route[];
}

export const operation = (
  scope: Readonly<Record<string, readonly string[]>>,
  paths: readonly string[],
  { notPaths, notMethods }: Taken,
) => ({
  ...scope,
  ...(paths.length > 0 ? { paths } : {}),
  ...(notPaths.length > 0 ? { notPaths } : {}),
  ...(notMethods.length > 0 ? { notMethods } : {}),
});

export function withoutEarlier(route: Route, paths: readonly string[], earlier: readonly Route[]): Taken {
  const notPaths = new Set<string>();
  const notMethods = new Set<string>();
  const unsaid: Route[] = [];
  for (const e of earlier) {
    if (e.match.source?.length) continue;
    const same = isSamePath(e, route);
    const method = onlyMethod(e);
    const taken = isConditional(e) ? undefined : pathPatterns(e.match.path);
    if (same && method !== undefined) notMethods.add(method);
    else if (same) {
      // What it asks for besides (a header) is no part of an operation.
      if (isConditional(e)) unsaid.push(e);
    } else if (taken) {
      for (const t of taken) if (paths.length === 0 || paths.some((p) => overlap(p, t))) notPaths.add(t);
    } else if (mayMeet(e.match.path, route.match.path)) unsaid.push(e);
  }
  // What is said of a path is said of each part of it.
  const isSaid = (e: Route) => {
    const patterns = pathPatterns(e.match.path);
    return patterns !== undefined && patterns.length > 0 && patterns.every((p) => notPaths.has(p));
  };
  return { notPaths: [...notPaths], notMethods: [...notMethods], unsaid: unsaid.filter((e) => !isSaid(e)) };
}

/** The method that is all that a route asks for besides its path: a preflight that is answered before addresses are checked. */
export function onlyMethod({ match: { headers, query } }: Route): string | undefined {
  const [header, ...others] = headers;
  if (header?.name !== ':method' || header.invert || others.length > 0 || query.length > 0) return undefined;
  return header.value.kind === 'exact' && !header.value.ignoreCase ? header.value.value : undefined;
}

/** Exact `/a` and prefix `/a*`, the patterns that an AuthorizationPolicy has; undefined: cannot be expressed. Empty: every path. */
export function pathPatterns(m: StringMatcher | undefined): string[] | undefined {
  if (!m || m.kind === 'any') return [];
  if (m.kind === 'regex' || m.ignoreCase) return undefined;
  // A star in the literal would be read as a wildcard.
  if (m.value.includes('*')) return undefined;
  if (m.kind === 'exact') return [m.value];
  if (m.kind === 'prefix') return m.value === '' || m.value === '/' ? [] : [`${m.value}*`];
  if (m.kind === 'segment-prefix') return m.value === '' || m.value === '/' ? [] : [m.value, `${m.value}/*`];
  return undefined;
}

const literal = (pattern: string) => pattern.replace(/\*$/, '');
const overlap = (a: string, b: string) => literal(a).startsWith(literal(b)) || literal(b).startsWith(literal(a));
const sameMatcher = (a: StringMatcher | undefined, b: StringMatcher | undefined) =>
  JSON.stringify(a) === JSON.stringify(b);

function mayMeet(a: StringMatcher | undefined, b: StringMatcher | undefined): boolean {
  const [x, y] = [a && pathPatterns(a), b && pathPatterns(b)];
  return !x || !y || x.length === 0 || y.length === 0 || x.some((p) => y.some((q) => overlap(p, q)));
}
