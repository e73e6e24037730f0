// What lint cannot know by itself, because it imports neither dialects nor the simulator: what ingress-nginx makes of
// annotations, what Istio makes of the Gateway API, and what a gateway answers.

import {
  computeStatus,
  SPEC_DIFFERENCES,
  type StatusCondition,
  specDifferences,
} from '../dialects/gateway-api/index.js';
import { annotationFindings } from '../dialects/ingress-nginx/annotations/findings.js';
import type { GatewayApiFindings, RequestAnswer } from '../lint/context.js';
import type { LintOptions } from '../lint/run.js';
import { type EffectiveGateway, formatResource } from '../model/index.js';
import { decide, jwtRulesFor, toResult } from '../simulate/index.js';
import { compiledOf } from './compiled.js';

/** To be handed to `runLint`, afresh for each configuration. */
export const lintKnowledge = (): Pick<LintOptions, 'annotations' | 'gatewayApi' | 'answer'> => {
  const sizes = new Map<EffectiveGateway, number>();
  const isLarge = (gateway: EffectiveGateway): boolean => {
    const known = sizes.get(gateway) ?? size(gateway);
    sizes.set(gateway, known);
    return known > MOST_ROUTES;
  };
  return {
    annotations: annotationFindings,
    gatewayApi: { refusals, differences },
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

const size = ({ listeners }: EffectiveGateway): number =>
  listeners
    .flatMap(({ filterChains }) => filterChains)
    .flatMap((chain) => (chain.kind === 'http' ? chain.virtualHosts : []))
    .reduce((sum, { routes }) => sum + routes.length, 0);

const refusals: GatewayApiFindings['refusals'] = (catalog) => {
  const { gateways, routes } = computeStatus(catalog);
  const saysNo = ({ type, status }: StatusCondition) => status === (type === 'Conflicted');
  const told = (who: string, conditions: readonly StatusCondition[]) =>
    conditions.filter(saysNo).map(({ type, status, reason, message, origin }) => ({
      message: `${who}: the status will be ${type}=${status ? 'True' : 'False'} (${reason}): ${message}`,
      origin,
    }));
  return [
    ...gateways.flatMap(({ gateway, conditions, listeners }) => [
      ...told(formatResource(gateway), conditions),
      ...listeners.flatMap((l) => told(`listener ${l.name} of ${formatResource(gateway)}`, l.conditions)),
    ]),
    ...routes.flatMap(({ route, parents }) =>
      parents.flatMap((p) => told(`${formatResource(route)} at the Gateway ${p.namespace}/${p.name}`, p.conditions)),
    ),
  ];
};

const differences: GatewayApiFindings['differences'] = (catalog) =>
  specDifferences(catalog).flatMap(({ feature, origin }) => {
    const words = SPEC_DIFFERENCES.find((d) => d.feature === feature);
    return words ? [{ spec: words.spec, istio: words.istio, origin }] : [];
  });
