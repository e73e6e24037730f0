import { httpRule } from '../../examples.js';
import type { Rule } from '../../rule.js';
import {
  AUTHORIZATION_POLICY,
  at,
  DESTINATION_RULE,
  GATEWAY,
  refused,
  SERVICE_ENTRY,
  VIRTUAL_SERVICE,
  WITH_SELECTOR,
} from '../field-rule.js';
import { object } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

const RESERVED = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
];

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0212',
      name: 'reserved-annotation',
      title: 'A reserved annotation is set',
      docs: () => ({
        happens: REFUSED,
        instead: 'Remove the annotation; `istio.io/dry-run` belongs to AuthorizationPolicy only.',
        bad: httpRule(TO_SHOP).replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "true"}',
        ),
        good: httpRule(TO_SHOP),
      }),
    },
    ...[GATEWAY, VIRTUAL_SERVICE, DESTINATION_RULE, SERVICE_ENTRY, ...WITH_SELECTOR]
      .flatMap((kind) =>
        at(kind, 'metadata.annotations', (value) =>
          (kind === AUTHORIZATION_POLICY ? RESERVED : ['istio.io/dry-run', ...RESERVED])
            .filter((name) => Object.hasOwn(object(value), name))
            .map((name) => ({
              message: `the annotation ${name} cannot be set on the kind ${kind.split('/')[1]}`,
              path: [name],
            })),
        ),
      )
      .map((check) => [check]),
  ),
];
