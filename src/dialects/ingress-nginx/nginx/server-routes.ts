// The routes of one server block: what the block itself answers, then its locations in their order
// (template SERVER in rootfs/etc/nginx/template/nginx.tmpl, kubernetes/ingress-nginx controller-v1.15.1).

import type {
  Condition,
  DomainPattern,
  HeaderOps,
  Origin,
  Route,
  RouteMatch,
  StringMatcher,
  Unsupported,
} from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { annotationTable } from '../annotations/table.js';
import type { ControllerConfig } from '../controller/config-map.js';
import { enforcesRegex } from '../controller/locations.js';
import { CATCH_ALL, ownHost, type Server } from '../controller/server.js';
import type { Upstreams } from '../controller/upstreams.js';
import { serverAnswers, serverHeaders } from '../snippets/of-location.js';
import { detailsOf } from './delivery.js';
import { ingressVariables } from './ingress-variables.js';
import { type Placed, placeLocations } from './location-order.js';
import { type LocationContext, locationHeaders, locationSteps } from './location-steps.js';
import type { Step } from './steps.js';
import { withVariables } from './variables.js';

export interface ServerContext {
  readonly upstreams: Upstreams;
  readonly scheme: 'http' | 'https';
  /** Of the server. */
  readonly domains: readonly DomainPattern[];
  readonly certificate: boolean;
  readonly unsupported: (item: Unsupported) => void;
  readonly configMap: LocationContext['configMap'];
  readonly config: Pick<ControllerConfig, 'hsts' | 'redirectStatus' | 'allowedResponseHeaders'>;
  /** Where a thing comes from that no Ingress asked for: the catch-all server. */
  readonly fallbackOrigin: Origin;
}

const MEGABYTE = 1024 * 1024;

export function serverRoutes(server: Server, context: ServerContext): readonly Route[] {
  const refused = server.clientCertificateError;
  if (refused) {
    const origin = refused.settings.annotations.origin('auth-tls-secret');
    return [{ match: matching(undefined, undefined), action: { kind: 'direct-response', status: 403 }, origin }];
  }
  const inner: LocationContext = {
    ...context,
    server,
    host: server.host,
    conditions: clientCertificate(server, context.scheme),
  };
  const located = placeLocations(server.locations, context.unsupported).flatMap((placed) =>
    locationRoutes(placed, inner, context),
  );
  const atOnce = serverAnswers(inner, { hosts: context.domains }).map(
    (step): Route => ({
      match: matching(undefined, step),
      action: step.action,
      ...(step.responseHeaders ? { responseHeaders: step.responseHeaders } : {}),
      origin: step.origin,
    }),
  );
  return [
    ...wrongName(server, context),
    ...atOnce,
    ...appRoots(server, inner),
    ...ownPages(server, context, located),
    ...located,
  ];
}

const matching = (path: StringMatcher | undefined, step: Pick<Step, 'headers' | 'source'> | undefined): RouteMatch => ({
  ...(path ? { path } : {}),
  headers: step?.headers ?? [],
  query: [],
  ...(step?.source ? { source: step.source } : {}),
});

function locationRoutes(placed: Placed, inner: LocationContext, context: ServerContext): readonly Route[] {
  const { location, path } = placed;
  const { settings } = location;
  const origin = location.origin ?? context.fallbackOrigin;
  // A location that refuses everything has none of its own directives.
  const maxRequestBytes = settings && !settings.denied ? settings.maxBodyBytes : MEGABYTE;
  const bodyLimitOrigin = settings?.annotations.has('proxy-body-size')
    ? settings.annotations.origin('proxy-body-size')
    : { resource: origin.resource, path: [] };
  const body = maxRequestBytes > 0 ? { maxRequestBytes, bodyLimitOrigin } : {};
  if (placed.slashRedirect !== undefined) {
    const headers = locationHeaders(location, inner);
    const slash: Step = {
      action: {
        kind: 'redirect',
        status: 301,
        path: { kind: 'full', to: plainTemplate(placed.slashRedirect) },
        ...(settings?.redirect?.relative ? { relative: true } : ownHost(inner.server)),
      },
      origin,
    };
    return [
      {
        match: matching(path, undefined),
        action: slash.action,
        ...onHttps(headers(slash).responseHeaders, context),
        ...body,
        origin,
      },
    ];
  }
  return locationSteps(location, origin, inner).map(
    (step): Route => ({
      match: matching(path, step),
      action: step.action,
      ...(step.requestHeaders ? { requestHeaders: step.requestHeaders } : {}),
      ...onHttps(step.responseHeaders, context),
      ...(step.conditions?.length ? { conditions: step.conditions } : {}),
      ...body,
      origin: step.origin,
      ...(step.origin === origin ? {} : { matchOrigin: origin }),
    }),
  );
}

