// IngressRoutes as routers: loadIngressRouteConfiguration in pkg/provider/kubernetes/crd/kubernetes_http.go.

import { type GatewayRequest, isObject, type JsonObject, originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, numberOf, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { isTaken, listed } from './api-server.js';
import { Dropped, idOf } from './names.js';
import { middlewareKeys, resolveReference } from './references.js';
import type { Router } from './router.js';
import { witnessOfRule } from './rules/witness.js';
import type { ServiceContext } from './services/context.js';
import { memberService, serviceTarget } from './services/crd.js';
import type { Target } from './services/target.js';
import type { CrdProvider } from './static.js';
import type { Verdicts } from './verdicts.js';

export function ingressRouteRouters(context: ServiceContext, verdicts: Verdicts): readonly Router[] {
  const { catalog, provider } = context;
  const routers = new Map<string, Router>();
  for (const resource of listed(catalog, 'IngressRoute')) {
    if (!isTaken(resource, provider)) continue;
    const spec = specOf(resource);
    let parents: readonly string[] | undefined;
    try {
      parents = parentsOf(spec, resource, catalog, provider);
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      verdicts.dropped(originOf(resource, 'spec', 'parentRefs'), error.message);
      continue;
    }
    for (const [i, route] of objectsOf(spec.routes).entries()) {
      try {
        const router = routerOf({ resource, spec, route, index: i, parents }, context);
        const replaced = routers.get(router.key);
        if (replaced) verdicts.replaced(replaced, router);
        routers.set(router.key, router);
      } catch (error) {
        if (!(error instanceof Dropped)) throw error;
        verdicts.dropped(originOf(resource, 'spec', 'routes', i), error.message, firstWitness(spec, route, context));
      }
    }
  }
  return [...routers.values()];
}

/** At the first entry point of the route. */
function firstWitness(spec: JsonObject, route: JsonObject, { config }: ServiceContext): GatewayRequest | undefined {
  const [name] = stringsOf(spec.entryPoints);
  const entryPoint = config.entryPoints.find((e) => (name === undefined ? e.asDefault : e.name === name));
  if (!entryPoint) return undefined;
  const tls = isObject(spec.tls) || entryPoint.tls !== undefined;
  return witnessOfRule(stringOf(route.match) ?? '', stringOf(route.syntax) || config.defaultRuleSyntax, {
    port: entryPoint.port,
    tls,
  });
}

/** Two routes of one object with the same match have one name. */
const keyOf = (namespace: string, name: string, match: string): string =>
  `${idOf(namespace, name)}|${match}@kubernetescrd`;

interface Place {
  readonly resource: Resource;
  readonly spec: JsonObject;
  readonly route: JsonObject;
  readonly index: number;
  readonly parents: readonly string[] | undefined;
}

function routerOf(place: Place, context: ServiceContext): Router {
  const { resource, spec, route, index, parents } = place;
  const { provider } = context;
  const { namespace } = resource;
  const origin = originOf(resource, 'spec', 'routes', index);
  const match = stringOf(route.match) ?? '';
  if (match === '') throw new Dropped('the match is empty');
  const middlewares = middlewareKeys(objectsOf(route.middlewares), namespace, provider);
  const target = targetOf(place, context);
  const tls = objectOf(spec.tls);
  const options = objectOf(tls?.options);
  const optionsName = stringOf(options?.name);
  return {
    key: keyOf(namespace, resource.name, match),
    provider: 'kubernetescrd',
    rule: match,
    syntax: stringOf(route.syntax) ?? '',
    priority: numeric(route.priority) ?? 0,
    entryPoints: stringsOf(spec.entryPoints),
    middlewares,
    ...(isObject(spec.tls)
      ? {
          tls: optionsName
            ? {
                options: resolveReference(
                  { name: optionsName, namespace: stringOf(options?.namespace) },
                  namespace,
                  provider,
                  'TLSOption',
                ),
              }
            : {},
        }
      : {}),
    ...(target ? { target } : {}),
    ...(parents ? { parents } : {}),
    origin,
    matchOrigin: at(origin, 'match'),
  };
}

/** Negative ones too. */
export const numeric = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function targetOf({ resource, route, index }: Place, context: ServiceContext): (() => Target) | undefined {
  const services = objectsOf(route.services);
  const { namespace } = resource;
  if (services.length === 0) return undefined;
  const place = (i: number) => originOf(resource, 'spec', 'routes', index, 'services', i);
  if (services.length === 1) return serviceTarget(services[0]!, namespace, place(0), context);
  const members = services.map((entry, i) => ({
    build: memberService(entry, namespace, place(i), context),
    weight: numberOf(entry.weight) ?? 1,
    origin: place(i),
  }));
  return () => ({
    kind: 'weighted',
    members: members.map(({ build, weight, origin }) => ({ target: build(), weight, origin })),
  });
}

/** resolveParentRouterNames. @throws Dropped */
function parentsOf(
  spec: JsonObject,
  resource: Resource,
  catalog: Catalog,
  provider: CrdProvider,
): readonly string[] | undefined {
  const refs = objectsOf(spec.parentRefs);
  if (refs.length === 0) return undefined;
  return refs.flatMap((ref) => {
    const namespace = stringOf(ref.namespace) || resource.namespace;
    const name = stringOf(ref.name) ?? '';
    if (namespace !== resource.namespace && !provider.allowCrossNamespace)
      throw new Dropped(
        `the parent IngressRoute ${namespace}/${name} is in another namespace, and allowCrossNamespace is not set`,
      );
    const parent = catalog.find('traefik.io/IngressRoute', namespace, name);
    if (!parent) throw new Dropped(`there is no parent IngressRoute ${namespace}/${name}`);
    return objectsOf(specOf(parent).routes).map((route) => keyOf(namespace, name, stringOf(route.match) ?? ''));
  });
}
