// Client addresses: the routes of a VirtualService or an HTTPRoute cannot see them, an AuthorizationPolicy on the gateway can. It decides before routing,
// so it names the hosts and paths of the route, without those that an earlier route takes.

import type { Report } from '../../../dialects/item-list.js';
import {
  isNotFound,
  own,
  put,
  type Route,
  type SourceMatcher,
  type StringMatcher,
  type VirtualHost,
} from '../../../model/index.js';
import { noteHeaders, noteMoreHeaders } from './address-check-losses.js';
import {
  hostScope,
  isConditional,
  isSamePath,
  onlyMethod,
  operation,
  pathPatterns,
  withoutEarlier,
} from './operations.js';

export interface DenyRule {
  readonly from: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
  readonly when?: readonly { readonly key: string; readonly notValues: readonly string[] }[];
}

/** What a policy is for. */
export interface Checked {
  readonly host: VirtualHost;
  /** The virtual hosts beside it. */
  readonly others: readonly VirtualHost[];
  readonly ports: readonly number[];
  /** Paths that stand for that of a check (spelled-checks.ts). */
  readonly spelled: ReadonlyMap<Route, readonly StringMatcher[]>;
}

/** AuthorizationPolicy rules (action DENY) for the routes of one virtual host that turn addresses away. */
export function denyRules({ host, others, ports, spelled }: Checked, report: Report): DenyRule[] {
  if (!host.routes.some((r) => r.match.source?.length)) return [];
  const scope = { ...hostScope(host, others), ...(ports.length > 0 ? { ports: ports.map(String) } : {}) };
  const whole = wholeHost(host, scope);
  const rules: DenyRule[] = [];
  for (const [i, route] of host.routes.entries()) {
    if (!route.match.source?.length) continue;
    // No request comes there.
    if (host.routes.slice(0, i).some((earlier) => takesAll(earlier, route))) continue;
    const check = twinOf(route, host) ?? route;
    const rule = denyRule(check, host.routes.slice(0, host.routes.indexOf(check)), scope, spelled.get(check));
    const isWritten = !('impossible' in rule);
    if (check !== route && (isWritten || whole)) {
      noteHeaders(route, report);
      continue;
    }
    if (isWritten || whole) {
      noteHeaders(route, report);
      noteMoreHeaders(route, host, report);
    }
    if (isWritten) {
      rules.push(rule.rule);
      noteCovered(route, rule.unsaid, report);
    } else if (whole) {
      noteWhole(route, rule.impossible, host, report);
      if (!rules.includes(whole)) rules.push(whole);
    } else report.add('source-address.dropped', rule.impossible, route.matchOrigin ?? route.origin, { route });
  }
  return rules;
}

/** The same check for every request stands behind it: the condition is about the headers of the answer (CORS on a 403). */
const twinOf = (route: Route, { routes }: VirtualHost): Route | undefined =>
  isConditional(route) && denies(route) ? routes.find((r) => isTwin(r, route)) : undefined;

const takesAll = (earlier: Route, route: Route): boolean =>
  !earlier.match.source?.length && !isConditional(earlier) && isSamePath(earlier, route);

/** Told at the check, and at the rules that it covers. */
function noteCovered(check: Route, unsaid: readonly Route[], report: Report): void {
  for (const covered of unsaid.length > 0 ? [check, ...unsaid] : [])
    for (const route of [check, covered])
      report.add(
        'source-address',
        'the address check also covers requests that an earlier rule answers',
        covered.matchOrigin ?? covered.origin,
        { route },
      );
}

/** `why`: why the check has no rule of its own. */
function noteWhole(check: Route, why: string, host: VirtualHost, report: Report): void {
  report.add(
    'source-address',
    `${why}, so the check covers every path of the host: requests that no rule matches get 403, not 404`,
    check.matchOrigin ?? check.origin,
    { route: check },
  );
  // What has no check in front of it is covered too: what no rule takes, at a place of its own, and what is answered before the check.
  for (const rest of host.routes.filter((r) => isNotFound(r) || isUnguarded(r, host)))
    for (const route of [check, rest])
      report.add(
        'source-address',
        isNotFound(rest)
          ? 'the address check also covers requests that no rule matches: 403, not 404'
          : 'the address check also covers requests that are answered here without one',
        isNotFound(rest) ? rest.origin : (rest.matchOrigin ?? rest.origin),
        { route },
      );
}

/** No check with its path stands before it. */
const isUnguarded = (route: Route, { routes }: VirtualHost): boolean =>
  !route.match.source?.length &&
  !routes.slice(0, routes.indexOf(route)).some((r) => r.match.source?.length && isSamePath(r, route));

/** All of its checks can be said without their paths. */
export const canSayWholeHost = (host: VirtualHost): boolean => wholeHost(host, {}) !== undefined;

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

const plain = (m: SourceMatcher) => ({ cidrs: m.cidrs, invert: m.invert ?? false, address: m.address });
export const denies = (route: Route): boolean => route.action.kind === 'direct-response' && route.action.status === 403;

function denyRule(
  route: Route,
  earlier: readonly Route[],
  scope: Record<string, readonly string[]>,
  spellings: readonly StringMatcher[] | undefined,
): { rule: DenyRule; unsaid: readonly Route[] } | { impossible: string } {
  if (!denies(route)) return { impossible: 'an AuthorizationPolicy can express only "403 for these addresses"' };
  if (isConditional(route))
    return {
      impossible: 'an AuthorizationPolicy cannot express an address check that depends on headers or the query',
    };
  const paths = spellings ? spellings.flatMap((s) => pathPatterns(s) ?? []) : pathPatterns(route.match.path);
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