/** `hsts` of the controller's ConfigMap: on every answer of a location over https (lua_ingress.lua, header). */
function onHttps(
  headers: HeaderOps | undefined,
  { scheme, config: { hsts } }: Pick<ServerContext, 'scheme' | 'config'>,
): Pick<Route, 'responseHeaders'> {
  if (scheme === 'http' || hsts === undefined) return headers ? { responseHeaders: headers } : {};
  return { responseHeaders: { ...headers, set: [['strict-transport-security', hsts], ...(headers?.set ?? [])] } };
}

/** `if ($uri = /)` of the server: before any location is looked for; the first location with an app-root decides. */
function appRoots(server: Server, context: LocationContext): readonly Route[] {
  const location = server.locations.find((l) => l.settings?.rewrite.appRoot);
  if (!location?.settings) return [];
  const origin = location.settings.annotations.origin('app-root');
  const { template, unknown } = withVariables(
    location.settings.rewrite.appRoot,
    ingressVariables(location, server.host),
  );
  if (unknown.length > 0) {
    const detail = `the value of ${unknown.join(', ')} is not known`;
    context.unsupported({ feature: 'annotation.app-root', detail, effect: 'change', origin });
  }
  const step = serverHeaders(context)({
    action: { kind: 'redirect', status: 302, location: `${context.scheme}://%REQ(:authority)%${template}` },
    origin,
  });
  return [
    {
      match: matching({ kind: 'exact', value: '/' }, undefined),
      action: step.action,
      ...(step.responseHeaders ? { responseHeaders: step.responseHeaders } : {}),
      origin,
    },
  ];
}

/** Client certificates are asked for over TLS only; the name in them is tested always, and there is none over http. */
function wrongName(server: Server, context: ServerContext): readonly Route[] {
  const settings = server.clientCertificates?.settings;
  if (!settings?.auth.clientCertificate?.matchCn || context.scheme === 'https') return [];
  const origin = settings.annotations.origin('auth-tls-match-cn');
  return [{ match: matching(undefined, undefined), action: { kind: 'direct-response', status: 403 }, origin }];
}

/** What else says how client certificates are checked. */
const CLIENT_CERTIFICATE = annotationTable.filter((spec) => spec.needs === 'auth-tls-secret').map((spec) => spec.name);

function clientCertificate(server: Server, scheme: 'http' | 'https'): readonly Condition[] {
  const settings = server.clientCertificates?.settings;
  const wanted = settings?.auth.clientCertificate;
  if (!settings || !wanted || scheme === 'http' || wanted.verify === 'off') return [];
  const name = wanted.matchCn === undefined ? '' : `, with a name that matches ${wanted.matchCn}`;
  return [
    {
      kind: 'client-certificate',
      summary: `auth-tls-verify-client ${wanted.verify}: the client certificate must be good${name}, else 400`,
      status: 400,
      clients: {
        ca: wanted.ca,
        optional: wanted.verify !== 'on',
        ...(wanted.matchCn === undefined ? {} : { subject: wanted.matchCn }),
      },
      origin: settings.annotations.origin('auth-tls-secret'),
      details: detailsOf(settings, CLIENT_CERTIFICATE),
    },
  ];
}

/** /healthz and /nginx_status of the catch-all server, where its other paths are no patterns. */
function ownPages(server: Server, context: ServerContext, located: readonly Route[]): readonly Route[] {
  if (server.host !== CATCH_ALL || enforcesRegex(server.locations)) return [];
  const origin = context.fallbackOrigin;
  const page = (path: string, status: number, source?: Pick<Step, 'source'>): Route => ({
    match: matching({ kind: 'prefix', value: path }, source),
    action: { kind: 'direct-response', status },
    own: true,
    origin,
  });
  // Longer prefixes and exact paths of Ingresses come first.
  const own = (path: string): boolean =>
    located.some(
      (r) => r.match.path?.kind !== 'regex' && r.match.path?.kind !== 'any' && r.match.path?.value.startsWith(path),
    );
  const outside = { source: [{ cidrs: ['127.0.0.1/32', '::1/128'], address: 'peer' as const, invert: true }] };
  return [
    ...(own('/healthz') ? [] : [page('/healthz', 200)]),
    ...(own('/nginx_status') ? [] : [page('/nginx_status', 403, outside), page('/nginx_status', 200)]),
  ];
}
