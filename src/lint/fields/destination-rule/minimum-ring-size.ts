import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, warned } from '../field-rule.js';
import { number } from '../values.js';
import { integer, onTop, shop } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0508',
      name: 'minimum-ring-size',
      title: 'minimumRingSize is deprecated',
      docs: () => ({
        happens: 'A later version may remove it.',
        instead: 'ringHash: {minimumRingSize: …}.',
        bad: shop('loadBalancer: {consistentHash: {useSourceIp: true, minimumRingSize: 1024}}'),
        good: shop('loadBalancer: {consistentHash: {useSourceIp: true, ringHash: {minimumRingSize: 1024}}}'),
      }),
    },
    at(DESTINATION_RULE, onTop('loadBalancer.consistentHash.minimumRingSize'), (value) =>
      number(integer(value)) !== 0 ? 'minimumRingSize is deprecated; write ringHash: {minimumRingSize: …}' : undefined,
    ),
  ),
];
