// RequestAuthentication objects as the model's token rules: convertToEnvoyJwtConfig in
// pilot/pkg/security/authn/policy_applier.go, Istio source of 2026-08-22.

import { type Json, type JwtRule, originOf, own, type Resource, type Unsupported } from '../../model/index.js';
import { booleanOf, compareText, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';

/** Always lists: buildSpaceDelimitedClaims. */
const SPACE_DELIMITED = ['permission', 'scope'];

function rulesOf(resource: Resource, keySets: Readonly<Record<string, string>>): JwtRule[] {
  return objectsOf(specOf(resource).jwtRules).map((rule, i) => {
    // `jwks_uri` is the field's old spelling (security.proto).
    const jwksUri = stringOf(rule.jwksUri) ?? stringOf(rule.jwks_uri);
    const issuer = stringOf(rule.issuer) ?? '';
    const fetched = own(keySets, jwksUri ?? '') ?? own(keySets, issuer);
    const jwks = stringOf(rule.jwks) || fetched;
    const outputPayloadToHeader = stringOf(rule.outputPayloadToHeader);
    return {
      issuer,
      audiences: stringsOf(rule.audiences),
      ...(jwks && hasKeys(jwks) ? { jwks } : {}),
      ...(jwksUri ? { jwksUri } : {}),
      fromHeaders: objectsOf(rule.fromHeaders).map((h) => ({
        name: (stringOf(h.name) ?? '').toLowerCase(),
        prefix: stringOf(h.prefix) ?? '',
      })),
      fromParams: stringsOf(rule.fromParams),
      fromCookies: stringsOf(rule.fromCookies),
      forwardOriginalToken: booleanOf(rule.forwardOriginalToken) ?? false,
      ...(outputPayloadToHeader ? { outputPayloadToHeader: outputPayloadToHeader.toLowerCase() } : {}),
      outputClaimToHeaders: objectsOf(rule.outputClaimToHeaders).map((o) => ({
        header: (stringOf(o.header) ?? '').toLowerCase(),
        claim: stringOf(o.claim) ?? '',
      })),
      spaceDelimitedClaims: [...new Set([...SPACE_DELIMITED, ...stringsOf(rule.spaceDelimitedClaims)])].sort(
        compareText,
      ),
      origin: originOf(resource, 'spec', 'jwtRules', i),
    };
  });
}

/** Key types that Envoy knows (source/common/jwt/jwks.cc). */
const KEY_TYPES = ['RSA', 'EC', 'oct', 'OKP'];

function hasKeys(jwks: string): boolean {
  try {
    const set = JSON.parse(jwks) as Json;
    return objectsOf(objectOf(set)?.keys).some((key) => KEY_TYPES.includes(stringOf(key.kty) ?? ''));
  } catch {
    return false;
  }
}

/** Rules whose tokens nobody can check here: what is said about them. */
export function unknownKeys(rules: readonly JwtRule[]): Unsupported[] {
  return rules
    .filter((rule) => rule.jwks === undefined)
    .map(({ issuer, origin }): Unsupported => {
      const inline = objectsOf(specOf(origin.resource).jwtRules)[Number(origin.path.at(-1))]?.jwks !== undefined;
      const who = issuer === '' ? 'this issuer' : issuer;
      return {
        feature: inline ? 'requestauthentication.jwks' : 'requestauthentication.jwksUri',
        detail: inline
          ? `The key set of ${who} holds no key that Envoy can use: it refuses the gateway's listeners.`
          : `The keys of ${who} would be fetched; without them no token of it is valid here.`,
        effect: 'security',
        origin,
      };
    });
}

/** Of all objects that apply to a gateway, in the order of Envoy's providers. */
export const jwtRules = (resources: readonly Resource[], keySets: Readonly<Record<string, string>> = {}): JwtRule[] =>
  resources.flatMap((r) => rulesOf(r, keySets)).sort((a, b) => compareText(a.issuer, b.issuer));
