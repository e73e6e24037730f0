import type { Rule } from '../../rule.js';
import { refused } from '../field-rule.js';
import { each, everyValue, OPERATION, REFUSED, to, whereKey } from './shared.js';

const port = (value: string): string | undefined =>
  /^\d+$/.test(value) && Number(value) <= 65535
    ? undefined
    : `"${value}" is not the number of a port (0..65535); names and ranges are not supported`;

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1423',
      name: 'authorization-port',
      title: 'A port of an AuthorizationPolicy is not a number of 0..65535',
      docs: () => ({
        happens: REFUSED,
        instead: 'Numbers of ports as text, as the workload listens on them.',
        bad: to('ports: ["80-90"]'),
        good: to('ports: ["80", "81"]'),
      }),
    },
    each(OPERATION, ['ports', 'notPorts'], port),
    whereKey(['destination.port'], everyValue(port)),
  ),
];
