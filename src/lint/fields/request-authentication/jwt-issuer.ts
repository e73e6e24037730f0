import { own } from '../../../model/index.js';
import type { Rule } from '../../rule.js';
import { at, REQUEST_AUTHENTICATION, refused } from '../field-rule.js';
import { given, object } from '../values.js';
import { ISSUER, jwt, REFUSED, RULE } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1431',
      name: 'jwt-issuer',
      title: 'A JWT rule has neither an issuer nor a jwksUri',
      docs: () => ({
        happens: REFUSED,
        instead: 'The issuer as it stands in the tokens (`iss`).',
        bad: jwt('jwks: \'{"keys": []}\''),
        good: jwt(ISSUER, 'jwks: \'{"keys": []}\''),
      }),
    },
    at(REQUEST_AUTHENTICATION, RULE, (value) => {
      const rule = object(value);
      return ['issuer', 'jwksUri', 'jwks_uri'].some((field) => given(own(rule, field)))
        ? undefined
        : 'the rule has no `issuer`: it would not be defined which tokens it checks';
    }),
  ),
];
