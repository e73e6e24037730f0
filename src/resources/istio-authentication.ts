// RequestAuthentication objects as the model's token rules: convertToEnvoyJwtConfig in
// pilot/pkg/security/authn/policy_applier.go, Istio source of 2026-08-22.

import type { JwtRule, Resource } from '../model/index.js';
import { originOf } from '../model/index.js';
import { booleanOf, compareText, objectsOf, specOf, stringOf, stringsOf } from './fields.js';

/** Always lists: buildSpaceDelimitedClaims. */
const SPACE_DELIMITED = ['permission', 'scope'];

function rulesOf(resource: Resource): JwtRule[] {
  return objectsOf(specOf(resource).jwtRules).map((rule, i) => {
    // `jwks_uri` is the field's old spelling (security.proto).
    const jwksUri = stringOf(rule.jwksUri) ?? stringOf(rule.jwks_uri);
    const jwks = stringOf(rule.jwks);
    const outputPayloadToHeader = stringOf(rule.outputPayloadToHeader);
    return {
      issuer: stringOf(rule.issuer) ?? '',
      audiences: stringsOf(rule.audiences),
      ...(jwks ? { jwks } : {}),
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

/** Of all objects that apply to a gateway, in the order of Envoy's providers. */
export const jwtRules = (resources: readonly Resource[]): JwtRule[] =>
  resources.flatMap(rulesOf).sort((a, b) => compareText(a.issuer, b.issuer));
