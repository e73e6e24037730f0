// Paths that are compared as text and can be no path of a request, and texts that look like patterns. Envoy compares the path without
// the query, which begins with a slash (RouteMatch.prefix and .path, api/envoy/config/route/v3/route_components.proto of Envoy 1.40).

import { httpRule } from '../../examples.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';

export const uri = (match: string, more = '') => httpRule(`match:\n- uri: {${match}}\n${more}${TO_SHOP}`);

export const MATCHES = ['exact', 'prefix'].map((kind) => `spec.http[].match[].uri.${kind}`);

/** Special characters of a regular expression. */
export const PATTERN = /\.\*|\.\+|\\[dwsbDWS.]|\[[^\]]+\]|\([^)]*[|*?][^)]*\)|\$$/;

/** Why no path is, or begins with, this text. `*` is the path of `OPTIONS *`. */
export function impossible(path: string): string | undefined {
  if (path === '' || path === '*') return undefined;
  if (path.includes('?')) return 'the query is not part of the path: match it with queryParams';
  if (path.includes('#')) return 'clients do not send what follows #';
  if (path.startsWith('/')) return undefined;
  return PATTERN.test(path)
    ? `every path begins with /, and this is compared literally, not as a pattern: write regex: /${path}`
    : `every path begins with /: write /${path}`;
}
