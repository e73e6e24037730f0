// What a Gateway or its routes say and the model does not express.

import { originOf, type Unsupported } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at } from '../../../resources/fields.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import { UDP_ROUTE } from '../kinds.js';
import type { SurveyedGateway } from '../survey.js';
import { addressesOf } from './addresses.js';
import { writtenRules } from './rule.js';
import type { SurveyedRoute } from './surveyed-route.js';

export function unsupportedOf(
  gateway: SurveyedGateway,
  routes: readonly SurveyedRoute[],
  catalog: Catalog,
): readonly Unsupported[] {
  return [...ofGateway(gateway), ...ofOtherKinds(gateway, catalog), ...ofRoutes(gateway, routes)];
}

function ofGateway({ resource, implementation }: SurveyedGateway): Unsupported[] {
  const found: Unsupported[] = [];
  if (addressesOf(resource, implementation).shared) {
    found.push({
      feature: 'gateway.addresses',
      detail: 'The Gateway binds to an existing Service; other Gateways bound to it would share its ports.',
      effect: 'routing',
      origin: originOf(resource, 'spec', 'addresses'),
    });
  }
  return found;
}

function ofOtherKinds({ resource, implementation }: SurveyedGateway, catalog: Catalog): Unsupported[] {
  const refersHere = (object: Parameters<typeof stringAt>[0], namespace: string) =>
    stringAt(object, 'name') === resource.name && (stringAt(object, 'namespace') ?? namespace) === resource.namespace;
  return catalog
    .ofKind(UDP_ROUTE)
    .filter((route) => listAt(objectAt(route.object, 'spec'), 'parentRefs').some((p) => refersHere(p, route.namespace)))
    .map(
      (route): Unsupported => ({
        feature: 'udproute',
        detail:
          implementation.controlPlane === 'istio'
            ? 'Istio does not support UDP.'
            : 'UDP is not read: which datagrams are forwarded is not known.',
        effect: 'routing',
        origin: originOf(route),
      }),
    );
}

function ofRoutes(gateway: SurveyedGateway, routes: readonly SurveyedRoute[]): Unsupported[] {
  return routes
    .filter((r) => r.accepted.some((l) => l.gateway === gateway.resource))
    .flatMap(({ route, kind }) =>
      writtenRules(route, kind).flatMap((rule, i): Unsupported[] =>
        has(rule, 'sessionPersistence')
          ? [
              {
                feature: 'httproute.sessionPersistence',
                detail:
                  gateway.implementation.name === 'envoy-gateway'
                    ? 'Which backend a session stays with is not said.'
                    : 'Requests of one session may go to different backends.',
                effect: 'delivery',
                origin: at(originOf(route, 'spec', 'rules', i), 'sessionPersistence'),
              },
            ]
          : [],
      ),
    );
}
