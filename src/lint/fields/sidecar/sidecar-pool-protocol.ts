import { isHttp } from '../../../implementations/istio/protocol.js';
import { sidecar } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, SIDECAR, warned } from '../field-rule.js';
import { number, object, protocol, text } from '../values.js';
import { HTTP, ingress } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1467',
      name: 'sidecar-pool-protocol',
      title: 'HTTP connection pool of a Sidecar on a port without HTTP',
      docs: () => ({
        happens: 'Only the TCP settings apply.',
        instead: 'The protocol of the port (HTTP, HTTP2, GRPC), or settings for tcp.',
        bad: sidecar(ingress(`${HTTP.replace('HTTP', 'TCP')}\nconnectionPool: {http: {http1MaxPendingRequests: 10}}`)),
        good: sidecar(ingress(`${HTTP}\nconnectionPool: {http: {http1MaxPendingRequests: 10}}`)),
      }),
    },
    at(SIDECAR, 'spec.ingress[].connectionPool.http', (_, place) => {
      const p = object(object(place.up(2)).port);
      return isHttp(protocol(p.protocol))
        ? undefined
        : `the protocol of port ${number(p.number)} is ${text(p.protocol) || 'not set'}: the http settings have no effect`;
    }),
  ),
];
