import type { Json, JsonObject } from '../../../model/index.js';
import { sidecar } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SIDECAR } from '../field-rule.js';
import { fqdn, isLabel, wildcardDomain } from '../names.js';
import { given, object, port, text } from '../values.js';
import { REFUSED } from './shared.js';

function egressProxy(value: Json, policy: JsonObject): Problem[] {
  // REGISTRY_ONLY is what an absent mode means here.
  if (text(policy.mode) !== 'ALLOW_ANY') return ['egressProxy needs the mode ALLOW_ANY'];
  const proxy = object(value);
  const host = text(proxy.host);
  const problem = fqdn(host) ?? (host === '*' ? 'a destination has a host, not "*"' : wildcardDomain(host));
  const problems: Problem[] = [problem && { message: problem, path: ['host'] }];
  if (!given(proxy.port)) return [...problems, 'egressProxy needs a port'];
  const range = port(object(proxy.port).number ?? 0);
  if (range) problems.push({ message: range, path: ['port'] });
  if (text(proxy.subset) !== '' && !isLabel(text(proxy.subset)))
    problems.push({ message: `the subset name "${text(proxy.subset)}" is not a DNS label`, path: ['subset'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1465',
      name: 'sidecar-egress-proxy',
      title: 'Invalid egressProxy of a Sidecar',
      docs: () => ({
        happens: REFUSED,
        instead: 'Mode ALLOW_ANY, and a full host name with a port.',
        bad: sidecar('outboundTrafficPolicy:\n  mode: ALLOW_ANY\n  egressProxy: {host: egress.shop.svc.cluster.local}'),
        good: sidecar(
          'outboundTrafficPolicy:\n  mode: ALLOW_ANY\n  egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}',
        ),
      }),
    },
    at(SIDECAR, 'spec.outboundTrafficPolicy.egressProxy', (value, place) => egressProxy(value, object(place.up(1)))),
  ),
];
