// What Istio says of the JWT rules of a RequestAuthentication: validateJwtRule and warnPrivateJwksKeys of
// pkg/config/validation/validation.go (source of 2026-08-22), and of the CRD that there is one source of keys. Empty
// names, audiences and headers are said by the CRD's schema, timeouts by shared-values/.

import { requestAuthentication } from '../../examples.js';

export const REFUSED = "Istio's webhook refuses the object: it checks no tokens.";

export const RULE = 'spec.jwtRules[]';

export const ISSUER = 'issuer: https://login.example.com';

export const URI = 'jwksUri: https://login.example.com/keys';

export const jwt = (...lines: readonly string[]): string => requestAuthentication(`jwtRules:\n- ${lines.join('\n  ')}`);

export const KEY =
  '"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"';
