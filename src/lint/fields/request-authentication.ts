// What Istio says of the JWT rules of a RequestAuthentication: validateJwtRule and warnPrivateJwksKeys of
// pkg/config/validation/validation.go (source of 2026-08-22), and of the CRD that there is one source of keys. Empty
// names, audiences and headers are said by the CRD's schema, timeouts by shared-values.ts.

import { type Json, own } from '../../model/index.js';
import { requestAuthentication } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, REQUEST_AUTHENTICATION, refused, warned } from './field-rule.js';
import { readJsonWebKeys } from './json-web-keys.js';
import { jwksUri } from './jwks-uri.js';
import { given, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the object: it checks no tokens.";
const RULE = 'spec.jwtRules[]';
const ISSUER = 'issuer: https://login.example.com';
const URI = 'jwksUri: https://login.example.com/keys';
const jwt = (...lines: readonly string[]): string => requestAuthentication(`jwtRules:\n- ${lines.join('\n  ')}`);
const KEY =
  '"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"';
const SECRET = '"d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"';

const SOURCES = ['jwksUri', 'jwks_uri', 'jwks'];

function sources(value: Json): Problem {
  const written = SOURCES.filter((field) => given(own(object(value), field)));
  return written.length > 1
    ? {
        message: `\`${written[0]}\` and \`${written[1]}\` exclude each other: use one source of keys`,
        path: [written[1]!],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1431',
      name: 'jwt-issuer',
      title: 'A JWT rule has neither an issuer nor a jwksUri',
      docs: {
        happens: REFUSED,
        instead: 'The issuer as it stands in the tokens (`iss`).',
        bad: jwt('jwks: \'{"keys": []}\''),
        good: jwt(ISSUER, 'jwks: \'{"keys": []}\''),
      },
    },
    at(REQUEST_AUTHENTICATION, RULE, (value) => {
      const rule = object(value);
      return ['issuer', 'jwksUri', 'jwks_uri'].some((field) => given(own(rule, field)))
        ? undefined
        : 'the rule has no `issuer`: it would not be defined which tokens it checks';
    }),
  ),
  refused(
    {
      code: 'MGW1432',
      name: 'jwt-keys-twice',
      title: 'A JWT rule has both jwks and jwksUri',
      docs: {
        happens: 'The API server refuses the object.',
        instead: '`jwksUri`, or the keys themselves in `jwks`.',
        bad: jwt(ISSUER, URI, 'jwks: \'{"keys": []}\''),
        good: jwt(ISSUER, URI),
      },
    },
    at(REQUEST_AUTHENTICATION, RULE, sources),
  ),
  refused(
    {
      code: 'MGW1433',
      name: 'jwt-keys-uri',
      title: 'The jwksUri of a JWT rule is not a URL of http or https',
      docs: {
        happens: REFUSED,
        instead: 'The whole URL, as the issuer names it in its OpenID configuration (`jwks_uri`).',
        bad: jwt(ISSUER, 'jwksUri: login.example.com/keys'),
        good: jwt(ISSUER, URI),
      },
    },
    at(REQUEST_AUTHENTICATION, [`${RULE}.jwksUri`, `${RULE}.jwks_uri`], (value) =>
      typeof value === 'string' && value !== '' ? jwksUri(value) : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW1434',
      name: 'jwt-keys',
      title: 'The jwks of a JWT rule are not JSON Web Keys',
      docs: {
        happens: REFUSED,
        instead: 'A JSON object {"keys": […]}; an RSA key has n and e, an EC key crv, x and y (RFC 7518).',
        bad: jwt(ISSUER, 'jwks: \'{"keys": [{"kty": "EC", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]}\''),
        good: jwt(ISSUER, `jwks: '{"keys": [{${KEY}}]}'`),
      },
    },
    at(REQUEST_AUTHENTICATION, `${RULE}.jwks`, (value) =>
      text(value) === '' ? undefined : readJsonWebKeys(text(value)).problem,
    ),
  ),
  warned(
    {
      code: 'MGW1435',
      name: 'jwt-private-key',
      title: 'The jwks of a JWT rule hold a private key',
      docs: {
        happens:
          'Tokens are checked, but whoever reads the object can sign some: with `d` of the key pair, or with the one secret of an "oct" key.',
        instead: 'The public part alone: the key without `d`.',
        bad: jwt(ISSUER, `jwks: '{"keys": [{${KEY}, ${SECRET}}]}'`),
        good: jwt(ISSUER, `jwks: '{"keys": [{${KEY}}]}'`),
      },
    },
    at(REQUEST_AUTHENTICATION, `${RULE}.jwks`, (value) =>
      text(value) === ''
        ? undefined
        : readJsonWebKeys(text(value)).secret.map(
            (index) => `key ${index} of jwks holds a private key; the public part is enough to check tokens`,
          ),
    ),
  ),
];
