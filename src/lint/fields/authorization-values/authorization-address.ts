import type { Rule } from '../../rule.js';
import { refused } from '../field-rule.js';
import { isAddress, isCidr } from '../names.js';
import { BLOCKS, each, everyValue, from, REFUSED, SOURCE, whereKey } from './shared.js';

const block = (value: string): string | undefined => {
  if (value.includes('/') ? isCidr(value) : isAddress(value)) return undefined;
  return `"${value}" is neither an IP address nor a CIDR block such as 10.0.0.0/8`;
};

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1422',
      name: 'authorization-address',
      title: 'An address of an AuthorizationPolicy is neither an IP address nor a CIDR block',
      docs: () => ({
        happens: REFUSED,
        instead: 'For example 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32; names and wildcards are not supported.',
        bad: from('ipBlocks: ["10.*"]'),
        good: from('ipBlocks: [10.0.0.0/8]'),
      }),
    },
    each(SOURCE, BLOCKS, block),
    whereKey(['source.ip', 'remote.ip', 'destination.ip'], everyValue(block)),
  ),
];
