// What Istio's validation says about the matches of an HTTP rule and about header names and values: validateHTTPRouteMatchRequest,
// validateStringMatch, ValidateHTTPHeader… of pkg/config/validation (source of 2026-08-22).

import { httpRule } from '../examples.js';
import type { FieldCheck, Rule } from '../rule.js';
import { at, refused, VIRTUAL_SERVICE } from './field-rule.js';
import { isLabel } from './names.js';
import {
  corsHeader,
  headerValue,
  matchedHeader,
  object,
  ordinaryHeader,
  regex,
  text,
  writableHeader,
} from './values.js';

const REFUSED = "Istio's webhook refuses the VirtualService.";
const TO_SHOP = 'route:\n- destination: {host: shop}';
const MATCH = 'spec.http[].match[]';
const HEADERS = ['spec.http[].headers', 'spec.http[].route[].headers'];

/** Where a StringMatch stands; the prefix of a uri may be empty, no other. */
const STRING_MATCHES = ['headers{}', 'withoutHeaders{}', 'scheme', 'method', 'authority', 'queryParams{}'].map(
  (f) => `${MATCH}.${f}`,
);

const under = (suffix: string): string[] => HEADERS.map((h) => `${h}.${suffix}`);
const keyed =
  (problem: (name: string) => string | undefined): FieldCheck['test'] =>
  (_, { key }) =>
    problem(String(key));

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0440',
      name: 'match-regex',
      title: 'A regular expression is not RE2',
      docs: {
        happens: `${REFUSED} Envoy runs RE2: no lookahead, no backreferences.`,
        instead: 'RE2 syntax of at most 1024 bytes; it has to match the whole value.',
        bad: httpRule(`match:\n- uri: {regex: "/(?!admin).*"}\n${TO_SHOP}`),
        good: httpRule(`match:\n- uri: {regex: "/v[0-9]+/.*"}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      [`${MATCH}.uri.regex`, ...STRING_MATCHES.filter((s) => !s.includes('withoutHeaders')).map((s) => `${s}.regex`)],
      regex,
    ),
    at(VIRTUAL_SERVICE, `${MATCH}.withoutHeaders{}.regex`, (value) => (value === '*' ? undefined : regex(value))),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowOrigins[].regex', (value) =>
      value === '' ? undefined : regex(value),
    ),
  ),
  refused(
    {
      code: 'MGW0441',
      name: 'match-empty-prefix',
      title: 'A prefix is empty',
      docs: {
        happens: REFUSED,
        instead: '`regex: ".*"` to require that a header is present; leave the match out to match everything.',
        bad: httpRule(`match:\n- headers: {x-user: {prefix: ""}}\n${TO_SHOP}`),
        good: httpRule(`match:\n- headers: {x-user: {regex: ".*"}}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      STRING_MATCHES.map((s) => `${s}.prefix`),
      (value) => (value === '' ? 'the prefix is empty' : undefined),
    ),
  ),
  refused(
    {
      code: 'MGW0442',
      name: 'header-name',
      title: 'Invalid header name',
      docs: {
        happens: REFUSED,
        instead:
          'Letters, digits and "-"; pseudo headers (:authority) only where a request is matched or its host set.',
        bad: httpRule(`headers: {response: {set: {host: a}}}\n${TO_SHOP}`),
        good: httpRule(`headers: {response: {set: {x-served-by: a}}}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, [`${MATCH}.headers{}`, `${MATCH}.withoutHeaders{}`], keyed(matchedHeader)),
    at(VIRTUAL_SERVICE, [...under('request.set{}'), ...under('request.add{}')], keyed(writableHeader)),
    at(VIRTUAL_SERVICE, [...under('response.set{}'), ...under('response.add{}')], keyed(ordinaryHeader)),
    at(VIRTUAL_SERVICE, [...under('request.remove[]'), ...under('response.remove[]')], (value) =>
      typeof value === 'string' ? ordinaryHeader(value) : undefined,
    ),
    at(
      VIRTUAL_SERVICE,
      ['spec.http[].corsPolicy.allowHeaders[]', 'spec.http[].corsPolicy.exposeHeaders[]'],
      corsHeader,
    ),
  ),
  refused(
    {
      code: 'MGW0443',
      name: 'header-value',
      title: 'A header value is malformed',
      docs: {
        happens: `${REFUSED} "%" begins one of Envoy's operators.`,
        instead: '"%%" for a percent sign, `%REQ(x-user)%` for an operator, no control characters.',
        bad: httpRule(`headers: {request: {set: {x-rate: "50%"}}}\n${TO_SHOP}`),
        good: httpRule(`headers: {request: {set: {x-rate: "50%%"}}}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      ['request.set{}', 'request.add{}', 'response.set{}', 'response.add{}'].flatMap(under),
      headerValue,
    ),
  ),
  refused(
    {
      code: 'MGW0444',
      name: 'match-source-namespace',
      title: 'sourceNamespace is not the name of a namespace',
      docs: {
        happens: REFUSED,
        instead: 'The name of a namespace.',
        bad: httpRule(`match:\n- sourceNamespace: Team_A\n${TO_SHOP}`),
        good: httpRule(`match:\n- sourceNamespace: team-a\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, `${MATCH}.sourceNamespace`, (value) =>
      value === '' || isLabel(text(value)) ? undefined : `"${text(value)}" is not the name of a namespace`,
    ),
  ),
  refused(
    {
      code: 'MGW0445',
      name: 'match-null-header',
      title: 'A header match is null',
      docs: {
        happens: REFUSED,
        instead: '`regex: ".*"` (any value), exact, prefix or regex.',
        bad: httpRule(`match:\n- headers: {x-user: null}\n${TO_SHOP}`),
        good: httpRule(`match:\n- headers: {x-user: {regex: ".*"}}\n${TO_SHOP}`),
      },
    },
    at(VIRTUAL_SERVICE, `${MATCH}.headers`, (value) =>
      Object.entries(object(value)).map(([name, match]) =>
        match === null ? { message: `the match of the header "${name}" is null`, path: [name] } : undefined,
      ),
    ),
  ),
];
