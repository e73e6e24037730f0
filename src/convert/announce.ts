// Does an item of the report tell of a difference? A loss that is understood predicts what kind of difference it makes, and announces no
// other: a rule that lost its Strict-Transport-Security header may not hide that it goes to the wrong Service.

import type { ConversionItem } from '../dialects/dialect.js';
import { canonicalText } from '../diff/canonical.js';
import type { GatewayRequest, MatchedOrigin, SimulationResult } from '../model/index.js';
import { formatPath, formatResource } from '../model/index.js';

/** One request that input and output answer differently. */
export interface Compared {
  readonly request: GatewayRequest;
  readonly before: SimulationResult;
  readonly after: SimulationResult;
  readonly because: { readonly before: MatchedOrigin | null; readonly after: MatchedOrigin | null };
}

type Prediction = (difference: Compared, here: boolean, item: ConversionItem) => boolean;

/** `here`: the item stands at the rule that answered. Features without a prediction announce every difference at their rule. */
const PREDICTIONS: Record<string, Prediction> = {
  'engine.path-normalisation': ({ request: r }) => /%|\/\/|\/\.{1,2}(\/|$)|\\/.test(r.path.replace(/\?.*$/, '')),
  'engine.tls-names': ({ request: r }) => r.scheme === 'https' && r.sni !== undefined && r.sni !== hostOf(r),
  'tls.other-hosts': ({ request: r }) => r.scheme === 'https' && r.sni !== undefined && r.sni !== hostOf(r),
  'engine.own-endpoints': ({ request: r }) => /^\/(healthz|nginx_status)/.test(r.path),
  'engine.host-case': (d) => equalBut(d, (r) => withLocation(r, (location) => location.toLowerCase())),
  'engine.host-port': (d) => equalBut(d, (r) => withLocation(r, withoutPort)),
  'engine.original-path': (d) => equalBut(d, originalHeaders),
  'tls.default-certificate': ({ request: r }) => r.scheme === 'https',
  'tls.without-routes': ({ request: r }) => r.scheme === 'https',
  // Somebody has to copy a Secret or deploy a workload; the requests are answered alike then.
  'tls.secret-namespace': () => false,
  'gateway.workload': () => false,
  // A short body shows nothing: rules that differ in their limit alone answer such a request alike.
  'max-request-bytes': (d) => d.request.body !== undefined || d.before.status === 413 || looksAlike(d),
  'redirect.trailing-slash': (d, here) =>
    here && equalBut(d, (r) => withLocation(r, (location) => location.replace(/\/$/, ''))),
  'redirect.strip-query': (d, here) =>
    here && equalBut(d, (r) => withLocation(r, (location) => location.replace(/\?.*$/, ''))),
  // A name that the target does not take: one label, or characters that no DNS label has.
  host: ({ request: r }) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostOf(r)),
  'ingress.ports': ({ before, after }) =>
    before.connection !== undefined || after.connection !== undefined || (!before.destination && !after.destination),
  'ingress.one-gateway': () => true,
  'route.injected-answer': (d, here) => here && looksAlike(d),
  hsts: (d) => equalBut(d, withoutHsts),
  // The check of a wildcard of one label holds for deeper hosts too.
  'source-address.depth': ({ before, after }) => before.status !== 403 && after.status === 403,
  'source-address.port': ({ request: r, after }) => after.status === 404 && /:\d+$/.test(r.host),
  // A reference to nothing: 503 in a VirtualService, 500 in an HTTPRoute.
  'destination.missing': ({ before, after }) => mayAnswer(before, 503) && mayAnswer(after, 500),
  // An answer by the gateway itself: only 500 stands for an error, the rules behind it for anything else.
  'direct-response': ({ before, after }, here) => here && (after.status === 500 || (before.status ?? 500) < 400),
  // The target's rule takes paths that another rule answered, or none: `PathPrefix /api takes …`.
  'match.path.prefix': ({ request: r }, here, item) =>
    here || r.path.startsWith(/^PathPrefix (\S+) takes/.exec(item.message)?.[1] ?? '?'),
  'cors.preflight': ({ request: r }, here) => here && r.method === 'OPTIONS',
  'not-found.headers': ({ before, after }) => before.status === 404 && after.status === 404,
  'rule-order.patterns': () => false,
  'source-address': ({ before, after }, here) => here && (before.status === 403 || after.status === 403),
};

