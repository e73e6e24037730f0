// Which location takes a request, as routes in the order of a first match: ngx_http_core_find_location in nginx 1.22
// (src/http/ngx_http_core_module.c). Exact ones, then the longest prefix; where one path of the host is a pattern,
// all are, and the first in the file that matches decides (buildLocation and enforceRegexModifier in template.go,
// kubernetes/ingress-nginx controller-v1.15.1).

import type { StringMatcher, Unsupported } from '../../../model/index.js';
import { PcreError } from '../../pcre.js';
import { enforcesRegex, type Location } from '../controller/locations.js';
import { locationMatcher } from '../pcre/match.js';

export interface Placed {
  readonly path: StringMatcher;
  readonly location: Location;
  /** nginx answers 301 to this path: a request for it without its slash at the end. */
  readonly slashRedirect?: string;
}

export function placeLocations(
  locations: readonly Location[],
  unsupported: (item: Unsupported) => void,
): readonly Placed[] {
  return enforcesRegex(locations) ? patterns(locations, unsupported) : plain(locations);
}

function patterns(locations: readonly Location[], unsupported: (item: Unsupported) => void): readonly Placed[] {
  return locations.flatMap((location): Placed[] => {
    try {
      return [{ path: locationMatcher(location.path), location }];
    } catch (error) {
      if (!(error instanceof PcreError)) throw error;
      unsupported({
        feature: error.cause === 'invalid' ? 'ingress.path.invalid-pattern' : 'ingress.path.pattern',
        detail:
          error.cause === 'invalid'
            ? `nginx refuses the whole configuration, because the path is not a pattern: ${error.message} at character ${error.at + 1}`
            : `requests for this path cannot be determined, because the pattern is not regular: ${error.message} at character ${error.at + 1}`,
        effect: 'routing',
        origin: location.origin!,
      });
      return [];
    }
  });
}

function plain(locations: readonly Location[]): readonly Placed[] {
  const exact = locations.filter((l) => l.pathType === 'Exact');
  const prefixes = locations.filter((l) => l.pathType === 'Prefix');
  const taken = new Set([...exact, ...prefixes].map((l) => l.path));
  const redirects = [...new Set([...taken])].flatMap((path): Placed[] => {
    // The exact location of a path comes before the prefix, also for its settings.
    const location = exact.find((l) => l.path === path) ?? prefixes.find((l) => l.path === path)!;
    const without = path.slice(0, -1);
    const proxied = [exact, prefixes].some((list) => list.some((l) => l.path === path && !l.settings?.denied));
    if (!path.endsWith('/') || path === '/' || taken.has(without) || !proxied) return [];
    return [{ path: { kind: 'exact', value: without }, location, slashRedirect: path }];
  });
  const byLength = [...prefixes].sort((a, b) => Buffer.byteLength(b.path) - Buffer.byteLength(a.path));
  return [
    ...exact.map((location): Placed => ({ path: { kind: 'exact', value: location.path }, location })),
    ...redirects,
    ...byLength.map((location): Placed => ({ path: { kind: 'prefix', value: location.path }, location })),
  ];
}
