import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { list, object, text } from '../values.js';
import { failovers, locality, on, REFUSED, shop, TOPOLOGY } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0509',
      name: 'locality-load-balancing',
      title: 'Invalid locality settings',
      docs: () => ({
        happens: REFUSED,
        instead: 'distribute (weights that add up to 100) or failover (between different regions, without wildcards).',
        bad: shop('loadBalancer: {localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 10}}]}}'),
        good: shop('loadBalancer: {localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 20}}]}}'),
      }),
    },
    at(DESTINATION_RULE, on('loadBalancer.localityLbSetting'), locality),
    at(DESTINATION_RULE, on('loadBalancer.zoneAwareLbSetting'), (value) => {
      const topology = list(object(value).failoverPriority)
        .map(text)
        .filter((l) => TOPOLOGY.has(l));
      return [
        ...topology.map((l) => ({
          message: `Istio adds the topology label ${l} by itself: remove it`,
          path: ['failoverPriority'],
        })),
        ...failovers(object(value)),
      ];
    }),
  ),
];
