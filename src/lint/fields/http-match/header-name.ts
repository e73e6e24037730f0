import { httpRule } from '../../examples.js';
import type { FieldCheck, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { corsHeader, matchedHeader, ordinaryHeader, writableHeader } from '../values.js';
import { MATCH, REFUSED, TO_SHOP, under } from './shared.js';

const keyed =
  (problem: (name: string) => string | undefined): FieldCheck['test'] =>
  (_, { key }) => {
    const message = problem(String(key));
    return message === undefined ? undefined : { message, about: 'key' };
  };

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0442',
      name: 'header-name',
      title: 'Invalid header name',
      docs: () => ({
        happens: REFUSED,
        instead:
          'Letters, digits and "-"; pseudo headers (:authority) only where a request is matched or its host set.',
        bad: httpRule(`headers: {response: {set: {host: a}}}\n${TO_SHOP}`),
        good: httpRule(`headers: {response: {set: {x-served-by: a}}}\n${TO_SHOP}`),
      }),
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
];
