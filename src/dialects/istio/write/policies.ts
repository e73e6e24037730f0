// Client addresses: a VirtualService at a gateway cannot see them, an AuthorizationPolicy on the gateway can. It decides before routing,
// so it names the hosts and paths of the route, without those that an earlier route takes.

import type { Route, StringMatcher, VirtualHost } from '../../../model/index.js';
import type { Report } from './report.js';
import { hostText } from './units.js';

export interface DenyRule {
  readonly from: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
}

/** AuthorizationPolicy rules (action DENY) for the routes of one virtual host that turn addresses away. */
export function denyRules(host: VirtualHost, ports: readonly number[], report: Report): DenyRule[] {
  const rules: DenyRule[] = [];
  for (const [i, route] of host.routes.entries()) {
    if (!route.match.source?.length) continue;
    const origin = route.matchOrigin ?? route.origin;
    const rule = denyRule(route, host.routes.slice(0, i), host, ports);
    if ('impossible' in rule)
      report.add('refused', 'source-address', `${rule.impossible}; the address check is left out`, origin);
    else {
      rules.push(rule.rule);
      if (rule.wider)
        report.add(
          'approximate',
          'source-address',
          'the address check also covers requests that an earlier rule answers',
          origin,
        );
    }
  }
  return rules;
}

function denyRule(
  route: Route,
  earlier: readonly Route[],
  host: VirtualHost,
  ports: readonly number[],
): { rule: DenyRule; wider: boolean } | { impossible: string } {
  if (route.action.kind !== 'direct-response' || route.action.status !== 403)
    return { impossible: 'only "403 for these addresses" can be said by an AuthorizationPolicy' };
  if (isConditional(route))
    return { impossible: 'an address check that depends on headers or the query cannot be said' };
  const paths = pathPatterns(route.match.path);
  if (!paths) return { impossible: 'AuthorizationPolicy paths know no regular expressions' };
  const notPaths: string[] = [];
  let wider = false;
  for (const e of earlier) {
    if (e.match.source?.length || sameMatcher(e.match.path, route.match.path)) continue;
    const taken = isConditional(e) ? undefined : pathPatterns(e.match.path);
    if (taken) notPaths.push(...taken.filter((t) => paths.length === 0 || paths.some((p) => overlap(p, t))));
    else wider ||= mayMeet(e.match.path, route.match.path);
  }
  const source: Record<string, readonly string[]> = {};
  for (const s of route.match.source ?? []) {
    const blocks = s.address === 'client' ? 'remoteIpBlocks' : 'ipBlocks';
    const key = s.invert ? `not${blocks[0]!.toUpperCase()}${blocks.slice(1)}` : blocks;
    if (source[key]) return { impossible: 'two address lists that both have to hold cannot be said' };
    source[key] = s.cidrs;
  }
  const hosts = host.domains.map(hostText).flatMap((h) => (h === '*' ? [] : [h, `${h}:*`]));
  const operation = {
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(paths.length > 0 ? { paths } : {}),
    ...(notPaths.length > 0 ? { notPaths: [...new Set(notPaths)] } : {}),
    ...(ports.length > 0 ? { ports: ports.map(String) } : {}),
  };
  return { rule: { from: [{ source }], to: [{ operation }] }, wider };
}

const isConditional = (route: Route): boolean => route.match.headers.length + route.match.query.length > 0;

/** Exact `/a` and prefix `/a*`, the patterns that an AuthorizationPolicy has; undefined: cannot be said. Empty: every path. */
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
