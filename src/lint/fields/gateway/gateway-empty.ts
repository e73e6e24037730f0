import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { list, object } from '../values.js';
import { http, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0302',
      name: 'gateway-empty',
      title: 'A Gateway has no server, or a server no host',
      docs: () => ({
        happens: REFUSED,
        instead: 'At least one server, and at least one host in each (`"*"` for any).',
        bad: server(http.replace('[shop.example.com]', '[]')),
        good: server(http),
      }),
    },
    at(GATEWAY, '', (_, { spec }) =>
      list(spec.servers).length ? undefined : { message: 'the Gateway has no servers', path: ['spec'] },
    ),
    at(GATEWAY, 'spec.servers[]', (value) =>
      list(object(value).hosts).length ? undefined : 'the server has no hosts; write "*" for any',
    ),
  ),
];
