import { isHttp } from '../../../implementations/istio/protocol.js';
import { server } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { isTls, object, protocol, text } from '../values.js';
import { http, passesThrough, portFits, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0308',
      name: 'gateway-tls-on-plaintext',
      title: 'A server without TLS has tls settings',
      docs: () => ({
        happens: REFUSED,
        instead: 'Protocol HTTPS or TLS for encrypted ports; on an HTTP port only `tls: {httpsRedirect: true}`.',
        bad: server(`${http}\ntls: {mode: SIMPLE, credentialName: shop-cert}`),
        good: server(`${http}\ntls: {httpsRedirect: true}`),
      }),
    },
    at(GATEWAY, 'spec.servers[].tls', (value, place) => {
      const s = object(place.up(1));
      const named = protocol(object(s.port).protocol);
      if (!portFits(s.port ?? null) || isTls(named)) return undefined;
      const tls = object(value);
      if (!isHttp(named)) return `a ${named} port cannot have tls settings; use protocol TLS`;
      return passesThrough(tls) && !text(tls.caCertificates) && !text(tls.privateKey) && !text(tls.serverCertificate)
        ? undefined
        : 'a plain HTTP port cannot have tls settings other than httpsRedirect; use protocol HTTPS';
    }),
  ),
];
