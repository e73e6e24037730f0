import { httpRule } from '../../examples.js';
import type { FieldCheck, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { regexLength, regexSyntax } from '../values.js';
import { MATCH, REACH, REFUSED, reachingAll, STRING_MATCHES, TO_SHOP } from './shared.js';

/** What is too long or empty is stopped by the webhook only. */
const pattern: FieldCheck['test'] = (value, place) => regexLength(value) ?? reachingAll(regexSyntax)(value, place);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0440',
      name: 'match-regex',
      title: 'A regular expression is not RE2',
      docs: () => ({
        happens: `${REFUSED} Envoy runs RE2: no lookahead, no backreferences; ${REACH}.`,
        instead: 'RE2 syntax of at most 1024 bytes; it has to match the whole value.',
        bad: httpRule(`match:\n- uri: {regex: "/(?!admin).*"}\n${TO_SHOP}`),
        good: httpRule(`match:\n- uri: {regex: "/v[0-9]+/.*"}\n${TO_SHOP}`),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      [`${MATCH}.uri.regex`, ...STRING_MATCHES.filter((s) => !s.includes('withoutHeaders')).map((s) => `${s}.regex`)],
      pattern,
    ),
    at(VIRTUAL_SERVICE, `${MATCH}.withoutHeaders{}.regex`, (value, place) =>
      value === '*' ? undefined : pattern(value, place),
    ),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowOrigins[].regex', (value, place) =>
      value === '' ? undefined : pattern(value, place),
    ),
  ),
];
