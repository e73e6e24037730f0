// Claims of a verified token, as later filters and the destination see them: addJWTClaimToHeader, setPayloadMetadata in
// source/extensions/filters/http/jwt_authn/authenticator.cc (Envoy 1.40).

import { type JwtRule, own, put } from '../model/index.js';

type Claims = Readonly<Record<string, unknown>>;

/** What matchers see: texts that are lists are split. */
export function claimsSeen(payload: Claims, rule: JwtRule): Claims {
  const split = rule.spaceDelimitedClaims.filter((name) => typeof own(payload, name) === 'string');
  if (split.length === 0) return payload;
  const seen: Record<string, unknown> = { ...payload };
  for (const name of split) {
    const list = (own(payload, name) as string).split(' ').filter((word) => word !== '');
    // A text of spaces alone stays as it is: nothing is added to the list that would replace it.
    if (list.length > 0) put(seen, name, list);
  }
  return seen;
}

/** A claim as the value of a header (the keys of an object keep their order; Envoy's is that of a hash table); undefined: it is not there, null or empty. `path` has dots. */
export function claimText(payload: Claims, path: string): string | undefined {
  let value: unknown = payload;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = own(value as Record<string, unknown>, key);
  }
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : value;
    case 'number':
      return numberText(value);
    case 'boolean':
      return String(value);
    default:
      return value === null || value === undefined ? undefined : Buffer.from(JSON.stringify(value)).toString('base64');
  }
}

/** Unsigned integers as such, others with six decimals (std::to_string). */
const numberText = (value: number): string =>
  value >= 0 && value < 2 ** 64 && Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6);
