import { telemetry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, TELEMETRY, warned } from '../field-rule.js';
import { list } from '../values.js';
import { TAGS } from './shared.js';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1451',
      name: 'telemetry-ignored',
      title: 'A Telemetry uses what Istio does not support',
      docs: () => ({
        happens: 'Istio accepts the object with a warning and uses only one of them.',
        instead: 'One item in `tracing`, with one provider.',
        bad: telemetry('tracing: [{providers: [{name: zipkin}, {name: otel}]}]'),
        good: telemetry('tracing: [{providers: [{name: otel}]}]'),
      }),
    },
    at(TELEMETRY, 'spec.tracing', (value) =>
      list(value).length > 1 ? 'several items of `tracing` are not supported' : undefined,
    ),
    at(TELEMETRY, 'spec.tracing[].providers', (value) =>
      list(value).length > 1 ? 'several providers in one item of `tracing` are not supported' : undefined,
    ),
    at(TELEMETRY, TAGS, (_, { key }) => (key === '' ? 'the name of the tag is empty' : undefined)),
  ),
];
