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
  const lost = ingresses.flatMap((ingress) => addLocations(ingress, servers, upstreams));
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
  const servers = new Map<string, Server>();
  const catchAll: Location = {
    path: '/',
    pathType: 'Prefix',
    upstream: DEFAULT_UPSTREAM,
    isDefault: true,
    ingressPath: '',
  };
  servers.set(CATCH_ALL, {
    host: CATCH_ALL,
    locations: [catchAll],
    aliases: [],
    certificate: { names: ['ingress.local'] },
  });
  for (const ingress of main) {
    const { defaultBackend, rules } = ingress.view;
    let upstream = DEFAULT_UPSTREAM;
    if (defaultBackend?.service) {
      const name = upstreamName(ingress.namespace, defaultBackend);
      if (upstreams.has(name)) {
        upstream = name;
        if (catchAll.isDefault && rules.length === 0) takeOverCatchAll(catchAll, ingress, name);
      }
    }
    for (const rule of rules) {
      const host = rule.host || CATCH_ALL;
      if (servers.has(host)) continue;
      const origin = defaultBackend?.service ? defaultBackend.origin : rule.origin;
      servers.set(host, {
        host,
        locations: [
          {
            path: '/',
            pathType: 'Prefix',
            upstream,
            isDefault: true,
            ingress,
            settings: ingress.settings,
            ingressPath: '',
            origin,
          },
        ],
        aliases: [],
        ingress,
      });
    }
  }
  for (const ingress of main) {
    for (const rule of ingress.view.rules) {
      const server = servers.get(rule.host || CATCH_ALL)!;
      if (server.aliases.length === 0) server.aliases = ingress.settings.aliases;
      if (ingress.settings.snippets['server-snippet']) server.snippet ??= ingress;
      if (ingress.settings.annotations.bool('ssl-passthrough').value) server.sslPassthrough ??= ingress;
      const certificate = server.certificate ?? certificateFor(server.host, ingress, catalog);
      if (certificate) server.certificate = certificate;
    }
  }
  for (const server of servers.values()) {
    server.aliases = server.aliases.filter((alias) => alias !== server.host && !servers.has(alias));
  }
  return servers;
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

function addLocations(ingress: NginxIngress, servers: Map<string, Server>, upstreams: Upstreams): readonly LostPath[] {
  const { settings } = ingress;
  const lost: LostPath[] = [];
  for (const rule of ingress.view.rules) {
    const host = rule.host || CATCH_ALL;
    const server = servers.get(host) ?? servers.get(CATCH_ALL)!;
    if (settings.auth.clientCertificateError !== undefined) server.clientCertificateError ??= ingress;
    if (settings.auth.clientCertificate) server.clientCertificates ??= ingress;
    for (const path of rule.paths) {
      if (!path.backend?.service) continue;
      const upstream = upstreams.get(upstreamName(ingress.namespace, path.backend));
      if (!upstream || upstream.noServer) {
        if (upstream && !settings.canary) lost.push({ ingress, host, path, because: 'canary' });
        continue;
      }
      const wanted: Location = {
        path: path.path || '/',
        pathType: path.pathType === 'Exact' ? 'Exact' : 'Prefix',
        upstream: upstream.name,
        isDefault: false,
        ingress,
        settings,
        ingressPath: '',
        origin: path.origin,
      };
      // Only the first location of the path is looked at: a second one of another type is added every time.
      const known = server.locations.find((location) => location.path === wanted.path);
      if (!known || known.pathType !== wanted.pathType) server.locations.push(wanted);
      else if (known.isDefault) Object.assign(known, wanted);
      else lost.push({ ingress, host, path, because: 'taken', ...(known.ingress ? { by: known.ingress } : {}) });
      if (!known || known.pathType !== wanted.pathType || known.ingress === ingress) {
        if (settings.redirect?.fromToWww) server.wwwRedirect ??= ingress;
      }
      if (settings.annotations.text('affinity').value === 'cookie') upstream.sticky = true;
    }
  }
  return lost;
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
