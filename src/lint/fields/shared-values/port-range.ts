import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, SERVICE_ENTRY, VIRTUAL_SERVICE } from '../field-rule.js';
import { object, port } from '../values.js';
import { DESTINATIONS, POLICIES, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0201',
      name: 'port-range',
      title: 'Port outside 1..65535',
      docs: {
        happens: REFUSED,
        instead: 'A number from 1 to 65535.',
        bad: httpRule('route:\n- destination: {host: shop, port: {number: 70000}}'),
        good: httpRule('route:\n- destination: {host: shop, port: {number: 8080}}'),
      },
    },
    at(
      VIRTUAL_SERVICE,
      DESTINATIONS.map((d) => `${d}.port`),
      (value) => port(object(value).number ?? 0),
    ),
    at(VIRTUAL_SERVICE, ['spec.http[].match[].port', 'spec.tls[].match[].port', 'spec.tcp[].match[].port'], (value) =>
      value === 0 ? undefined : port(value),
    ),
    at(
      DESTINATION_RULE,
      POLICIES.map((p) => `${p}.tunnel`),
      (value) => port(object(value).targetPort ?? 0),
    ),
    at(SERVICE_ENTRY, 'spec.ports[]', (value) => port(object(value).number ?? 0)),
    at(SERVICE_ENTRY, 'spec.ports[].targetPort', (value) => (value === 0 ? undefined : port(value))),
  ),
];
