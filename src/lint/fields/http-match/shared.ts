// What Istio's validation says about the matches of an HTTP rule and about header names and values: validateHTTPRouteMatchRequest,
// validateStringMatch, ValidateHTTPHeader… of pkg/config/validation (source of 2026-08-22).

export const REFUSED = "Istio's webhook refuses the VirtualService.";

export const TO_SHOP = 'route:\n- destination: {host: shop}';

export const MATCH = 'spec.http[].match[]';

const HEADERS = ['spec.http[].headers', 'spec.http[].route[].headers'];

/** Where a StringMatch stands; the prefix of a uri may be empty, no other. */
export const STRING_MATCHES = ['headers{}', 'withoutHeaders{}', 'scheme', 'method', 'authority', 'queryParams{}'].map(
  (f) => `${MATCH}.${f}`,
);

export const under = (suffix: string): string[] => HEADERS.map((h) => `${h}.${suffix}`);
