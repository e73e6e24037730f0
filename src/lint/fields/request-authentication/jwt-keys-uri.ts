import type { Rule } from '../../rule.js';
import { at, REQUEST_AUTHENTICATION, refused } from '../field-rule.js';
import { jwksUri } from '../jwks-uri.js';
import { ISSUER, jwt, REFUSED, RULE, URI } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1433',
      name: 'jwt-keys-uri',
      title: 'The jwksUri of a JWT rule is not a URL of http or https',
      docs: () => ({
        happens: REFUSED,
        instead: 'The whole URL, as the issuer names it in its OpenID configuration (`jwks_uri`).',
        bad: jwt(ISSUER, 'jwksUri: login.example.com/keys'),
        good: jwt(ISSUER, URI),
      }),
    },
    at(REQUEST_AUTHENTICATION, [`${RULE}.jwksUri`, `${RULE}.jwks_uri`], (value) =>
      typeof value === 'string' && value !== '' ? jwksUri(value) : undefined,
    ),
  ),
];
