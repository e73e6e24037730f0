import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { bodySize } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0434',
      name: 'direct-response-large',
      title: 'The body of a direct response is above 100 KB',
      docs: () => ({
        happens: 'The body is part of the configuration that every gateway receives: pushes become slow.',
        instead: 'A small body, or a service that sends it.',
        bad: httpRule('directResponse: {status: 200, body: {string: "… 150 KB …"}}'),
        abridged: true,
        good: httpRule('directResponse: {status: 200, body: {string: "ok"}}'),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse.body', (value) => {
      const size = bodySize(value);
      return size > 100 * 1024 && size <= 1024 * 1024 ? 'the body is larger than 100 KB' : undefined;
    }),
  ),
];
