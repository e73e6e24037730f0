import { isHttp } from '../../../implementations/istio/protocol.js';
import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, warned } from '../field-rule.js';
import { given, object, protocol } from '../values.js';
import { http, https, removal } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0314',
      name: 'gateway-redirect-protocol',
      title: 'httpsRedirect on a server that is not HTTP',
      docs: () => ({
        happens: 'The redirect has no effect.',
        instead: 'httpsRedirect on the plain HTTP server of the same hosts.',
        bad: server(`${https}\ntls: {mode: SIMPLE, credentialName: shop-cert, httpsRedirect: true}`),
        good: server(`${http}\ntls: {httpsRedirect: true}`),
      }),
    },
    at(GATEWAY, 'spec.servers[].tls.httpsRedirect', (value, place) => {
      const p = object(place.up(2)).port;
      return value === true && given(p) && !isHttp(protocol(object(p).protocol))
        ? { message: 'httpsRedirect has an effect on plain HTTP servers only', fix: removal(place) }
        : undefined;
    }),
  ),
];
