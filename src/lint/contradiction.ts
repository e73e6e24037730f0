// Which conditions of a route no request meets: one alone, or the first two that exclude each other, found by asking the algebra of
// requests about the route with these conditions only.

import {
  type HeaderMatcher,
  hostText,
  type Route,
  type RouteMatch,
  type StringMatcher,
  type VirtualHost,
} from '../model/index.js';
import { BadPatternError, compileRegex } from '../regex/index.js';
import { newRun, reachability } from '../space/index.js';
import type { RoutePlace } from './example-request.js';

interface Condition {
  readonly text: string;
  readonly match: RouteMatch;
}

/** More are not tried in pairs. */
const MOST = 10;
const ANYTHING: RouteMatch = { headers: [], query: [] };

/** A sentence about a route whose conditions exclude each other. */
export function contradictionText({ gateway, listener, chain, virtualHost, route }: RoutePlace): string {
  const all = conditionsOf(route.match);
  const port = gateway.listeners.find((l) => l.port === listener.port);
  const run = newRun();
  const never = (...some: readonly Condition[]): boolean => {
    if (!port) return false;
    const match = some.reduce((whole, { match: part }) => joined(whole, part), ANYTHING);
    const host = { ...virtualHost, routes: [{ ...route, match }] };
    const { policies: _, ...open } = chain;
    const narrowed = { ...gateway, listeners: [{ ...port, filterChains: [{ ...open, virtualHosts: [host] }] }] };
    return reachability(narrowed, { run }).some(
      ({ reach }) => reach.status === 'unreachable' && reach.because === 'contradiction',
    );
  };
  const alone = all.find((condition) => never(condition));
  if (alone) return `no request to port ${listener.port}${hostsText(virtualHost)} meets ${alone.text}`;
  const few = all.slice(0, MOST);
  for (const [i, one] of few.entries())
    for (const other of few.slice(i + 1))
      if (never(one, other)) return `no request meets both ${one.text} and ${other.text}`;
  return 'no request that comes to its port meets all of its conditions';
}

/** Hosts that are named. */
const MOST_HOSTS = 2;

function hostsText({ domains }: VirtualHost): string {
  if (domains.some((d) => d.kind === 'any')) return '';
  const more = domains.length > MOST_HOSTS ? ', …' : '';
  return ` for ${domains.slice(0, MOST_HOSTS).map(hostText).join(', ')}${more}`;
}

/** A pattern that is none matches nothing, and has a finding of its own. */
export const hasBadPattern = ({ match }: Route): boolean =>
  [match.path, ...match.headers.map((h) => h.value), ...match.query.map((q) => q.value)].some((m) => {
    if (m?.kind !== 'regex') return false;
    try {
      compileRegex(m.pattern);
      return false;
    } catch (error) {
      if (error instanceof BadPatternError) return true;
      throw error;
    }
  });

const joined = (a: RouteMatch, b: RouteMatch): RouteMatch => ({
  ...a,
  ...b,
  headers: [...a.headers, ...b.headers],
  query: [...a.query, ...b.query],
  source: [...(a.source ?? []), ...(b.source ?? [])],
  claims: [...(a.claims ?? []), ...(b.claims ?? [])],
});

function conditionsOf({ path, headers, query, source = [], claims = [] }: RouteMatch): Condition[] {
  return [
    ...(path ? [{ text: `"path ${testText(path)}"`, match: { ...ANYTHING, path } }] : []),
    ...headers.map((header) => ({ text: headerText(header), match: { ...ANYTHING, headers: [header] } })),
    ...query.map((parameter) => ({
      text: negated(parameter.invert, `query parameter ${parameter.name} ${testText(parameter.value)}`),
      match: { ...ANYTHING, query: [parameter] },
    })),
    ...source.map((one) => ({
      text: negated(one.invert, `client address in ${one.cidrs.join(', ')}`),
      match: { ...ANYTHING, source: [one] },
    })),
    ...claims.map((claim) => ({
      text: negated(claim.invert, `claim ${claim.claim.join('.')} ${testText(claim.value)}`),
      match: { ...ANYTHING, claims: [claim] },
    })),
  ];
}

const negated = (invert: boolean | undefined, text: string): string => (invert ? `"not ${text}"` : `"${text}"`);

function headerText({ name, value, invert }: HeaderMatcher): string {
  return negated(invert, `${name.startsWith(':') ? name.slice(1) : `header ${name}`} ${testText(value)}`);
}

function testText(test: StringMatcher): string {
  switch (test.kind) {
    case 'any':
      return 'is present';
    case 'regex':
      return `matches ${test.pattern}`;
    case 'exact':
      return `= ${test.value}`;
    case 'prefix':
    case 'segment-prefix':
      return `begins with ${test.value}`;
    case 'suffix':
      return `ends with ${test.value}`;
    case 'contains':
      return `contains ${test.value}`;
  }
}
