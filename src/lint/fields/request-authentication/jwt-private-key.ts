import type { Rule } from '../../rule.js';
import { at, REQUEST_AUTHENTICATION, warned } from '../field-rule.js';
import { readJsonWebKeys } from '../json-web-keys.js';
import { text } from '../values.js';
import { ISSUER, jwt, KEY, RULE } from './shared.js';

const SECRET = '"d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1435',
      name: 'jwt-private-key',
      title: 'The jwks of a JWT rule hold a private key',
      docs: () => ({
        happens:
          'Tokens are checked, but whoever reads the object can sign some: with `d` of the key pair, or with the one secret of an "oct" key.',
        instead: 'The public part alone: the key without `d`.',
        bad: jwt(ISSUER, `jwks: '{"keys": [{${KEY}, ${SECRET}}]}'`),
        good: jwt(ISSUER, `jwks: '{"keys": [{${KEY}}]}'`),
      }),
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
