import { telemetry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, TELEMETRY } from '../field-rule.js';
import { object, text } from '../values.js';
import { TAGS } from './shared.js';

const tags = (override: string): string => telemetry(`metrics:\n- overrides: [{tagOverrides: {${override}}}]`);

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1452',
      name: 'telemetry-value-missing',
      title: 'A tag of a Telemetry has no name or no value',
      docs: () => ({
        happens: "Istio's webhook refuses the object.",
        instead: 'A value for each tag that is set (UPSERT, the default), none for those that are removed (REMOVE).',
        bad: tags('source_app: {}'),
        good: tags('source_app: {operation: REMOVE}'),
      }),
    },
    at(TELEMETRY, 'spec.tracing[].customTags{}', (_, { key }) =>
      key === '' ? 'the name of the tag is empty' : undefined,
    ),
    at(TELEMETRY, TAGS, (value) => {
      const { operation, value: tag } = object(value);
      return (text(operation) || 'UPSERT') === 'UPSERT' && text(tag) === ''
        ? 'the tag has no `value`; to remove it write `operation: REMOVE`'
        : undefined;
    }),
  ),
];
