// Operations of EnvoyFilter patches that Istio does not carry out for what they patch, and those that depend on others. What istioctl
// says: pkg/config/analysis/analyzers/envoyfilter (Istio of 2026-08-27).

import type { RuleDocs } from '../../diagnostics/index.js';
import { CARRIED_OUT, isWithoutEffect } from '../../implementations/istio/patch-effect.js';
import { type JsonObject, type Origin, originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import type { Rule } from '../rule.js';

/** Their effect depends on what other EnvoyFilters have done before. */
const RELATIVE = new Set(['INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE', 'REMOVE']);
const codeOf = (operation: string): string =>
  operation === 'REPLACE' ? 'MGW1508' : operation === 'REMOVE' ? 'MGW1510' : 'MGW1509';

interface Patch {
  readonly patch: JsonObject;
  readonly applyTo: string;
  readonly operation: string;
  readonly priority: number;
  readonly at: Origin;
}

const patches = (catalog: Catalog): Patch[] =>
  catalog.ofKind('networking.istio.io/EnvoyFilter').flatMap((resource) =>
    objectsOf(specOf(resource).configPatches).flatMap((patch, i) => {
      const operation = stringOf(objectOf(patch.patch)?.operation);
      const at = originOf(resource, 'spec', 'configPatches', i, 'patch', 'operation');
      return operation
        ? [
            {
              patch,
              applyTo: stringOf(patch.applyTo) ?? '',
              operation,
              priority: numberOf(specOf(resource).priority) ?? 0,
              at,
            },
          ]
        : [];
    }),
  );

/** What is patched, by name: a filter that is put in or changed. */
const subject = ({ patch }: Patch): string =>
  stringOf(objectOf(objectOf(patch.patch)?.value)?.name) ??
  stringOf(objectOf(objectOf(objectOf(objectOf(patch.match)?.listener)?.filterChain)?.filter)?.name) ??
  '';
const hasVersion = ({ patch }: Patch): boolean =>
  Boolean(stringOf(objectOf(objectOf(patch.match)?.proxy)?.proxyVersion));

const example = (applyTo: string, operation: string, more = ''): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: patch, namespace: istio-system}\nspec:\n${more}  workloadSelector: {labels: {istio: ingressgateway}}\n  configPatches:\n  - applyTo: ${applyTo}\n    match: {context: GATEWAY}\n    patch: {operation: ${operation}, value: {name: x}}\n`;

/** `ADD, REMOVE, MERGE have`. */
function effective(applyTo: string): string {
  const operations = [...(CARRIED_OUT.get(applyTo) ?? [])];
  return `${operations.join(', ')} ${operations.length === 1 ? 'has' : 'have'}`;
}

const operationRule = (
  code: string,
  istio: string,
  operation: string,
  name: string,
  docs: Pick<RuleDocs, 'instead' | 'bad' | 'good'>,
): Rule => ({
  code,
  name,
  severity: 'error',
  category: 'field',
  istio,
  title: `EnvoyFilter patch ${operation} that Istio does not apply`,
  docs: () => ({
    happens: 'Istio leaves the patch out without an error: nothing of it reaches the gateway.',
    ...docs,
  }),
  check: ({ catalog }, report) => {
    for (const patch of patches(catalog)) {
      if (codeOf(patch.operation) !== code) continue;
      if (isWithoutEffect(patch.patch))
        report({
          message: `${patch.operation} has no effect with applyTo: ${patch.applyTo} (${effective(patch.applyTo)})`,
          at: patch.at,
        });
      else if (patch.applyTo === 'HTTP_ROUTE' && (patch.operation === 'ADD' || patch.operation === 'REMOVE'))
        report({
          severity: 'warning',
          message: `Istio's reference says that ${patch.operation} is ignored for HTTP_ROUTE; releases that do apply it ${patch.operation === 'ADD' ? 'append the route after all others, where it gets only requests that no other route matches: use INSERT_FIRST' : 'drop every route that match names'}`,
          at: patch.at,
        });
    }
  },
});

export const rules: readonly Rule[] = [
  operationRule('MGW1508', 'IST0152', 'REPLACE', 'envoy-filter-replace', {
    instead: 'MERGE, or REMOVE and ADD; REPLACE is for HTTP_FILTER, NETWORK_FILTER, LISTENER_FILTER and VIRTUAL_HOST.',
    bad: example('LISTENER', 'REPLACE'),
    good: example('LISTENER', 'MERGE'),
  }),
  operationRule('MGW1509', 'IST0153', 'ADD or INSERT_*', 'envoy-filter-add', {
    instead: 'MERGE for a ROUTE_CONFIGURATION; INSERT_FIRST for an HTTP_ROUTE.',
    bad: example('ROUTE_CONFIGURATION', 'ADD'),
    good: example('ROUTE_CONFIGURATION', 'MERGE'),
  }),
  operationRule('MGW1510', 'IST0154', 'REMOVE', 'envoy-filter-remove', {
    instead: 'REMOVE of the listener, the virtual host or the filter.',
    bad: example('ROUTE_CONFIGURATION', 'REMOVE'),
    good: example('VIRTUAL_HOST', 'REMOVE'),
  }),
  ...(['MGW1511', 'MGW1512'] as const).map(
    (code): Rule => ({
      code,
      name: code === 'MGW1511' ? 'envoy-filter-order' : 'envoy-filter-order-by-version',
      severity: 'info',
      category: 'conflict',
      istio: code === 'MGW1511' ? 'IST0151' : 'IST0155',
      title:
        code === 'MGW1511'
          ? 'An EnvoyFilter without a priority patches beside others'
          : 'EnvoyFilters for several versions patch the same without a priority',
      docs: () => ({
        happens:
          'INSERT_BEFORE, INSERT_AFTER, REPLACE and REMOVE need what they name to be there already; without a priority the age of the objects decides, which differs between clusters.',
        instead: '`priority` on each of the EnvoyFilters, or ADD and INSERT_FIRST.',
        bad:
          code === 'MGW1511'
            ? example('HTTP_FILTER', 'INSERT_BEFORE')
            : example('HTTP_FILTER', 'INSERT_BEFORE')
                .replace('context: GATEWAY', "context: GATEWAY, proxy: {proxyVersion: '^1\\.2.*'}")
                .concat('---\n', example('HTTP_FILTER', 'INSERT_BEFORE').replace('name: patch', 'name: newer')),
        good: example('HTTP_FILTER', 'INSERT_BEFORE', '  priority: 10\n'),
      }),
      check: ({ catalog }, report) => {
        const versioned = new Set<string>();
        for (const patch of patches(catalog)) {
          const isVersioned = versioned.has(subject(patch));
          if (
            RELATIVE.has(patch.operation) &&
            patch.priority === 0 &&
            !isWithoutEffect(patch.patch) &&
            isVersioned === (code === 'MGW1512')
          )
            report({
              message: `${patch.operation} depends on what other EnvoyFilters have done before${isVersioned ? ` (another one patches ${subject(patch)} for some versions)` : ''}, and without spec.priority their age decides`,
              at: patch.at,
            });
          if (hasVersion(patch)) versioned.add(subject(patch));
        }
      },
    }),
  ),
];
