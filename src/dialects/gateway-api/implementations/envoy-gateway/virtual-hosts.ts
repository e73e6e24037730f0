// The hosts of listeners and what their rules do with the policies that count for them (computeHosts in internal/gatewayapi/helpers.go,
// addRouteToRouteConfig in internal/xds/translator/translator.go, v1.9.1): one virtual host per host name of a route and a listener; a
// name that another listener of the port has is that one's alone; nothing falls through to a broader name.

import {
  type FieldPath,
  type JsonObject,
  type Origin,
  originOf,
  type Route,
  type VirtualHost,
} from '../../../../model/index.js';
import type { Catalog } from '../../../../resources/catalog.js';
import { domainOf, intersection } from '../../features/hostname.js';
import { type GatewayListener, ofListenerSet } from '../../features/listener.js';
import { byAge } from '../../features/precedence.js';
import { writtenRules } from '../../features/rule.js';
import type { SurveyedRoute } from '../../features/surveyed-route.js';
import { compareText, has, objectAt, stringAt } from '../../fields.js';
import { type Attached, attachedTo, type Place } from './attached.js';
import { authorized, isBeyondRoutes } from './authorization.js';
import { rateConditions, securityConditions } from './checks.js';
import { policyCors } from './cors.js';
import { withPolicy } from './delivery.js';
import { BACKEND_TRAFFIC_POLICY, SECURITY_POLICY } from './kinds.js';
import { egPrecedence } from './precedence.js';
import { quantityOf } from './quantity.js';

export function egVirtualHosts(
  listeners: readonly GatewayListener[],
  siblings: readonly GatewayListener[],
  routes: readonly SurveyedRoute[],
  catalog: Catalog,
): readonly VirtualHost[] {
  return listeners.flatMap((listener) => {
    const hosts = new Map<string, SurveyedRoute[]>();
    const others = new Set(
      siblings.filter((l) => l !== listener && l.port === listener.port).map((l) => l.hostname.toLowerCase()),
    );
    // An absent host name takes none away from others.
    others.delete('*');
    const attached = routes.filter((r) => r.accepted.includes(listener)).toSorted((a, b) => byAge(a.route, b.route));
    for (const route of attached) {
      const names = new Set(
        route.hostnames
          .flatMap((h) => intersection(h, listener.hostname)?.toLowerCase() ?? [])
          .filter((h) => !others.has(h)),
      );
      for (const name of names) hosts.set(name, [...(hosts.get(name) ?? []), route]);
    }
    return [...hosts]
      .sort(([a], [b]) => compareText(a, b))
      .map(([host, of]) => ({
        name: `${host}:${listener.port}`,
        domains: [domainOf(host)],
        routes: routesOf(of, listener, catalog),
        ...ofListenerSet(listener),
      }));
  });
}

function routesOf(of: readonly SurveyedRoute[], listener: GatewayListener, catalog: Catalog): readonly Route[] {
  const place = { port: listener.port, tls: listener.tls !== undefined };
  return of
    .flatMap((surveyed) => surveyed.routes.map((ranked) => ({ surveyed, ranked })))
    .sort((a, b) => egPrecedence(a.ranked.rank, b.ranked.rank))
    .flatMap(({ surveyed, ranked }) => governed(ranked.on(place), surveyed, listener, catalog));
}

/** A rule with the policies that count for it. */
function governed(
  route: Route,
  { route: resource, kind }: SurveyedRoute,
  listener: GatewayListener,
  catalog: Catalog,
): readonly Route[] {
  const index = ruleIndex(route.origin.path);
  const rule = index === undefined ? null : (writtenRules(resource, kind)[index] ?? null);
  const place: Place = {
    route: resource,
    rule: stringAt(rule, 'name'),
    gateway: listener.owner,
    listener: listener.name,
  };
  const traffic = attachedTo(BACKEND_TRAFFIC_POLICY, place, catalog);
  const security = attachedTo(SECURITY_POLICY, place, catalog);
  return secured(traffic ? withTraffic(route, traffic) : route, security);
}

const ruleIndex = (path: FieldPath): number | undefined => (typeof path[2] === 'number' ? path[2] : undefined);

/** Where a field of what is attached stands: in the policy itself, or in the one that it is laid over. */
function fieldOrigin({ policy, parent }: Attached, key: string): Origin {
  const own = has(objectAt(policy.object, 'spec'), key) || !parent;
  return originOf(own ? policy : parent, 'spec');
}

function withTraffic(route: Route, attached: Attached): Route {
  const { spec } = attached;
  const limit = has(spec, 'requestBuffer') ? quantityOf(objectAt(spec, 'requestBuffer').limit) : undefined;
  const rates = rateConditions(spec, fieldOrigin(attached, 'rateLimit'));
  const { action } = route;
  const delivery =
    action.kind === 'forward' ? withPolicy(action.delivery, spec, originOf(attached.policy, 'spec')) : undefined;
  return {
    ...route,
    ...(delivery && action.kind === 'forward' ? { action: { ...action, delivery } } : {}),
    ...(limit === undefined
      ? {}
      : {
          maxRequestBytes: limit,
          bodyLimitOrigin: { ...fieldOrigin(attached, 'requestBuffer'), path: ['spec', 'requestBuffer', 'limit'] },
        }),
    ...(rates.length > 0 ? { conditions: [...(route.conditions ?? []), ...rates] } : {}),
  };
}

function secured(route: Route, attached: Attached | undefined): readonly Route[] {
  if (!attached) return [route];
  const { spec, policy } = attached;
  const at = (key: string) => {
    const origin = fieldOrigin(attached, key);
    return { ...origin, path: [...origin.path, key] };
  };
  const cors = !route.cors && has(spec, 'cors') ? policyCors(objectAt(spec, 'cors'), at('cors')) : undefined;
  const checks = securityConditions(spec, policy.namespace, originOf(policy, 'spec'));
  const checked: Route = {
    ...route,
    ...(cors ? { cors } : {}),
    ...(checks.length > 0 ? { conditions: [...checks, ...(route.conditions ?? [])] } : {}),
  };
  const authorization: JsonObject = objectAt(spec, 'authorization');
  if (!has(spec, 'authorization') || isBeyondRoutes(authorization)) return [checked];
  return authorized(checked, authorization, at('authorization'));
}
