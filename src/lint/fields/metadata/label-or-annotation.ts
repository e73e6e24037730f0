import { service } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { labelValue, qualifiedName } from '../names.js';
import { object, text } from '../values.js';
import { KINDS, on, PORTS, REJECTED } from './shared.js';

const ofKey = (problem: Problem): Problem =>
  typeof problem === 'string' ? { message: problem, about: 'key' } : problem;

/** All annotations of an object together. */
const MOST_BYTES = 256 * 1024;

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0722',
      name: 'label-or-annotation',
      title: 'Invalid label or annotation key',
      docs: () => ({
        happens: REJECTED,
        instead: 'Keys [prefix/]name and values of letters, digits, "-", "_" and ".".',
        bad: service(PORTS).replace('namespace: default', 'namespace: default\n  labels: {app: "my shop!"}'),
        good: service(PORTS).replace('namespace: default', 'namespace: default\n  labels: {app: my-shop}'),
      }),
    },
    on(KINDS, 'metadata.labels{}', (value, { key }) => [ofKey(qualifiedName(String(key))), labelValue(text(value))]),
    on(KINDS, 'metadata.annotations{}', (_, { key }) => ofKey(qualifiedName(String(key).toLowerCase()))),
    on(KINDS, 'metadata.annotations', (value) => {
      const size = Object.entries(object(value)).reduce((sum, [k, v]) => sum + k.length + text(v).length, 0);
      return size > MOST_BYTES ? 'the annotations are larger than 256 KiB together' : undefined;
    }),
  ),
];
