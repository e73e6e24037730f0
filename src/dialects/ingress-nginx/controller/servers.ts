// Servers and their locations over all Ingresses of a controller: createServers and getBackendServers in
// internal/ingress/controller/controller.go (kubernetes/ingress-nginx controller-v1.15.1), in the same order of steps,
// because what comes first stays.

import type { Catalog } from '../../../resources/catalog.js';
import type { IngressPath } from '../../../resources/ingress.js';
import { mergeCanaries } from './canaries.js';
import { certificateFor } from './certificates.js';
import type { NginxIngress } from './ingresses.js';
import { addTwins, type Location, sortLocations } from './locations.js';
import { CATCH_ALL, type Server } from './server.js';
import { createUpstreams, DEFAULT_UPSTREAM, serviceDestination, type Upstreams, upstreamName } from './upstreams.js';

/** A path of an Ingress that serves nothing. */
export interface LostPath {
  readonly ingress: NginxIngress;
  readonly host: string;
  readonly path: IngressPath;
  /** `taken`: an older Ingress has this host, path and type. `canary`: a canary made its upstream first. */
  readonly because: 'taken' | 'canary';
  readonly by?: NginxIngress;
}

export interface Configuration {
  /** In the order of nginx.conf. */
  readonly servers: readonly Server[];
  readonly upstreams: Upstreams;
  readonly lost: readonly LostPath[];
}

export function configure(ingresses: readonly NginxIngress[], catalog: Catalog): Configuration {
  const upstreams = createUpstreams(ingresses, catalog);
  const servers = createServers(ingresses, upstreams, catalog);
  const first = new Map([...servers.values()].map((server) => [server, firstByPath(server)]));
  const lost = ingresses.flatMap((ingress) => addLocations(ingress, { servers, upstreams, first }));
  mergeCanaries(ingresses, upstreams, servers);
  const list = [...servers.values()].sort((a, b) => Buffer.compare(Buffer.from(a.host), Buffer.from(b.host)));
  for (const server of list) {
    for (const location of server.locations) giveCustomBackend(location, upstreams, catalog);
    server.locations = addTwins(sortLocations(server.locations));
  }
  return { servers: list, upstreams, lost };
}

function createServers(
  ingresses: readonly NginxIngress[],
  upstreams: Upstreams,
  catalog: Catalog,
): Map<string, Server> {
  const main = ingresses.filter((ingress) => ingress.settings.canary === undefined);
  const servers = new Map<string, Server>([[CATCH_ALL, catchAllServer()]]);
  for (const ingress of main) openServers(ingress, servers, upstreams);
  for (const ingress of main)
    for (const rule of ingress.view.rules) claimSettings(servers.get(rule.host || CATCH_ALL)!, ingress, catalog);
  for (const server of servers.values()) {
    server.aliases = server.aliases.filter((alias) => alias !== server.host && !servers.has(alias));
  }
  return servers;
}

const catchAllServer = (): Server => ({
  host: CATCH_ALL,
  locations: [{ path: '/', pathType: 'Prefix', upstream: DEFAULT_UPSTREAM, isDefault: true, ingressPath: '' }],
  aliases: [],
  certificate: { names: ['ingress.local'] },
});

/** A server for each host of an Ingress that has none yet. Its `/` goes to the default backend of the Ingress. */
function openServers(ingress: NginxIngress, servers: Map<string, Server>, upstreams: Upstreams): void {
  const { settings, view } = ingress;
  const backend = view.defaultBackend?.service ? view.defaultBackend : undefined;
  const name = backend && upstreamName(ingress.namespace, backend);
  const isThere = name !== undefined && upstreams.has(name);
  const [catchAll] = servers.get(CATCH_ALL)!.locations;
  if (isThere && catchAll?.isDefault && view.rules.length === 0) takeOverCatchAll(catchAll, ingress, name);
  for (const rule of view.rules) {
    const host = rule.host || CATCH_ALL;
    if (servers.has(host)) continue;
    const location: Location = {
      path: '/',
      pathType: 'Prefix',
      upstream: isThere ? name : DEFAULT_UPSTREAM,
      isDefault: true,
      ingress,
      settings,
      ingressPath: '',
      origin: (backend ?? rule).origin,
    };
    servers.set(host, { host, locations: [location], aliases: [], ingress });
  }
}

/** Of settings of a whole server those of the first Ingress that has any count. */
function claimSettings(server: Server, ingress: NginxIngress, catalog: Catalog): void {
  const { aliases, snippets, annotations } = ingress.settings;
  if (server.aliases.length === 0) server.aliases = aliases;
  if (snippets['server-snippet']) server.snippet ??= ingress;
  if (annotations.bool('ssl-passthrough').value) server.sslPassthrough ??= ingress;
  const certificate = server.certificate ?? certificateFor(server.host, ingress, catalog);
  if (certificate) server.certificate = certificate;
}

