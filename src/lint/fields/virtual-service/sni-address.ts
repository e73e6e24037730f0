import { virtualService } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { gatewayBoundDomain, isAddress, wildcardDomain } from '../names.js';
import { text } from '../values.js';
import { TLS, withoutMesh } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0410',
      name: 'sni-address',
      title: 'An SNI host is an IP address',
      docs: () => ({
        happens: 'Clients send no SNI for addresses (RFC 6066 section 3): the route is never taken.',
        instead: 'A host name.',
        bad: virtualService(TLS.replaceAll('shop.example.com', '10.0.0.1')),
        good: virtualService(TLS),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.tls[].match[].sniHosts[]', (value, { spec }) => {
      const host = text(value);
      const domain = withoutMesh(spec) ? gatewayBoundDomain(host, true) : wildcardDomain(host);
      return domain && isAddress(host) ? `"${host}" is an address; clients send no SNI for addresses` : undefined;
    }),
  ),
];
