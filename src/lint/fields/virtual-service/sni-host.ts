import { subsetOf } from '../../../implementations/istio/hosts.js';
import type { Json, JsonObject } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { gatewayBoundDomain, isAddress, wildcardDomain } from '../names.js';
import { list, text } from '../values.js';
import { REFUSED, TLS, withoutMesh } from './shared.js';

function sni(value: Json, spec: JsonObject): Problem {
  const host = text(value);
  const problem = withoutMesh(spec) ? gatewayBoundDomain(host, true) : wildcardDomain(host);
  if (problem) return isAddress(host) ? undefined : problem;
  return list(spec.hosts).some((h) => subsetOf(host, text(h)))
    ? undefined
    : `the SNI host "${host}" is not within the hosts of the VirtualService (${list(spec.hosts).map(text).join(', ')})`;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0409',
      name: 'sni-host',
      title: 'An SNI host is not within the hosts of the VirtualService',
      docs: () => ({
        happens: REFUSED,
        instead: 'SNI hosts that the hosts of the VirtualService cover.',
        bad: virtualService(TLS.replace('sniHosts: [shop', 'sniHosts: [blog')),
        good: virtualService(TLS),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.tls[].match[].sniHosts[]', (value, { spec }) =>
      typeof value === 'string' ? sni(value, spec) : undefined,
    ),
  ),
];