/** An Ingress with a default backend and no rule; redirects and rewrites of it are left out. */
function takeOverCatchAll(location: Location, ingress: NginxIngress, upstream: string): void {
  const { redirect: _, ...settings } = ingress.settings;
  location.isDefault = false;
  location.upstream = upstream;
  location.ingress = ingress;
  location.settings = {
    ...settings,
    rewrite: {
      target: '',
      sslRedirect: false,
      forceSslRedirect: false,
      preserveTrailingSlash: false,
      useRegex: false,
      appRoot: '',
    },
  };
  location.origin = ingress.view.defaultBackend!.origin;
}

interface Locating {
  readonly servers: ReadonlyMap<string, Server>;
  readonly upstreams: Upstreams;
  /** The first location of each path. */
  readonly first: ReadonlyMap<Server, Map<string, Location>>;
}

function firstByPath({ locations }: Server): Map<string, Location> {
  return new Map(locations.toReversed().map((location) => [location.path, location]));
}

function addLocations(ingress: NginxIngress, locating: Locating): readonly LostPath[] {
  const { servers } = locating;
  const { auth } = ingress.settings;
  return ingress.view.rules.flatMap((rule) => {
    const host = rule.host || CATCH_ALL;
    const server = servers.get(host) ?? servers.get(CATCH_ALL)!;
    if (auth.clientCertificateError !== undefined) server.clientCertificateError ??= ingress;
    if (auth.clientCertificate) server.clientCertificates ??= ingress;
    return rule.paths.flatMap((path) => {
      const lost = addPath(path, ingress, server, locating);
      return lost ? [{ ingress, host, path, ...lost }] : [];
    });
  });
}

/** Why a path serves nothing. */
type Lost = Pick<LostPath, 'because' | 'by'>;

function addPath(
  path: IngressPath,
  ingress: NginxIngress,
  server: Server,
  { upstreams, first }: Locating,
): Lost | undefined {
  const { settings, namespace } = ingress;
  const upstream = path.backend?.service && upstreams.get(upstreamName(namespace, path.backend));
  if (!upstream) return undefined;
  if (upstream.noServer) return settings.canary ? undefined : { because: 'canary' };
  const lost = addLocation(locationOf(path, ingress, upstream.name), ingress, server, first.get(server)!);
  if (settings.annotations.text('affinity').value === 'cookie') upstream.sticky = true;
  return lost;
}

const locationOf = (
  { path, pathType, origin, backend }: IngressPath,
  ingress: NginxIngress,
  upstream: string,
): Location => ({
  path: path || '/',
  pathType: pathType === 'Exact' ? 'Exact' : 'Prefix',
  upstream,
  isDefault: false,
  ingress,
  settings: ingress.settings,
  ingressPath: '',
  origin,
  ...(backend && { backend: backend.origin }),
});

function addLocation(
  wanted: Location,
  ingress: NginxIngress,
  server: Server,
  first: Map<string, Location>,
): Lost | undefined {
  // Only the first location of the path is looked at: a second one of another type is added every time.
  const known = first.get(wanted.path);
  const isNew = known?.pathType !== wanted.pathType;
  const isTaken = !isNew && !known.isDefault;
  if (!known) first.set(wanted.path, wanted);
  if (isNew) server.locations.push(wanted);
  else if (known.isDefault) Object.assign(known, wanted);
  if ((isNew || known.ingress === ingress) && ingress.settings.redirect?.fromToWww) server.wwwRedirect ??= ingress;
  return isTaken ? { because: 'taken', ...(known.ingress ? { by: known.ingress } : {}) } : undefined;
}

/** `default-backend`: stands in where the upstream has no endpoints (shouldCreateUpstreamForLocationDefaultBackend). */
function giveCustomBackend(location: Location, upstreams: Upstreams, catalog: Catalog): void {
  const { ingress, settings } = location;
  const upstream = upstreams.get(location.upstream);
  if (!ingress || settings?.defaultBackend === undefined || !upstream || upstream.name === DEFAULT_UPSTREAM) return;
  const replaces = upstream.destination === undefined;
  if (!replaces && settings.customHttpErrors.length === 0) return;
  const origin = settings.annotations.origin('default-backend');
  const destination = serviceDestination(catalog, ingress, settings.defaultBackend, undefined, origin);
  if (destination) location.customBackend = { destination, replaces };
}
