import { type Json, own } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, REQUEST_AUTHENTICATION, refused } from '../field-rule.js';
import { given, object } from '../values.js';
import { ISSUER, jwt, RULE, URI } from './shared.js';

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
      code: 'MGW1432',
      name: 'jwt-keys-twice',
      title: 'A JWT rule has both jwks and jwksUri',
      docs: () => ({
        happens: 'The API server refuses the object.',
        instead: '`jwksUri`, or the keys themselves in `jwks`.',
        bad: jwt(ISSUER, URI, 'jwks: \'{"keys": []}\''),
        good: jwt(ISSUER, URI),
      }),
    },
    at(REQUEST_AUTHENTICATION, RULE, sources),
  ),
];
