import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, SERVICE_ENTRY, warned } from '../field-rule.js';
import { isTcp, list, object, protocol } from '../values.js';
import { isDns, PORTS, portsOf } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0613',
      name: 'service-entry-many-hosts-address',
      title: 'Several hosts with addresses and a TCP port',
      docs: () => ({
        happens: 'Connections to the address go to one of the hosts only.',
        instead: 'One ServiceEntry per host.',
        bad: serviceEntry(`hosts: [a.example.com, b.example.com]\naddresses: [10.0.0.1]\n${PORTS}\nresolution: DNS`),
        good: serviceEntry(`hosts: [a.example.com]\naddresses: [10.0.0.1]\n${PORTS}\nresolution: DNS`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', (value) => {
      const spec = object(value);
      return isDns(spec) &&
        list(spec.addresses).length &&
        list(spec.hosts).length > 1 &&
        portsOf(spec).some((p) => isTcp(protocol(p.protocol)))
        ? { message: 'several hosts share addresses on a TCP port: only one of them is reached', path: ['hosts'] }
        : undefined;
    }),
  ),
];
