// What nobody wrote but everybody gets: patterns of other paths, added slashes, paths and canaries that serve nothing.
// Each is a note with a request that shows it, where one does (docs/ingress-nginx.md, Q1 to Q16).

import { formatResource, type GatewayRequest, type StringMatcher } from '../../../model/index.js';
import { compileRegex } from '../../../regex/match.js';
import type { ReadNote } from '../../dialect.js';
import type { NginxIngress } from '../controller/ingresses.js';
import { enforcesRegex, type Location, needsRewrite } from '../controller/locations.js';
import { CATCH_ALL, type Server } from '../controller/server.js';
import type { Configuration } from '../controller/servers.js';
import { upstreamName } from '../controller/upstreams.js';
import { type Placed, placeLocations } from './location-order.js';

export function surprises(ingresses: readonly NginxIngress[], configuration: Configuration): readonly ReadNote[] {
  return [
    ...ingresses.flatMap(refusedPaths),
    ...configuration.servers.flatMap((server) => [
      ...duplicates(server),
      ...(enforcesRegex(server.locations) ? patternsElsewhere(server) : addedSlashes(server)),
    ]),
    ...lostPaths(configuration),
    ...idleCanaries(ingresses, configuration),
    ...httpsByOthers(ingresses, configuration),
  ];
}

/** Of one host; more say nothing new. */
const MOST_NOTES = 50;

const nameOf = (ingress: NginxIngress): string => formatResource(ingress.view.resource);

const get = (host: string, path: string): GatewayRequest => ({
  port: 80,
  scheme: 'http',
  method: 'GET',
  host: host === CATCH_ALL ? 'unknown.example' : host.replace(/^\*/, 'x'),
  path,
});

/**
 * `strict-validate-path-type`, on by default: the controller's admission webhook refuses other characters in Exact and
 * Prefix paths (validPathType in internal/ingress/inspector/rules.go). An Ingress that is there is served all the same.
 */
function refusedPaths({ view }: NginxIngress): readonly ReadNote[] {
  return view.rules
    .flatMap((rule) => rule.paths)
    .filter(({ path, pathType }) => pathType !== 'ImplementationSpecific' && path && !/^\/[A-Za-z0-9._/-]*$/.test(path))
    .map((path) => ({
      code: 'path-refused',
      message: `the admission webhook refuses this path: ${path.pathType} paths have letters, digits and ._/- only`,
      origin: path.pathOrigin,
    }));
}

/** Two paths that come to one location: nginx refuses the whole configuration, and the controller keeps the last good one. */
function duplicates(server: Server): readonly ReadNote[] {
  if (enforcesRegex(server.locations)) return [];
  const seen = new Set<string>();
  return server.locations.flatMap((location): ReadNote[] => {
    const key = `${location.pathType} ${location.path}`;
    const known = seen.has(key);
    seen.add(key);
    if (!known || !location.origin) return [];
    const message = `nginx cannot load this: the host ${server.host} has two locations for ${key}`;
    return [{ code: 'duplicate-location', message, origin: location.origin }];
  });
}

const wantsPattern = (location: Location): boolean =>
  needsRewrite(location) || (location.settings?.rewrite.useRegex ?? false);

function patternsElsewhere(server: Server): readonly ReadNote[] {
  const placed = placeLocations(server.locations, () => {});
  const culprit = server.locations.find((l) => l.ingress && wantsPattern(l))?.ingress;
  const told = new Set<string>();
  const tests = placed.map((place) => ({ place, takes: testOf(place.path) }));
  const taker = (path: string): Placed | undefined => tests.find(({ takes }) => takes(path))?.place;
  return placed.flatMap((place): ReadNote[] => {
    const { location } = place;
    if (
      told.size >= MOST_NOTES ||
      !culprit ||
      location.isDefault ||
      !location.origin ||
      wantsPattern(location) ||
      location.ingressPath === ''
    )
      return [];
    const key = JSON.stringify(location.origin.path) + location.origin.resource.order;
    const path = [`${location.ingressPath.toUpperCase()}x`, `${location.ingressPath}x`].find((p) => taker(p) === place);
    if (told.has(key) || path === undefined) return [];
    told.add(key);
    const message = `${nameOf(culprit)} turns all paths of ${server.host} into patterns: this one also matches ${path}`;
    return [{ code: 'pattern-elsewhere', message, origin: location.origin, witness: get(server.host, path) }];
  });
}

