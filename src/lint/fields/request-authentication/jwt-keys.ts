import type { Rule } from '../../rule.js';
import { at, REQUEST_AUTHENTICATION, refused } from '../field-rule.js';
import { readJsonWebKeys } from '../json-web-keys.js';
import { text } from '../values.js';
import { ISSUER, jwt, KEY, REFUSED, RULE } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1434',
      name: 'jwt-keys',
      title: 'The jwks of a JWT rule are not JSON Web Keys',
      docs: () => ({
        happens: REFUSED,
        instead: 'A JSON object {"keys": […]}; an RSA key has n and e, an EC key crv, x and y (RFC 7518).',
        bad: jwt(ISSUER, 'jwks: \'{"keys": [{"kty": "EC", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]}\''),
        good: jwt(ISSUER, `jwks: '{"keys": [{${KEY}}]}'`),
      }),
    },
    at(REQUEST_AUTHENTICATION, `${RULE}.jwks`, (value) =>
      text(value) === '' ? undefined : readJsonWebKeys(text(value)).problem,
    ),
  ),
];
