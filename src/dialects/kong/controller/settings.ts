// What annotations say of every route of an object, and the controller's defaults (internal/dataplane/kongstate/route.go of
// Kong/kubernetes-ingress-controller 3.5).

import type { Resource } from '../../../model/index.js';
import type { KongRoute } from '../entities.js';
import { annotation, flagOf, numberOf, type Protocols, protocolsOfRoute } from './annotations.js';

export type RouteSettings = Pick<
  KongRoute,
  | 'regexPriority'
  | 'stripPath'
  | 'preserveHost'
  | 'pathHandling'
  | 'pathHandlingWord'
  | 'httpsRedirectStatus'
  | 'protocols'
>;

export function settingsOf(resource: Resource, protocols: Protocols, expressions: boolean): RouteSettings {
  const handling = annotation(resource, 'path-handling');
  return {
    ...protocols,
    regexPriority: expressions ? 0 : (numberOf(resource, 'regex-priority') ?? 0),
    // Of routes for gRPC the controller leaves it out: Kong's own default is then true for http (normalizeProtocols).
    stripPath: protocols.stripPath ?? flagOf(resource, 'strip-path', false),
    preserveHost: flagOf(resource, 'preserve-host', true),
    // Another flavour does v0 whatever it says (kong/router/atc.lua).
    pathHandling: handling === 'v1' ? 'v1' : 'v0',
    ...(handling !== undefined && /v\d/.test(handling) && !expressions ? { pathHandlingWord: handling } : {}),
  };
}

/** `listeners`: the schemes that the Gateway leaves a route. */
export const routeSettings = (resource: Resource, listeners: readonly string[], expressions: boolean): RouteSettings =>
  settingsOf(resource, protocolsOfRoute(resource, listeners, expressions), expressions);