function testOf(matcher: StringMatcher): (path: string) => boolean {
  if (matcher.kind === 'any') return () => true;
  if (matcher.kind === 'regex') {
    const regex = compileRegex(matcher.pattern);
    return (path) => regex.fullMatch(path);
  }
  const wanted = matcher.value.toLowerCase();
  const same = (path: string): boolean => path.toLowerCase() === wanted;
  if (matcher.kind === 'exact') return same;
  if (matcher.kind === 'segment-prefix') return (path) => same(path) || path.toLowerCase().startsWith(`${wanted}/`);
  return (path) => path.toLowerCase().startsWith(wanted);
}

function addedSlashes(server: Server): readonly ReadNote[] {
  return placeLocations(server.locations, () => {}).flatMap(({ location, path, slashRedirect }): ReadNote[] => {
    if (slashRedirect === undefined || !location.origin || path.kind !== 'exact') return [];
    const message = `${path.value} of ${server.host} is answered 301 to ${slashRedirect}; by the Kubernetes specification Prefix matches it`;
    return [{ code: 'slash-redirect', message, origin: location.origin, witness: get(server.host, path.value) }];
  });
}

function lostPaths({ lost }: Configuration): readonly ReadNote[] {
  return lost.map(({ host, path, because, by }): ReadNote => {
    const message =
      because === 'canary'
        ? 'this path serves nothing, because an older canary Ingress has the same Service and port'
        : `this path serves nothing: ${by ? nameOf(by) : 'another Ingress'} comes first with the same host, path and path type`;
    return { code: 'path-not-served', message, origin: path.origin, witness: get(host, path.path || '/') };
  });
}

/** Canaries that never get a request: no main Ingress fits, or another canary was first. */
function idleCanaries(ingresses: readonly NginxIngress[], { upstreams }: Configuration): readonly ReadNote[] {
  const all = [...upstreams.values()];
  const firsts = new Set(all.map((upstream) => upstream.alternatives[0]));
  const others = new Set(all.flatMap((upstream) => upstream.alternatives.slice(1)));
  const canaries = ingresses.filter((ingress) => ingress.settings.canary !== undefined);
  return canaries.flatMap(({ namespace, view }) => {
    const backends = [view.defaultBackend, ...view.rules.flatMap((rule) => rule.paths.map((path) => path.backend))];
    return backends.flatMap((backend): ReadNote[] => {
      const name = upstreamName(namespace, backend);
      if (!backend?.service || firsts.has(name)) return [];
      const why = others.has(name)
        ? 'only the first canary of a Service and port counts'
        : 'no other Ingress has the same host, path and path type with another Service';
      return [
        { code: 'canary-not-used', message: `this canary never receives a request: ${why}`, origin: backend.origin },
      ];
    });
  });
}

/** http is redirected because of another Ingress of the host. */
function httpsByOthers(ingresses: readonly NginxIngress[], { servers }: Configuration): readonly ReadNote[] {
  const secured = new Set(servers.filter((server) => server.certificate).map((server) => server.host));
  return ingresses.flatMap(({ view, settings }) => {
    const { annotations, canary, redirect, rewrite } = settings;
    const said = annotations.has('ssl-redirect') || rewrite.forceSslRedirect || redirect?.url;
    if (canary || said || view.tls.length > 0) return [];
    return view.rules.flatMap(({ host, paths, hostOrigin }): ReadNote[] => {
      const [path] = paths;
      if (host === undefined || !path || !secured.has(host)) return [];
      const message = `http is redirected to https: another Ingress of ${host} has a tls section`;
      return [{ code: 'https-by-another', message, origin: hostOrigin, witness: get(host, path.path || '/') }];
    });
  });
}
