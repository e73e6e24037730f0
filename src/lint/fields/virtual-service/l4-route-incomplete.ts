import { virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { list, object } from '../values.js';
import { REFUSED, TLS } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0408',
      name: 'l4-route-incomplete',
      title: 'A TLS or TCP route without a match or destination',
      docs: () => ({
        happens: REFUSED,
        instead: 'A TLS route with a match that lists sniHosts, and a route; a TCP route with a route.',
        bad: virtualService(TLS.replace('  route:\n  - destination: {host: shop}', '')),
        good: virtualService(TLS),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.tls[]', (value) => {
      const route = object(value);
      const problems: Problem[] = [];
      if (!list(route.match).length) problems.push('the TLS route has no match');
      if (!list(route.route).length) problems.push('the TLS route has no destination');
      return problems;
    }),
    at(VIRTUAL_SERVICE, 'spec.tls[].match[]', (value) =>
      list(object(value).sniHosts).length ? undefined : 'the match lists no sniHosts',
    ),
    at(VIRTUAL_SERVICE, 'spec.tcp[]', (value) =>
      list(object(value).route).length ? undefined : 'the TCP route has no destination',
    ),
  ),
];
