// CORS of a rule's filter and of a SecurityPolicy (processCORSFilter in internal/gatewayapi/filters.go, buildCORS in securitypolicy.go,
// internal/xds/translator/cors.go, v1.9.1). A preflight is answered by the gateway whatever its origin.

import type { CorsPolicy, Json, Origin, StringMatcher } from '../../../../model/index.js';
import { quoteRegex } from '../../../../regex/quote.js';
import { durationMsOf } from '../../../../resources/fields.js';
import { booleanAt, has, numberAt, objectAt, stringsAt } from '../../fields.js';

/** What the API server fills in for the filter, in seconds. */
const DEFAULT_MAX_AGE = 5;

export const filterCors = (filter: Json, origin: Origin): CorsPolicy =>
  corsOf(filter, numberAt(filter, 'maxAge') ?? DEFAULT_MAX_AGE, origin);

export function policyCors(cors: Json, origin: Origin): CorsPolicy {
  const ms = has(cors, 'maxAge') ? durationMsOf(objectAt({ cors }, 'cors').maxAge) : undefined;
  return corsOf(cors, ms === undefined ? undefined : Math.trunc(ms / 1000), origin);
}

function corsOf(cors: Json, maxAge: number | undefined, origin: Origin): CorsPolicy {
  const joined = (key: string) => {
    const list = stringsAt(cors, key);
    // In a list Envoy takes a star for a name.
    return key !== 'exposeHeaders' && list.includes('*') ? '*' : list.join(', ');
  };
  const methods = joined('allowMethods');
  const headers = joined('allowHeaders');
  const exposed = joined('exposeHeaders');
  return {
    allowOrigins: stringsAt(cors, 'allowOrigins').map(matcherOf),
    ...(methods && { allowMethods: methods }),
    ...(headers && { allowHeaders: headers }),
    ...(exposed && { exposeHeaders: exposed }),
    ...(maxAge !== undefined && { maxAge: String(maxAge) }),
    ...(booleanAt(cors, 'allowCredentials') && { allowCredentials: true }),
    unmatchedPreflights: 'ignore',
    origin,
  };
}

const matcherOf = (origin: string): StringMatcher =>
  origin.includes('*')
    ? { kind: 'regex', pattern: quoteRegex(origin).replaceAll('\\*', '.*') }
    : { kind: 'exact', value: origin };
