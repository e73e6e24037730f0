// What lint cannot know by itself, because it loads neither dialects nor the simulator: what controllers make of annotations and write
// into the status, and what a gateway answers.

import { annotationFindings } from '../dialects/annotation-findings.js';
import type { ReadOptions } from '../dialects/dialect.js';
import { readers } from '../dialects/readers.js';
import type { RequestAnswer } from '../lint/context.js';
import type { LintOptions } from '../lint/run.js';
import { type EffectiveGateway, type ObjectStatus, routesOf } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { compiledOf, decide, jwtRulesFor, toResult } from '../simulate/index.js';

/** To be handed to `runLint`, afresh for each configuration, with the options by which it was read. */
export const lintKnowledge = (options: ReadOptions): Pick<LintOptions, 'dialects' | 'answer'> => {
  const sizes = new Map<EffectiveGateway, number>();
  const isLarge = (gateway: EffectiveGateway): boolean => {
    const known = sizes.get(gateway) ?? routesOf(gateway).length;
    sizes.set(gateway, known);
    return known > MOST_ROUTES;
  };
  // Several rules ask for the statuses of the one catalog.
  const statuses = new WeakMap<Catalog, readonly ObjectStatus[]>();
  const statusesOf = (catalog: Catalog): readonly ObjectStatus[] => {
    const known = statuses.get(catalog) ?? readers().flatMap((d) => d.statuses?.(catalog, options) ?? []);
    statuses.set(catalog, known);
    return known;
  };
  return {
    dialects: {
      annotations: annotationFindings,
      statuses: statusesOf,
      specificationDifferences: (catalog) => readers().flatMap((d) => d.specificationDifferences?.(catalog) ?? []),
    },
    answer: (gateway, request): RequestAnswer | undefined => {
      if (isLarge(gateway)) return undefined;
      const ready = compiledOf(gateway);
      if (jwtRulesFor(ready, request).length > 0) return undefined;
      const decision = decide(ready, request, {});
      const { status, headers } = toResult(decision, request);
      const route = 'route' in decision ? decision.route : undefined;
      return {
        ...(status === undefined ? {} : { status }),
        ...(headers?.location === undefined ? {} : { location: headers.location }),
        ...(route ? { route } : {}),
      };
    },
  };
};

/** Compiling more than this for a few witnesses takes longer than all rules together: nothing is asked then. */
const MOST_ROUTES = 20_000;
