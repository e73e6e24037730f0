// The locations of a server: their order and the exact twins of prefixes, as sort.SliceStable in getBackendServers and
// updateServerLocations in internal/ingress/controller/location.go have it (kubernetes/ingress-nginx
// controller-v1.15.1). ImplementationSpecific is Prefix there (SetDefaultNGINXPathType in internal/k8s/main.go).

import type { Destination, Origin } from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import type { NginxIngress } from './ingresses.js';

export interface Location {
  path: string;
  pathType: 'Exact' | 'Prefix';
  /** Name of its upstream. */
  upstream: string;
  /** Made by the controller for `/`, until an Ingress has a path `/` of type Prefix. */
  isDefault: boolean;
  /** Absent: the catch-all server that no Ingress has touched. */
  ingress?: NginxIngress;
  settings?: Settings;
  /** The path as the Ingress has it; empty for `/`. */
  ingressPath: string;
  origin?: Origin;
  /** Backend of the path: its upstream may have been made for another path. */
  backend?: Origin;
  /** Service of `default-backend`, where it is used: in place of the upstream, or only for its errors. */
  customBackend?: { readonly destination: Destination; readonly replaces: boolean };
}

export const needsRewrite = (location: Location): boolean => {
  const target = location.settings?.rewrite.target ?? '';
  return target !== '' && target !== location.path;
};

const usesRegex = (location: Location): boolean => location.settings?.rewrite.useRegex ?? false;

/** One location with a pattern makes patterns of all locations of the host (enforceRegexModifier in template.go). */
export const enforcesRegex = (locations: readonly Location[]): boolean =>
  locations.some((l) => needsRewrite(l) || usesRegex(l));

const bytes = (text: string): Buffer => Buffer.from(text);

/** By path, descending, then by length, descending; both stable. */
export function sortLocations(locations: readonly Location[]): Location[] {
  return [...locations]
    .sort((a, b) => Buffer.compare(bytes(b.path), bytes(a.path)))
    .sort((a, b) => bytes(b.path).length - bytes(a.path).length);
}

/** Prefixes end with a slash and get a twin for the path without it, unless they are patterns or an Exact path has that place. */
export function addTwins(locations: readonly Location[]): Location[] {
  const exact = new Set(locations.filter((l) => l.pathType === 'Exact').map((l) => l.path));
  const result: Location[] = [];
  for (const location of locations) {
    if (location.path === '/') {
      result.push(location);
      continue;
    }
    const plain = location.pathType === 'Prefix' && !needsRewrite(location) && !usesRegex(location);
    const ingressPath = location.path;
    if (!plain) {
      result.push({ ...location, ingressPath });
      continue;
    }
    result.push({ ...location, ingressPath, path: location.path.endsWith('/') ? location.path : `${location.path}/` });
    if (!exact.has(location.path)) result.push({ ...location, ingressPath, pathType: 'Exact' });
  }
  return result;
}
