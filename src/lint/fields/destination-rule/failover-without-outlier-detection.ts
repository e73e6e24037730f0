import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, warned } from '../field-rule.js';
import { given, list, object } from '../values.js';
import { locality, onTop, shop } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0510',
      name: 'failover-without-outlier-detection',
      title: 'A failover has no outlier detection',
      docs: () => ({
        happens: 'Without it no endpoint is ever found unhealthy, so nothing fails over.',
        instead: 'outlierDetection in the same traffic policy.',
        bad: shop('loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}'),
        good: shop(
          'outlierDetection: {consecutive5xxErrors: 3}\nloadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}',
        ),
      }),
    },
    at(
      DESTINATION_RULE,
      [onTop('loadBalancer.localityLbSetting'), onTop('loadBalancer.zoneAwareLbSetting')],
      (value, place) => {
        const setting = object(value);
        const broken = locality(value).some(
          (p) => p !== undefined && typeof p === 'object' && !p.path?.includes('failover'),
        );
        return !broken &&
          (list(setting.failover).length || list(setting.failoverPriority).length) &&
          !given(object(place.up(2)).outlierDetection)
          ? 'failover needs outlierDetection in the same policy: otherwise no endpoint is ever ejected'
          : undefined;
      },
    ),
  ),
];
