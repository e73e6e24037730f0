import type { Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { BLOCKS, CONDITION, from, OPERATION, REFUSED, SOURCE } from './shared.js';

const IDENTITIES = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts', 'trustDomains'].flatMap((f) => [
  f,
  `not${f[0]!.toUpperCase()}${f.slice(1)}`,
]);

const OPERATIONS = ['ports', 'methods', 'paths', 'hosts', 'notPorts', 'notMethods', 'notPaths', 'notHosts'];

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1421',
      name: 'authorization-empty-value',
      title: 'A list of an AuthorizationPolicy has an empty value',
      docs: () => ({
        happens: REFUSED,
        instead: 'Values; "*" to match anything.',
        bad: from('namespaces: [""]'),
        good: from('namespaces: [shop]'),
      }),
    },
    at(
      AUTHORIZATION_POLICY,
      [
        ...[...IDENTITIES, ...BLOCKS].map((f) => `${SOURCE}.${f}[]`),
        ...OPERATIONS.map((f) => `${OPERATION}.${f}[]`),
        ...['values', 'notValues'].map((f) => `${CONDITION}.${f}[]`),
      ],
      (value) => (value === '' ? 'the value is empty' : undefined),
    ),
  ),
];
