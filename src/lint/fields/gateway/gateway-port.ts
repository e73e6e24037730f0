import { server } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { given, number, object, port, protocol, text } from '../values.js';
import { http, REFUSED, removal } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0304',
      name: 'gateway-port',
      title: 'Incomplete or invalid port of a server',
      docs: () => ({
        happens: REFUSED,
        instead: 'A port with number, name and a protocol that Istio supports; no targetPort.',
        bad: server(http.replace('protocol: HTTP', 'protocol: QUIC')),
        good: server(http),
      }),
    },
    at(GATEWAY, 'spec.servers[]', (value, place) => {
      const s = object(value);
      if (!given(s.port)) return 'the server has no port';
      const p = object(s.port);
      const problems: Problem[] = [];
      if (!protocol(p.protocol))
        problems.push({
          message: `the protocol "${text(p.protocol)}" is unknown; write HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL`,
          path: ['port', ...(given(p.protocol) ? ['protocol'] : [])],
        });
      if (number(p.number) > 0 || !text(s.bind).startsWith('unix://')) {
        const problem = port(p.number ?? 0);
        if (problem) problems.push({ message: problem, path: ['port', ...(given(p.number) ? ['number'] : [])] });
      }
      if (number(p.targetPort) > 0)
        problems.push({
          message: 'targetPort has no effect on a Gateway; remove it',
          path: ['port', 'targetPort'],
          fix: removal(place, 'port', 'targetPort'),
        });
      if (!text(p.name)) problems.push({ message: 'the port has no name', path: ['port'] });
      return problems;
    }),
  ),
];
