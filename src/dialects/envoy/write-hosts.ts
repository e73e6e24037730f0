// Virtual hosts and their rules as Envoy writes them, with items for what a static configuration cannot say.

import {
  type Forward,
  type HttpChain,
  hostText,
  type Intake,
  type Route,
  type VirtualHost,
  wholeLocation,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { bodyLimitOf, bufferPerRoute } from '../body-limits.js';
import { limitMetadata, noteRateLimit, rateLimitsOf } from '../client-rate-limits.js';
import type { WriteOptions } from '../dialect.js';
import { hostOfRewrite, noteRewrite, noteSettings } from '../engine-losses.js';
import type { AddItem } from '../item-list.js';
import { withoutOwn } from '../nginx-internal-endpoints.js';
import { oneLabelOnly } from '../single-label-wildcard.js';
import { noteLeftCheck } from '../without-check.js';
import { filterConfigs, headerFields, hostHeader, locationHeader, routeAction } from './action.js';
import { type Guarded, perRoute, withAddressChecks } from './address-checks.js';
import { routeMatch } from './match.js';
import { ownLimit } from './policies.js';

type Fields = Record<string, unknown>;

/** What one gateway's listeners are written with. */
export interface Around {
  /** How the gateway takes requests in. */
  readonly intake: Intake;
  readonly catalog: Catalog;
  readonly options: WriteOptions;
  readonly add: AddItem;
  readonly wrote: (route: Route) => void;
  readonly needless: (route: Route) => void;
}

export interface WrittenHost {
  readonly host: VirtualHost;
  readonly guarded: readonly Guarded[];
}

/** The rules that are written, each with the addresses that it turns away; what cannot be expressed is reported here. */
export function writtenHost(host: VirtualHost, chain: HttpChain, { add, wrote, needless }: Around): WrittenHost {
  for (const route of host.routes) {
    if (route.own) needless(route);
    // Told as dropped where no rule has the check.
    if (route.match.source?.length) wrote(route);
  }
  const whole = withoutOwn(oneLabelOnly(host, chain.virtualHosts, { checks: 'kept' }));
  const { guarded, lost, bare, dressed } = withAddressChecks(whole.routes);
  for (const route of dressed)
    add(
      'source-address.headers',
      'the 403 of an address check has the headers of the rule behind it',
      route.matchOrigin ?? route.origin,
      { route },
    );
  for (const route of bare)
    add('source-address.headers', 'the 403 of an address check loses its headers', route.matchOrigin ?? route.origin, {
      route,
    });
  for (const route of lost)
    add(
      'source-address.dropped',
      'an address check that no RBAC rule can express as a whole; it is left out',
      route.matchOrigin ?? route.origin,
      { route },
    );
  for (const { route } of guarded) noteRule(route, add);
  return { host: whole, guarded };
}

/** What a rule asks besides, which a static configuration of Envoy does not have. */
function noteRule(route: Route, add: AddItem): void {
  if (route.action.kind === 'redirect' && route.action.relative && wholeLocation(route.action) === undefined)
    add('redirect.relative', 'Envoy writes scheme and host into the Location', route.origin, { route });
  if (route.action.kind === 'redirect' && route.action.path?.kind === 'strip-trailing-slash')
    add('redirect.trailing-slash', 'the target keeps a slash at the end of the path', route.origin, { route });
  if (route.action.kind === 'forward') {
    noteSettings(route.action.delivery, { add }, ['proxy-read-timeout', 'read-timeout']);
    noteRewrite(route, { add });
    const { host } = route.action.rewrite ?? {};
    if (host !== undefined && !hostHeader(host)) hostOfRewrite(route.action.rewrite!, route, { add });
    noteSubsets(route.action, route, add);
    for (const { host, origin } of route.action.mirrors ?? [])
      if (host !== undefined)
        add('mirror.request', 'the mirrored request keeps the host of the request', origin ?? route.origin);
  }
  for (const c of route.conditions ?? [])
    if (!c.rate) noteLeftCheck(c, add);
    else if (route.action.kind === 'forward') noteRateLimit(c, { add }, 'the filter local_ratelimit');
  noteBodyLimit(route, add);
}

function noteBodyLimit(route: Route, add: AddItem): void {
  if (route.maxRequestBytes === undefined || bodyLimitOf(route) !== undefined) return;
  add(
    'max-request-bytes.streams',
    route.action.kind === 'forward'
      ? 'a body limit would break gRPC streams'
      : 'the answer of the default backend has no limit of bodies',
    route.bodyLimitOrigin ?? route.origin,
    { route },
  );
}

function noteSubsets({ destinations }: Forward, route: Route, add: AddItem): void {
  for (const { to, origin } of destinations)
    if ('host' in to && to.subset && !to.missing) {
      const message = `the cluster of subset ${to.subset} resolves ${to.host} by DNS, which cannot select Pods by labels: give it the addresses of the Pods`;
      add('destination.subset.addresses', message, origin ?? to.origin ?? route.origin);
    }
}

export function virtualHost({ host, guarded }: WrittenHost, chain: HttpChain, port: number, context: Around): Fields {
  const at = { port, chain: chain.name, virtualHost: host.name };
  const own = ownLimit(chain.policies, 'virtual-host', at);
  return {
    name: host.name,
    domains: host.domains.map(hostText),
    routes: guarded.flatMap(({ route: r, checks }) =>
      route(
        r,
        {
          ...ownLimit(chain.policies, 'route', { ...at, route: r.name }),
          ...perRoute(checks),
          ...bufferPerRoute(r),
        },
        context,
      ),
    ),
    ...(Object.keys(own).length > 0 ? { typed_per_filter_config: own } : {}),
  };
}

function route(r: Route, configs: Fields, { add, wrote }: Around): Fields[] {
  const match = routeMatch(r.match);
  if ('impossible' in match) {
    const message = `${match.impossible}; the rule is left out`;
    add('route.match', message, r.matchOrigin ?? r.origin, { route: r });
    return [];
  }
  const action = routeAction(r);
  if (!action) {
    add('route.without-action', 'the rule has no action; it is left out', r.matchOrigin ?? r.origin, { route: r });
    return [];
  }
  wrote(r);
  const limits = rateLimitsOf(r);
  return [
    {
      ...(r.name ? { name: r.name } : {}),
      match,
      ...action,
      ...(limits.length > 0 ? limitMetadata(limits) : {}),
      ...headerFields(r.requestHeaders, locationHeader(r)),
      ...withConfigs(filterConfigs(r), configs),
    },
  ];
}

const withConfigs = (fields: Fields, limit: Fields): Fields =>
  Object.keys(limit).length === 0
    ? fields
    : { ...fields, typed_per_filter_config: { ...(fields.typed_per_filter_config as Fields | undefined), ...limit } };
