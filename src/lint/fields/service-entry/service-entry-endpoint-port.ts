import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { isLabel } from '../names.js';
import { port, text } from '../values.js';
import { entry, isDns, PORTS, portsOf, REFUSED, resolution } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0610',
      name: 'service-entry-endpoint-port',
      title: 'A port of an endpoint is not one of the ServiceEntry',
      docs: () => ({
        happens: REFUSED,
        instead: 'The name of a port of the ServiceEntry and a number.',
        bad: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1, ports: {https: 8443}}]`),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1, ports: {tls: 8443}}]`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.endpoints[].ports{}', (value, { key, spec }) => {
      if (!isDns(spec) && resolution(spec) !== 'STATIC') return [];
      const name = String(key);
      return [
        portsOf(spec).some((p) => text(p.name) === name) ? undefined : `the ServiceEntry has no port named "${name}"`,
        isLabel(name) ? undefined : `the port name "${name}" is not a DNS label`,
        port(value),
      ];
    }),
  ),
];
