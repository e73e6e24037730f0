// Canaries find their main backend: mergeAlternativeBackends in internal/ingress/controller/controller.go
// (kubernetes/ingress-nginx controller-v1.15.1). A canary belongs to the upstream of the location with its host, path
// and path type, and so to every other location of that upstream too.

import type { IngressBackend } from '../../../resources/ingress.js';
import type { NginxIngress } from './ingresses.js';
import type { Location } from './locations.js';
import { CATCH_ALL, type Server } from './server.js';
import { DEFAULT_UPSTREAM, type Upstreams, upstreamName } from './upstreams.js';

export function mergeCanaries(
  ingresses: readonly NginxIngress[],
  upstreams: Upstreams,
  servers: Map<string, Server>,
): void {
  const canaries = ingresses.filter((ingress) => ingress.settings.canary !== undefined);
  if (canaries.length === ingresses.length) return;
  for (const canary of canaries) {
    const { defaultBackend, rules } = canary.view;
    if (defaultBackend) {
      merge(canary, defaultBackend, servers.get(CATCH_ALL)!.locations, upstreams);
    }
    for (const rule of rules) {
      const server = servers.get(rule.host || CATCH_ALL);
      for (const path of rule.paths) {
        if (!path.backend?.service || !server) continue;
        const type = path.pathType === 'Exact' ? 'Exact' : 'Prefix';
        const same = (location: Location): boolean =>
          location.path === (path.path || '/') && location.pathType === type;
        merge(canary, path.backend, server.locations, upstreams, same);
      }
    }
  }
}

/** Locations are gone through in their order; one whose own backend is the canary's ends the search. */
function merge(
  canary: NginxIngress,
  backend: IngressBackend,
  locations: readonly Location[],
  upstreams: Upstreams,
  wanted: (location: Location) => boolean = () => true,
): void {
  const alternative = upstreams.get(upstreamName(canary.namespace, backend));
  if (!alternative) return;
  let merged = false;
  for (const location of locations) {
    const main = upstreams.get(location.upstream);
    if (!main) continue;
    if (main.name === alternative.name) return;
    if (main.name === DEFAULT_UPSTREAM || main.noServer || !wanted(location)) continue;
    if (!main.alternatives.includes(alternative.name)) main.alternatives.push(alternative.name);
    merged = true;
  }
  if (!merged) upstreams.delete(alternative.name);
}
