// Which host names of a route a listener really serves: one with a wildcard leaves to a more specific listener of the
// same port and protocol what that one takes (hostnameAllowedByIsolation in pilot/pkg/config/kube/gateway/conversion.go,
// 2026-08-22). Istio decides this per host name of the route, not per request: a route for `*.example.com` on the
// wildcard listener still gets requests for `a.example.com` where the listener for that name has no route of its own.

import { hostsMatch, isWildcard, subsetOf } from '../../../implementations/istio/hosts.js';
import type { GatewayListener } from './listener.js';

type Section = Pick<GatewayListener, 'port' | 'protocol' | 'hostname'>;

/** Is `routeHost` served by `listener`, one of `siblings` (all listeners of the Gateway that are programmed)? */
export function servesHost(listener: Section, siblings: readonly Section[], routeHost: string): boolean {
  const own = listener.hostname;
  if (!isWildcard(own)) return true;
  if (own !== '*' && !hostsMatch(routeHost, own)) return false;
  return !siblings.some(
    (other) =>
      other !== listener &&
      other.port === listener.port &&
      other.protocol === listener.protocol &&
      other.hostname !== own &&
      // An absent host name has length 0 in Istio's comparison, so it never bans anything but itself.
      other.hostname !== '*' &&
      (own === '*' || own.length <= other.hostname.length) &&
      subsetOf(routeHost, other.hostname),
  );
}