export function announces(item: ConversionItem, difference: Compared): boolean {
  const here = isAbout(item, difference.because.before);
  // What a condition may refuse (a rate, a token) no single request shows.
  if (item.feature.startsWith('condition.'))
    return here && equalBut(difference, ({ conditions: _, ...result }) => result);
  return PREDICTIONS[item.feature]?.(difference, here, item) ?? here;
}

/** One match of a rule of a VirtualService or an HTTPRoute. */
const MATCH = /\.match(es)?\[\d+\].*$/;

/** The item stands at the rule, above it, or inside it. */
export function isAbout(item: ConversionItem, place: MatchedOrigin | null): boolean {
  if (!place || place.resource !== formatResource(item.origin.resource)) return false;
  const path = formatPath(item.origin.path);
  // A rule is found by one of its matches; what else the rule says (where it sends, what it changes) is about all of them.
  const rule = MATCH.test(path) ? place.path : place.path.replace(MATCH, '');
  return path.startsWith(rule) || place.path.startsWith(path) || path.startsWith('metadata.annotations');
}

type Change = (result: SimulationResult) => SimulationResult;

/** The results are equal once both are seen through `change`; where they were decided, and HSTS, never count (contract of `verify`). */
function equalBut({ before, after }: Compared, change: Change): boolean {
  // Each engine writes its error pages itself; a body counts where the configuration gives it.
  const unwritten = before.body === undefined || after.body === undefined;
  const seen = (r: SimulationResult) => {
    const {
      matched: _,
      route: __,
      flags: ___,
      trace: ____,
      reason: _____,
      defaultBackend: ______,
      ...rest
    } = change(withLocation(originalHeaders(withoutHsts(r)), withoutDefaultPort));
    return canonicalText(unwritten ? { ...rest, body: undefined } : rest);
  };
  return seen(before) === seen(after);
}

const mayAnswer = ({ status, split }: SimulationResult, wanted: number): boolean =>
  status === wanted || (split ?? []).some((outcome) => 'status' in outcome && outcome.status === wanted);

/** Neither client nor destination can tell the two answers apart: flags and names are only in logs. */
export const looksAlike = (d: Compared): boolean => equalBut(d, (r) => r);

/** Without the headers in which Envoy keeps what it rewrote. */
const originalHeaders: Change = (r) => {
  if (!r.upstream?.set) return r;
  const { set, ...rest } = r.upstream;
  const kept = Object.entries(set).filter(([name]) => !/^x-envoy-original-(path|host)$/.test(name));
  return { ...r, upstream: { ...rest, ...(kept.length > 0 ? { set: Object.fromEntries(kept) } : {}) } };
};

const withoutHsts: Change = (r) => {
  if (!r.headers) return r;
  const { 'strict-transport-security': _, ...headers } = r.headers;
  const { headers: __, ...rest } = r;
  return Object.keys(headers).length > 0 ? { ...rest, headers } : rest;
};

const withLocation = (r: SimulationResult, change: (location: string) => string): SimulationResult =>
  r.headers?.location === undefined ? r : { ...r, headers: { ...r.headers, location: change(r.headers.location) } };

const withoutPort = (location: string): string => location.replace(/^(https?:\/\/[^/?]*?):\d+(?=\/|\?|$)/, '$1');

/** A client sees no difference between `http://a:80/` and `http://a/`. */
const withoutDefaultPort = (location: string): string =>
  location.replace(/^(http:\/\/[^/]*):80(?=\/|\?|$)/, '$1').replace(/^(https:\/\/[^/]*):443(?=\/|\?|$)/, '$1');

const hostOf = (r: GatewayRequest): string => r.host.replace(/:\d+$/, '').toLowerCase();
