// Requests that ask for another protocol (WebSocket). Envoy keeps `Connection` and `Upgrade` of these for routes and destinations, and
// takes both away from every other request; what it does not carry is answered 403 before policies and routes
// (Utility::isUpgrade in source/common/http/utility.cc, mutateRequestHeaders in conn_manager_utility.cc, upgrade_failed in
// conn_manager_impl.cc; recorded: fixtures/truth/istio/field/upgrade-match).

import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { Refusal } from '../engine-rules.js';

/** Istio lets websocket through only (upgrade_configs in pilot/pkg/networking/core/listener.go). */
const CARRIED = 'websocket';
/** Carried too, and no route that asks for `websocket` takes it. */
const SPELLED_OTHERWISE = 'WebSocket';

/** `Connection` has the token `upgrade`, and there is an `Upgrade`. */
export const isUpgrade = (lines: (name: string) => readonly string[]): boolean =>
  lines('upgrade').some((value) => value !== '') &&
  lines('connection').some((value) => value.split(',').some((token) => token.trim().toLowerCase() === 'upgrade'));

/** undefined: no upgrade, or one that is carried. */
export function refuseUpgrade(lines: (name: string) => readonly string[]): Refusal | undefined {
  if (!isUpgrade(lines)) return undefined;
  const wanted = lines('upgrade').join(',');
  return wanted.toLowerCase() === CARRIED
    ? undefined
    : { status: 403, body: '', reason: `an upgrade to ${wanted} is not allowed: the gateway carries websocket only` };
}

/** The destination gets no `Upgrade` of a request that is none. */
export const droppedUpgrade = (view: RequestView): readonly HeaderEdit[] =>
  view.lines('upgrade').length > 0 && !isUpgrade((name) => view.lines(name))
    ? [{ op: 'remove', name: 'upgrade', value: '' }]
    : [];

/** Headers without which a request with `upgrade` or `connection` would not be seen so: what a witness has to bring along. */
export function companionsOf(
  headers: ReadonlyMap<string, string>,
): readonly (readonly [name: string, value: string])[] {
  const [upgrade, connection] = [headers.get('upgrade'), headers.get('connection')];
  if (upgrade !== undefined && connection === undefined) return [['connection', 'Upgrade']];
  if (connection !== undefined && upgrade === undefined) return [['upgrade', SPELLED_OTHERWISE]];
  return [];
}
