// Is the filter of an access log an expression of CEL? validateTelemetryFilter of pkg/config/validation/
// validation_istiod.go (source of 2026-08-22), which reads it and does not look at what its names mean.

import { originOf } from '../../model/index.js';
import { objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { telemetry } from '../examples.js';
import type { Rule } from '../rule.js';

export const rules: readonly Rule[] = [
  {
    code: 'MGW1453',
    name: 'telemetry-filter',
    severity: 'error',
    category: 'field',
    istio: 'IST0106',
    title: 'Invalid CEL expression in an access log filter',
    docs: () => ({
      happens: "Istio's webhook refuses the object.",
      instead: 'For example `response.code >= 400`.',
      bad: telemetry('accessLogging: [{filter: {expression: "response.code =>"}}]'),
      good: telemetry('accessLogging: [{filter: {expression: "response.code >= 400"}}]'),
    }),
    check: ({ catalog, celSyntax }, report) => {
      for (const resource of catalog.ofKind('telemetry.istio.io/Telemetry'))
        for (const [i, log] of objectsOf(specOf(resource).accessLogging).entries()) {
          const filter = objectOf(log.filter);
          if (!filter) continue;
          const expression = stringOf(filter.expression) ?? '';
          const problem = expression === '' ? 'the filter has no `expression`' : celSyntax?.(expression);
          if (problem)
            report({
              message: expression === '' ? problem : `"${expression}" is not a CEL expression: ${problem}`,
              at: originOf(
                resource,
                'spec',
                'accessLogging',
                i,
                'filter',
                ...(expression === '' ? [] : ['expression']),
              ),
            });
        }
    },
  },
];
