// Client addresses: the routes of a VirtualService or an HTTPRoute cannot see them, an AuthorizationPolicy on the gateway can. It decides before routing,
// so it names the hosts and paths of the route, without those that an earlier route takes.

import type { Report } from '../../../dialects/item-list.js';
import {
  type DomainPattern,
  hostText,
  isNotFound,
  own,
  put,
  type Route,
  type SourceMatcher,
  type StringMatcher,
  type VirtualHost,
} from '../../../model/index.js';
import { subsetOf } from '../hosts.js';

export interface DenyRule {
  readonly from: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
}

/** AuthorizationPolicy rules (action DENY) for the routes of one virtual host that turn addresses away. `others`: the virtual hosts beside it. */
export function denyRules(
  host: VirtualHost,
  others: readonly VirtualHost[],
  ports: readonly number[],
  report: Report,
): DenyRule[] {
  if (!host.routes.some((r) => r.match.source?.length)) return [];
  const scope = { ...hostScope(host, others), ...(ports.length > 0 ? { ports: ports.map(String) } : {}) };
  const whole = wholeHost(host, scope);
  const rules: DenyRule[] = [];
  for (const [i, route] of host.routes.entries()) {
    if (!route.match.source?.length) continue;
    const origin = route.matchOrigin ?? route.origin;
    // The same check for every request stands behind it: the condition is about the headers of the answer (CORS on a 403).
    if (isConditional(route) && denies(route) && host.routes.some((r) => isTwin(r, route))) {
      noteHeaders(route, report);
      continue;
    }
    const rule = denyRule(route, host.routes.slice(0, i), scope);
    if (whole || !('impossible' in rule)) {
      noteHeaders(route, report);
      noteMoreHeaders(route, host, report);
    }
    if (!('impossible' in rule)) {
      rules.push(rule.rule);
      // Told at the check, and at the rules that it covers.
      for (const covered of rule.unsaid.length > 0 ? [route, ...rule.unsaid] : [])
        for (const about of [route, covered])
          report.add(
            'source-address',
            'the address check also covers requests that an earlier rule answers',
            covered.matchOrigin ?? covered.origin,
            { route: about },
          );
    } else if (whole) {
      report.add(
        'source-address',
        `${rule.impossible}, so the check covers every path of the host: requests that no rule matches get 403, not 404`,
        origin,
        { route },
      );
      // What no rule takes answers 404 at a place of its own.
      for (const rest of host.routes.filter(isNotFound))
        for (const about of [route, rest])
          report.add(
            'source-address',
            'the address check also covers requests that no rule matches: 403, not 404',
            rest.origin,
            {
              route: about,
            },
          );
      if (!rules.includes(whole)) rules.push(whole);
    } else report.add('source-address.dropped', rule.impossible, origin, { route });
  }
  return rules;
}

/** A policy answers with the headers of the rule behind it, also those that the source has in other responses only. */
function noteMoreHeaders(route: Route, host: VirtualHost, report: Report): void {
  const guarded = host.routes.find((r) => !r.match.source?.length && !isConditional(r) && isSamePath(r, route));
  const own = new Set(namesOf(route));
  const more = guarded ? namesOf(guarded).filter((name) => !own.has(name)) : [];
  if (more.length > 0) {
    const message = `responses of 403 by an address check also have ${[...new Set(more)].join(', ')}`;
    report.add('source-address.headers', message, route.matchOrigin ?? route.origin, { route });
  }
}

const namesOf = ({ responseHeaders }: Route): string[] =>
  [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);

/** A policy answers without the headers that the rule would have. */
function noteHeaders(route: Route, report: Report): void {
  const { responseHeaders, matchOrigin, origin } = route;
  const names = [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);
  const others = names.filter((n) => n !== 'strict-transport-security');
  if (names.length > others.length) {
    const message = 'answers of 403 by an address check lose their Strict-Transport-Security header';
    report.add('hsts', message, origin);
  }
  if (others.length > 0) {
    const message = `answers of 403 by an address check lose ${[...new Set(others)].join(', ')}`;
    report.add('source-address.headers', message, matchOrigin ?? origin, { route });
  }
}

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

/** One rule for all paths, where every rule of the host that forwards or redirects has the same check in front of it. */
function wholeHost(host: VirtualHost, scope: Record<string, readonly string[]>): DenyRule | undefined {
  const checks = host.routes.filter((r) => r.match.source?.length && !r.own);
  const [first] = checks;
  if (
    !first ||
    checks.some(
      (c) =>
        JSON.stringify(c.match.source?.map(plain)) !== JSON.stringify(first.match.source?.map(plain)) ||
        isConditional(c) ||
        !denies(c),
    )
  )
    return undefined;
  const guarded = host.routes.every(
    (r) =>
      r.match.source?.length || r.own || r.action.kind === 'direct-response' || checks.some((c) => isSamePath(c, r)),
  );
  const source = sourceFields(first);
  const methods = checks.map((c) => host.routes.slice(0, host.routes.indexOf(c)).filter((r) => isSamePath(r, c)));
  const notMethods = (methods[0] ?? [])
    .map(onlyMethod)
    .filter((m) => m !== undefined)
    .filter((m) => methods.every((routes) => routes.some((r) => onlyMethod(r) === m)));
  const rule = { ...scope, ...(notMethods.length > 0 ? { notMethods: [...new Set(notMethods)] } : {}) };
  return guarded && source ? { from: [{ source }], to: [{ operation: rule }] } : undefined;
}

