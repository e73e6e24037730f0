// What Istio says of a Telemetry beyond its CRD: validateTelemetryTracing and validateTelemetryMetrics of
// pkg/config/validation/validation.go (source of 2026-08-22). Filters: rules/telemetry-filter.ts.

import { telemetry } from '../examples.js';
import type { Rule } from '../rule.js';
import { at, refused, TELEMETRY, warned } from './field-rule.js';
import { list, object, text } from './values.js';

const TAGS = 'spec.metrics[].overrides[].tagOverrides{}';
const tags = (override: string): string => telemetry(`metrics:\n- overrides: [{tagOverrides: {${override}}}]`);

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW1451',
      name: 'telemetry-ignored',
      title: 'A Telemetry uses what Istio does not support',
      docs: {
        happens: 'Istio accepts the object with a warning and uses only one of them.',
        instead: 'One item in `tracing`, with one provider.',
        bad: telemetry('tracing: [{providers: [{name: zipkin}, {name: otel}]}]'),
        good: telemetry('tracing: [{providers: [{name: otel}]}]'),
      },
    },
    at(TELEMETRY, 'spec.tracing', (value) =>
      list(value).length > 1 ? 'several items of `tracing` are not supported' : undefined,
    ),
    at(TELEMETRY, 'spec.tracing[].providers', (value) =>
      list(value).length > 1 ? 'several providers in one item of `tracing` are not supported' : undefined,
    ),
    at(TELEMETRY, TAGS, (_, { key }) => (key === '' ? 'the name of the tag is empty' : undefined)),
  ),
  refused(
    {
      code: 'MGW1452',
      name: 'telemetry-value-missing',
      title: 'A tag of a Telemetry has no name or no value',
      docs: {
        happens: "Istio's webhook refuses the object.",
        instead: 'A value for each tag that is set (UPSERT, the default), none for those that are removed (REMOVE).',
        bad: tags('source_app: {}'),
        good: tags('source_app: {operation: REMOVE}'),
      },
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
