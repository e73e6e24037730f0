// The CORS filter (Gateway API spec, HTTPCORSFilter; Istio: createCorsFilter in
// pilot/pkg/config/kube/gateway/conversion.go and TranslateCORSPolicy in pilot/pkg/networking/core/route/route.go, 2026-08-22).

import type { CorsPolicy, Json, Origin, StringMatcher } from '../../../model/index.js';
import { booleanAt, numberAt, stringsAt } from '../fields.js';

/** What the API server fills in, in seconds. */
const DEFAULT_MAX_AGE = 5;

export function corsPolicy(filter: Json, origin: Origin): CorsPolicy {
  const joined = (key: string) => stringsAt(filter, key).join(',');
  const maxAge = numberAt(filter, 'maxAge') ?? DEFAULT_MAX_AGE;
  const methods = joined('allowMethods');
  const headers = joined('allowHeaders');
  const exposed = joined('exposeHeaders');
  return {
    allowOrigins: stringsAt(filter, 'allowOrigins')
      .filter((o) => o !== '')
      .map(originMatcher),
    ...(methods && { allowMethods: methods }),
    ...(headers && { allowHeaders: headers }),
    ...(exposed && { exposeHeaders: exposed }),
    ...(maxAge > 0 && { maxAge: String(maxAge) }),
    ...(booleanAt(filter, 'allowCredentials') && { allowCredentials: true }),
    unmatchedPreflights: 'ignore',
    origin,
  };
}

function originMatcher(origin: string): StringMatcher {
  if (origin === '*') return { kind: 'regex', pattern: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' };
  const first = origin.indexOf('*');
  if (first < 0) return { kind: 'exact', value: origin };
  if (first === origin.length - 1) return { kind: 'prefix', value: origin.slice(0, -1) };
  const quoted = origin.replace(/[\\.+?()|[\]{}^$]/g, '\\$&').replaceAll('*', '.*');
  return { kind: 'regex', pattern: `^${quoted}$` };
}
