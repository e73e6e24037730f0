// Requests that ask for another protocol (WebSocket). Envoy keeps `Connection` and `Upgrade` of these for routes and destinations, and
// takes both away from every other request; what it does not carry is answered 403 as soon as the request has a route, before policies.
// h2c (curl --http2) counts as no upgrade (Utility::isUpgrade in source/common/http/utility.cc, mutateRequestHeaders in
// conn_manager_utility.cc, createDownstreamFilterChain in conn_manager_impl.cc, onHeadersCompleteImpl in http1/codec_impl.cc; recorded:
// fixtures/truth/istio/field/upgrade-match, fixtures/recorded/upgrades and refused-upgrades).

import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { Refusal } from '../engine-rules.js';

/** Istio lets websocket through only (upgrade_configs in pilot/pkg/networking/core/listener.go). */
const CARRIED = 'websocket';
/** Carried too, and no route that asks for `websocket` takes it. */
const SPELLED_OTHERWISE = 'WebSocket';

type Lines = (name: string) => readonly string[];

/** `Connection` has the token `upgrade`, and there is an `Upgrade`. */
const asksForUpgrade = (lines: Lines): boolean =>
  lines('upgrade').some((value) => value !== '') &&
  lines('connection').some((value) => value.split(',').some((token) => token.trim().toLowerCase() === 'upgrade'));

const protocolOf = (lines: Lines): string => lines('upgrade').join(',').trim().toLowerCase();

/** To HTTP/2 in plain text: Envoy takes the headers away as the request comes in, `HTTP2-Settings` with them. */
export const isPlainHttp2 = (lines: Lines): boolean => protocolOf(lines) === 'h2c' && asksForUpgrade(lines);

/** The request is for another protocol than HTTP. */
export const isUpgrade = (lines: Lines): boolean => asksForUpgrade(lines) && protocolOf(lines) !== 'h2c';

/** undefined: no upgrade, or one that is carried. */
export function refuseUpgrade(lines: Lines): Refusal | undefined {
  if (!isUpgrade(lines)) return undefined;
  const wanted = lines('upgrade').join(',');
  return protocolOf(lines) === CARRIED
    ? undefined
    : { status: 403, body: '', reason: `an upgrade to ${wanted} is not allowed: the gateway carries websocket only` };
}

/** The destination gets no `Upgrade` of a request that is none. */
export function droppedUpgrade(view: RequestView): readonly HeaderEdit[] {
  const lines: Lines = (name) => view.lines(name);
  if (lines('upgrade').length === 0 || isUpgrade(lines)) return [];
  const settings = isPlainHttp2(lines) && lines('http2-settings').length > 0;
  return ['upgrade', ...(settings ? ['http2-settings'] : [])].map((name) => ({ op: 'remove', name, value: '' }));
}

/** Headers without which a request with `upgrade` or `connection` would not be seen so: what a witness has to bring along. */
export function companionsOf(
  headers: ReadonlyMap<string, string>,
): readonly (readonly [name: string, value: string])[] {
  const [upgrade, connection] = [headers.get('upgrade'), headers.get('connection')];
  if (upgrade !== undefined && connection === undefined) return [['connection', 'Upgrade']];
  if (connection !== undefined && upgrade === undefined) return [['upgrade', SPELLED_OTHERWISE]];
  return [];
}
