// Connections of both sides: where both take HTTP their hosts are compared, else what becomes of the connection.

import type { GatewayDifference, HttpChain, UndecidedPart } from '../model/index.js';
import { type ConnectionClass, type Reception, witnessOf } from '../space/index.js';
import { distribution } from './answer.js';
import { ask, differenceOf, isExpected, placeIn } from './ask.js';
import { canonicalText } from './canonical.js';
import { compareRegion } from './compare-hosts.js';
import { addUndecided, type Comparison } from './comparison.js';
import { sameResult } from './results.js';

/** Requests of one connection that are tried. */
const MOST_SAMPLES = 500;

/** `progress` is called with the share of the connection that is done. */
export function compareConnection(
  comparison: Comparison,
  connection: ConnectionClass,
  progress: (share: number) => void,
): void {
  const [before, after] = connection.receptions as readonly [Reception, Reception];
  if (!isHttp(before) || !isHttp(after)) {
    if (receptionText(before) !== receptionText(after)) compareReceptions(comparison, connection);
    return;
  }
  noteOpenPolicies(comparison, connection.example.port, before, after);
  const regions = comparison.walk.regions(connection);
  for (const [i, region] of regions.entries()) {
    progress(i / regions.length);
    compareRegion(comparison, region);
  }
}

/** One side takes HTTP where the other forwards bytes, closes or refuses: every request of the connection may differ. */
function compareReceptions(comparison: Comparison, connection: ConnectionClass): void {
  let alike: Omit<UndecidedPart, 'reason' | 'gateway'> | undefined;
  let expected = false;
  for (const { host, path } of samplesOf(comparison, connection)) {
    const frame = { ...comparison.witnesses, connection: connection.example, host };
    const witness = witnessOf({ path, values: new Map() }, frame);
    const { results, routes, located } = ask(comparison, witness);
    const [before, after] = connection.receptions.map(
      (r, side) => routes[side]?.origin ?? (typeof r === 'object' ? (r.origin ?? null) : null),
    );
    const because = { before: placeIn(comparison, before), after: placeIn(comparison, after) };
    const difference = differenceOf(comparison, { request: witness.request }, located(), because);
    if (sameResult(results[0], results[1], comparison.acrossEngines)) alike ??= { request: witness.request, because };
    else if (isExpected(comparison, difference)) expected = true;
    else {
      addConnection(comparison, difference, connection);
      return;
    }
  }
  if (!alike || expected) return;
  const reason = `port ${connection.example.port} forwards bytes under other conditions; whether they admit the same requests was not computed`;
  addUndecided(comparison, { ...alike, reason });
}

/** Hosts and paths that one side has; the first would do where nothing is expected. */
function samplesOf({ walk }: Comparison, connection: ConnectionClass): { host: string; path: string }[] {
  const { sni } = connection.example;
  const served = walk.regions(connection).filter((r) => r.virtualHosts.some((v) => v !== undefined));
  const found = served.flatMap(({ hosts, virtualHosts }) => {
    const host = (hosts.find((h) => h.example === sni) ?? hosts[0])?.example;
    const paths = virtualHosts.flatMap((v) => v?.routes ?? []).map(({ match: { path } }) => path);
    const literal = paths.flatMap((p) => (p && 'value' in p && p.value.startsWith('/') ? [p.value] : []));
    return host === undefined ? [] : [...new Set(['/', ...literal])].map((path) => ({ host, path }));
  });
  return [...found.slice(0, MOST_SAMPLES), { host: sni ?? 'www.example', path: '/' }];
}

const keys = new WeakMap<GatewayDifference, string>();

/** Connections that differ in the same way are one difference. */
function addConnection(
  { found: { connections } }: Comparison,
  difference: GatewayDifference,
  { example: { port, scheme } }: ConnectionClass,
): void {
  const kind = [difference.before, difference.after].map((r) => [r.connection, r.l4, r.status]);
  const key = canonicalText([port, scheme, difference.because, kind]);
  const known = connections.findIndex((d) => keys.get(d) === key);
  const earlier = connections[known];
  const merged = earlier ? { ...earlier, occurrences: earlier.occurrences + 1 } : difference;
  keys.set(merged, key);
  if (earlier) connections[known] = merged;
  else connections.push(merged);
}

const isHttp = (r: Reception): r is HttpChain => typeof r === 'object' && r.kind === 'http';

function receptionText(r: Reception): string {
  if (typeof r === 'string') return r;
  if (r.kind === 'http') return canonicalText({ http: true });
  // Whoever gets past the policies is not forwarded either.
  if (r.destinations.every(({ to }) => !('host' in to) || to.missing)) return 'closed';
  return canonicalText({ l4: r.l4, split: distribution(r.destinations), policies: r.policies ?? null });
}

/** Policies beside authorization that differ are not computed with. */
function noteOpenPolicies(comparison: Comparison, port: number, before: HttpChain, after: HttpChain): void {
  const open = openPolicies(before, after);
  if (!open) return;
  const origin = (c: HttpChain) =>
    c.policies?.authentication[0]?.origin ?? c.policies?.rateLimits?.[0]?.origin ?? c.origin;
  addUndecided(comparison, {
    reason: `the ${open} of port ${port} are not the same, and what they admit was not computed`,
    because: { before: placeIn(comparison, origin(before)), after: placeIn(comparison, origin(after)) },
  });
}

/** Which policies, or limits of bodies where no route is, differ. */
function openPolicies(before: HttpChain, after: HttpChain): string | undefined {
  const [a, b] = [before.policies, after.policies];
  if (canonicalText(a?.authentication ?? []) !== canonicalText(b?.authentication ?? [])) return 'token checks';
  if (canonicalText(a?.rateLimits ?? []) !== canonicalText(b?.rateLimits ?? [])) return 'rate limits';
  if (before.bodyLimit?.maxBytes !== after.bodyLimit?.maxBytes) return 'request body limits';
  return undefined;
}