const isSamePath = (a: Route, b: Route): boolean => sameMatcher(a.match.path, b.match.path);

const plain = (m: SourceMatcher) => ({ cidrs: m.cidrs, invert: m.invert ?? false, address: m.address });
const denies = (route: Route): boolean => route.action.kind === 'direct-response' && route.action.status === 403;

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

const operation = (
  scope: Readonly<Record<string, readonly string[]>>,
  paths: readonly string[],
  { notPaths, notMethods }: Taken,
) => ({
  ...scope,
  ...(paths.length > 0 ? { paths } : {}),
  ...(notPaths.length > 0 ? { notPaths } : {}),
  ...(notMethods.length > 0 ? { notMethods } : {}),
});

function withoutEarlier(route: Route, paths: readonly string[], earlier: readonly Route[]): Taken {
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
function onlyMethod({ match: { headers, query } }: Route): string | undefined {
  const [header, ...others] = headers;
  if (header?.name !== ':method' || header.invert || others.length > 0 || query.length > 0) return undefined;
  return header.value.kind === 'exact' && !header.value.ignoreCase ? header.value.value : undefined;
}

function denyRule(
  route: Route,
  earlier: readonly Route[],
  scope: Record<string, readonly string[]>,
): { rule: DenyRule; unsaid: readonly Route[] } | { impossible: string } {
  if (!denies(route)) return { impossible: 'an AuthorizationPolicy can express only "403 for these addresses"' };
  if (isConditional(route))
    return {
      impossible: 'an AuthorizationPolicy cannot express an address check that depends on headers or the query',
    };
  const paths = pathPatterns(route.match.path);
  if (!paths) return { impossible: 'paths of an AuthorizationPolicy cannot be regular expressions or ignore case' };
  const source = sourceFields(route);
  if (!source) return { impossible: 'an AuthorizationPolicy cannot require two address lists at once' };
  const taken = withoutEarlier(route, paths, earlier);
  return { rule: { from: [{ source }], to: [{ operation: operation(scope, paths, taken) }] }, unsaid: taken.unsaid };
}

/** All of the source matchers have to hold: one `source` with a list per kind. */
function sourceFields(route: Route): Record<string, readonly string[]> | undefined {
  const source: Record<string, readonly string[]> = {};
  for (const s of route.match.source ?? []) {
    const blocks = s.address === 'client' ? 'remoteIpBlocks' : 'ipBlocks';
    const key = s.invert ? `not${blocks[0]!.toUpperCase()}${blocks.slice(1)}` : blocks;
    if (own(source, key)) return undefined;
    put(source, key, s.cidrs);
  }
  return source;
}

const isTwin = (check: Route, route: Route): boolean =>
  !isConditional(check) &&
  denies(check) &&
  check.match.source !== undefined &&
  isSamePath(check, route) &&
  JSON.stringify(check.match.source.map(plain)) === JSON.stringify(route.match.source?.map(plain));

const isConditional = (route: Route): boolean => route.match.headers.length + route.match.query.length > 0;

/** Exact `/a` and prefix `/a*`, the patterns that an AuthorizationPolicy has; undefined: cannot be expressed. Empty: every path. */
function pathPatterns(m: StringMatcher | undefined): string[] | undefined {
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

/** The same for the policy of a catch-all host, which names the wildcards beside it as not its own. */
export function besideWildcardLosses(host: VirtualHost, others: readonly VirtualHost[], report: Report): void {
  const origin = host.routes.find((r) => r.match.source?.length)?.origin;
  if (origin === undefined || !host.domains.some((d) => d.kind === 'any')) return;
  for (const domain of others.flatMap((v) => v.domains))
    if (domain.kind === 'one-label')
      report.add(
        'source-address.beside-wildcard',
        `what the catch-all host would answer for hosts below *${domain.value} is refused: a policy has no wildcard of one label`,
        origin,
        { hosts: [`*${domain.value}`] },
      );
}

/** AuthorizationPolicies know no wildcard of one label, and none with any port behind it. */
export function wildcardLosses(host: VirtualHost, report: Report): void {
  const origin = host.routes[0]?.origin;
  const domain = host.domains.find((d) => d.kind === 'one-label');
  if (domain?.kind !== 'one-label' || origin === undefined) return;
  const name = `*${domain.value}`;
  const depth = `the address check of ${name} also applies to deeper hosts (a.b${domain.value})`;
  report.add('source-address.depth', depth, origin, { hosts: [name] });
  const port = `a Host header with a port would bypass the address check of ${name}: it gets 404`;
  report.add('source-address.port', port, origin, { hosts: [name] });
}
