// The status of a listener: Accepted, Programmed, Conflicted, ResolvedRefs (buildListener in pilot/pkg/config/kube/gateway/conversion.go,
// 2026-08-22).

import { hostsMatch } from '../../../implementations/istio/hosts.js';
import type { ListenerStatus, StatusCondition } from '../../../model/index.js';
import type { ConfigError } from '../features/config-error.js';
import { type GatewayListener, isOfDatagrams, isWithoutTls } from '../features/listener.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import type { Implementation } from '../implementations/implementation.js';
import { conditionsAbout, failed, type MakeCondition } from './condition.js';

export function listenerStatus(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
  implementation: Implementation,
): ListenerStatus {
  const make = conditionsAbout(listener.error?.origin ?? listener.origin);
  return {
    name: listener.name,
    // A route counts once, through however many parentRefs.
    ...(isOfDatagrams(listener) ? {} : { attachedRoutes: routes.filter((r) => r.accepted.includes(listener)).length }),
    supportedKinds: listener.allowedKinds,
    conditions: [
      ...listenerConditions(listener, make, implementation),
      ...overlapping(listener, siblings, implementation),
    ],
    origin: listener.origin,
  };
}

/**
 * A client may send requests for one listener's hosts over a connection of the other (ListenerConditionOverlappingTLSConfig). Only of host
 * names: what certificates are for is not looked at.
 */
function overlapping(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
  { controlPlane }: Implementation,
): StatusCondition[] {
  const ofTls = (l: GatewayListener) => l.protocol === 'HTTPS' && l.conflict === undefined;
  if (controlPlane === 'istio' || !ofTls(listener)) return [];
  const other = siblings.find(
    (l) => l !== listener && ofTls(l) && l.port === listener.port && hostsMatch(l.hostname, listener.hostname),
  );
  if (other === undefined) return [];
  const message = `its host names overlap with those of listener ${other.name}`;
  return [conditionsAbout(listener.origin)('OverlappingTLSConfig', true, 'OverlappingHostnames', message)];
}

const OF_CA: readonly string[] = ['InvalidCACertificateRef', 'InvalidCACertificateKind'];

/**
 * The listener is not accepted, for want of a CA. By the standard (ListenerReasonNoValidCACertificate) that is for references to CAs alone;
 * Istio goes by the reason, which a certificate that no ReferenceGrant permits has too (buildListener, 2026-08-27).
 */
const hasNoCa = ({ reason, origin }: ConfigError, { controlPlane }: Implementation): boolean =>
  OF_CA.includes(reason) ||
  (reason === 'RefNotPermitted' && (controlPlane === 'istio' || origin.path.includes('caCertificateRefs')));

/** Nothing is made of it; Istio says so of a ListenerSet's only. */
const isUnserved = (listener: GatewayListener, { controlPlane }: Implementation): boolean =>
  isWithoutTls(listener) && (controlPlane !== 'istio' || listener.owner !== listener.gateway);

function listenerConditions(
  listener: GatewayListener,
  make: MakeCondition,
  implementation: Implementation,
): StatusCondition[] {
  const { conflict, error, kindsValid } = listener;
  const kinds = kindsValid
    ? []
    : [make('ResolvedRefs', false, 'InvalidRouteKinds', 'a kind of route that this protocol cannot take')];
  if (conflict) {
    const message = 'conflicts with an earlier listener of this Gateway';
    const of = (type: 'Accepted' | 'Programmed' | 'Conflicted') => make(type, type === 'Conflicted', conflict, message);
    return [of('Accepted'), of('Programmed'), of('Conflicted'), ...kinds];
  }
  const badProtocol = error?.reason === 'UnsupportedProtocol' ? error : undefined;
  const badTls = error !== undefined && badProtocol === undefined ? error : undefined;
  const notAccepted =
    badProtocol ??
    (badTls && hasNoCa(badTls, implementation) ? { ...badTls, reason: 'NoValidCACertificate' } : undefined);
  const resolved = badTls
    ? [failed('ResolvedRefs', badTls)]
    : [make('ResolvedRefs', true, 'ResolvedRefs', 'No errors found')];
  return [
    notAccepted ? failed('Accepted', notAccepted) : make('Accepted', true, 'Accepted', 'No errors found'),
    badTls || isUnserved(listener, implementation)
      ? failed('Programmed', {
          ...(badTls ?? { origin: listener.origin }),
          reason: 'Invalid',
          message: 'Bad TLS configuration',
        })
      : make('Programmed', true, 'Programmed', 'No errors found'),
    make('Conflicted', false, 'NoConflicts', 'No errors found'),
    ...(kindsValid ? resolved : kinds),
  ];
}
