import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { bodySize, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0433',
      name: 'direct-response-too-large',
      title: 'The body of a direct response is above 1 MB',
      docs: () => ({
        happens: `${REFUSED} The body is part of the configuration that every gateway receives.`,
        instead: 'A small body, or a service that sends it.',
        bad: httpRule('directResponse: {status: 200, body: {string: "… 2 MB …"}}'),
        abridged: true,
        good: httpRule('directResponse: {status: 200, body: {string: "ok"}}'),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse.body', (value) =>
      bodySize(value) > 1024 * 1024 ? 'the body is larger than 1 MB' : undefined,
    ),
  ),
];
