import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { wildcardDomain } from '../names.js';
import { list, object, text } from '../values.js';
import { PORTS, REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0601',
      name: 'service-entry-hosts',
      title: 'Missing or invalid hosts of a ServiceEntry',
      docs: () => ({
        happens: REFUSED,
        instead: 'Full host names or wildcards such as "*.example.com", not "*".',
        bad: serviceEntry(`hosts: ["*"]\n${PORTS}`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', (value) =>
      list(object(value).hosts).length ? undefined : 'the ServiceEntry has no hosts',
    ),
    at(SERVICE_ENTRY, 'spec.hosts[]', (value) =>
      value === '*' ? 'the host "*" is too broad; list domains' : wildcardDomain(text(value)),
    ),
  ),
];
