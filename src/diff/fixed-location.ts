// Redirects of one request line: where a rule wants the path and query exactly, and a host without a port (which engines write into a
// Location differently), the Location is known but for the name of the host, however the redirect is spelled.

import { plainTemplate, type Route, type StringMatcher, wholeLocation } from '../model/index.js';
import { ANY_CHAR, compileDfa, meets, parseRegex, RegexSyntaxError, TooLargeError } from '../regex/index.js';
import { treeOf } from '../space/index.js';
import { canonicalText } from './canonical.js';
import type { RoutePair } from './sides.js';

/** Both rules give the client the same Location, whatever the request is that both may answer. */
export function isSameFixedLocation(routes: RoutePair): boolean {
  const line = routes.map(onlyLine).find((l) => l !== undefined);
  if (line === undefined || !routes.some(hasNoPort)) return false;
  const [before, after] = routes.map((route) => route && locationOf(route, line));
  return before !== undefined && before === after;
}

/** Path and query, where the rule takes one. */
const onlyLine = (route: Route | undefined): string | undefined => {
  const test = route?.match.headers.find(({ name, invert }) => name === ':path' && !invert)?.value;
  return test?.kind === 'exact' && !test.ignoreCase ? test.value : undefined;
};

const hasNoPort = (route: Route | undefined): boolean =>
  route?.match.headers.some(({ name, value, invert }) => name === ':authority' && !invert && !takesPort(value)) ??
  false;

const known = new Map<string, boolean>();
const WITH_PORT = compileDfa(parseRegex('.*:.*'), ANY_CHAR);
const MOST_KNOWN = 10_000;

function takesPort(test: StringMatcher): boolean {
  const key = canonicalText(test);
  let takes = known.get(key);
  if (takes === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, (takes = mayHavePort(test)));
  }
  return takes;
}

function mayHavePort(test: StringMatcher): boolean {
  try {
    return meets(compileDfa(treeOf(test, ANY_CHAR), ANY_CHAR), WITH_PORT);
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof TooLargeError) return true;
    throw error;
  }
}

/** Status and Location of the answer to `line`, and the rest of what the rule does; undefined: it is no such redirect. */
function locationOf(route: Route, line: string): string | undefined {
  const {
    action,
    responseHeaders: { set = [], ...others } = {},
    fault,
    conditions = [],
    cors,
    maxRequestBytes,
  } = route;
  const named = set.filter(([name]) => name.toLowerCase() === 'location');
  const written = named.length === 1 && action.kind === 'direct-response' && !action.body ? named[0]![1] : undefined;
  if (named.length > 0 && written === undefined) return undefined;
  const location = action.kind === 'redirect' ? redirectedTo(action, line) : written;
  if (location === undefined || (action.kind !== 'redirect' && action.kind !== 'direct-response')) return undefined;
  const rest = set.filter((op) => !named.includes(op)).sort(([a], [b]) => (a < b ? -1 : 1));
  return canonicalText({ status: action.status, location, rest, others, fault, conditions, cors, maxRequestBytes });
}

function redirectedTo(action: Route['action'] & { kind: 'redirect' }, line: string): string | undefined {
  const whole = wholeLocation(action);
  if (whole !== undefined) return whole;
  const { scheme, host, port, path, stripQuery, relative } = action;
  if (!scheme || host !== undefined || port !== undefined || stripQuery || relative) return undefined;
  if (path !== undefined && path.kind !== 'strip-trailing-slash') return undefined;
  const kept = path && line.endsWith('/') ? line.slice(0, -1) : line;
  return `${scheme}://%REQ(:authority)%${plainTemplate(kept)}`;
}
