import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { nanoseconds, object, text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

const CORS_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0427',
      name: 'cors-policy',
      title: 'Invalid CORS policy',
      docs: () => ({
        happens: REFUSED,
        instead: 'Origins with a value, methods of HTTP (or "*"), maxAge in whole seconds.',
        bad: httpRule(`corsPolicy: {allowMethods: [FETCH]}\n${TO_SHOP}`),
        good: httpRule(`corsPolicy: {allowMethods: [GET]}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowOrigins[]', (value) => {
      const { exact, prefix, regex: pattern } = object(value);
      return text(exact ?? prefix ?? pattern) ? undefined : 'the origin is empty';
    }),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.allowMethods[]', (value) =>
      typeof value !== 'string' || CORS_METHODS.has(value) ? undefined : `"${value}" is not an HTTP method`,
    ),
    at(VIRTUAL_SERVICE, 'spec.http[].corsPolicy.maxAge', (value) =>
      (nanoseconds(text(value)) ?? 0) % 1e9 > 0 ? 'maxAge is in whole seconds' : undefined,
    ),
  ),
];
