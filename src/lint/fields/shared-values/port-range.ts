import { own } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { FieldCheck, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, SERVICE_ENTRY, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, object, port } from '../values.js';
import { DESTINATIONS, POLICIES, REFUSED } from './shared.js';

/** The port in a field of the value; absent it is 0. */
const portOf =
  (field: string): FieldCheck['test'] =>
  (value) => {
    const written = own(object(value), field);
    const message = port(written ?? 0);
    return typeof message === 'string' && given(written) ? { message, path: [field] } : message;
  };

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0201',
      name: 'port-range',
      title: 'Port outside 1..65535',
      docs: () => ({
        happens: REFUSED,
        instead: 'A number from 1 to 65535.',
        bad: httpRule('route:\n- destination: {host: shop, port: {number: 70000}}'),
        good: httpRule('route:\n- destination: {host: shop, port: {number: 8080}}'),
      }),
    },
    at(
      VIRTUAL_SERVICE,
      DESTINATIONS.map((d) => `${d}.port`),
      portOf('number'),
    ),
    at(VIRTUAL_SERVICE, ['spec.http[].match[].port', 'spec.tls[].match[].port', 'spec.tcp[].match[].port'], (value) =>
      value === 0 ? undefined : port(value),
    ),
    at(
      DESTINATION_RULE,
      POLICIES.map((p) => `${p}.tunnel`),
      portOf('targetPort'),
    ),
    at(SERVICE_ENTRY, 'spec.ports[]', portOf('number')),
    at(SERVICE_ENTRY, 'spec.ports[].targetPort', (value) => (value === 0 ? undefined : port(value))),
  ),
];
