// CORS of a rule: TranslateCORSPolicy in pilot/pkg/networking/core/route/route.go.

import type { CorsPolicy, JsonObject, StringMatcher } from '../../../model/index.js';
import { at, durationMsOf, type Field, listOf, objectOf, stringsOf } from '../../../resources/fields.js';
import { readStringMatch } from './match-conditions.js';

export function corsPolicy(field: Field | undefined): CorsPolicy | undefined {
  const value = objectOf(field?.value);
  if (!field || !value) return undefined;
  const maxAge = durationMsOf(value.maxAge);
  const joined = (name: 'allowMethods' | 'allowHeaders' | 'exposeHeaders') => {
    const text = stringsOf(value[name]).join(',');
    return text === '' ? {} : { [name]: text };
  };
  return {
    allowOrigins: origins(value, field),
    ...joined('allowMethods'),
    ...joined('allowHeaders'),
    ...joined('exposeHeaders'),
    ...(maxAge === undefined ? {} : { maxAge: String(Math.floor(maxAge / 1000)) }),
    ...(typeof value.allowCredentials === 'boolean' ? { allowCredentials: value.allowCredentials } : {}),
    unmatchedPreflights: value.unmatchedPreflights === 'IGNORE' ? 'ignore' : 'forward',
    origin: field.origin,
  };
}

function origins(value: JsonObject, field: Field): StringMatcher[] {
  if (value.allowOrigins === undefined) {
    return stringsOf(value.allowOrigin).map((text) => originMatcher('exact', text));
  }
  return listOf(value.allowOrigins).flatMap((entry, i) => {
    const match = readStringMatch(entry, at(field.origin, 'allowOrigins', i));
    return match.kind === 'unset' ? [] : [originMatcher(match.kind, match.value)];
  });
}

/** Envoy's filter lets everybody in where a matcher takes the text `*`: isOriginAllowed in cors_filter.cc. */
function originMatcher(kind: 'exact' | 'prefix' | 'regex', value: string): StringMatcher {
  if (kind === 'regex') return { kind, pattern: value };
  return value === '*' ? { kind: 'any' } : { kind, value };
}
