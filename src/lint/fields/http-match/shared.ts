// What Istio's validation says about the matches of an HTTP rule and about header names and values: validateHTTPRouteMatchRequest,
// validateStringMatch, ValidateHTTPHeader… of pkg/config/validation (source of 2026-08-22).

import type { Json } from '../../../model/index.js';
import type { FieldCheck, Problem } from '../../rule.js';

export const REFUSED = "Istio's webhook refuses the VirtualService.";

/** Envoy takes the routes of a port as one configuration, or none of them. */
export const REACH =
  'where no webhook stops it, Envoy refuses the routes of the whole port: every route keeps its last good state, and a restarted gateway serves none';

/** The test of a value, whose problem reaches every route. */
export const reachingAll =
  (test: (value: Json) => Problem): FieldCheck['test'] =>
  (value) => {
    const problem = test(value);
    return typeof problem === 'string' ? `${problem}; ${REACH}` : problem;
  };

export const TO_SHOP = 'route:\n- destination: {host: shop}';

export const MATCH = 'spec.http[].match[]';

const HEADERS = ['spec.http[].headers', 'spec.http[].route[].headers'];

/** Where a StringMatch stands; the prefix of a uri may be empty, no other. */
export const STRING_MATCHES = ['headers{}', 'withoutHeaders{}', 'scheme', 'method', 'authority', 'queryParams{}'].map(
  (f) => `${MATCH}.${f}`,
);

export const under = (suffix: string): string[] => HEADERS.map((h) => `${h}.${suffix}`);
