// What lint reports about the objects of the Gateway API: conditions of the status that say no, and where Istio reads them otherwise
// than the specification.

import { formatResource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { Dialect, SpecificationDifference } from '../dialect.js';
import { SPEC_DIFFERENCES } from './features/semantics.js';
import { specDifferences } from './spec-differences.js';
import { computeStatus, type StatusCondition } from './status.js';

export const refusals: NonNullable<Dialect['refusals']> = (catalog) => {
  const { gateways, routes } = computeStatus(catalog);
  return [
    ...gateways.flatMap(({ gateway, conditions, listeners }) => [
      ...refused(formatResource(gateway), conditions),
      ...listeners.flatMap((l) => refused(`listener ${l.name} of ${formatResource(gateway)}`, l.conditions)),
    ]),
    ...routes.flatMap(({ route, parents }) =>
      parents.flatMap((p) => refused(`${formatResource(route)} at the Gateway ${p.namespace}/${p.name}`, p.conditions)),
    ),
  ];
};

const isRefusal = ({ type, status }: StatusCondition): boolean => status === (type === 'Conflicted');

const refused = (who: string, conditions: readonly StatusCondition[]) =>
  conditions.filter(isRefusal).map(({ type, status, reason, message, origin }) => ({
    message: `${who}: the status will be ${type}=${status ? 'True' : 'False'} (${reason}): ${message}`,
    origin,
  }));

export const specificationDifferences = (catalog: Catalog): SpecificationDifference[] =>
  specDifferences(catalog).flatMap(({ feature, origin }) => {
    const words = SPEC_DIFFERENCES.find((d) => d.feature === feature);
    return words ? [{ spec: words.spec, implementation: words.istio, origin }] : [];
  });
