// Objects that the API server does not take, by Traefik's CRDs (docs/content/reference/dynamic-configuration/
// kubernetes-crd-definition-v1.yml): what would change routes if it counted. Lint tells all of it, by the schemas.

import { isObject, type Json, type JsonObject, own, type Resource } from '../../model/index.js';
import { objectsOf, specOf, stringOf } from '../../resources/fields.js';

/** Why it is refused; undefined: it is taken. */
export function refusalOf(resource: Resource): string | undefined {
  const spec = specOf(resource);
  switch (resource.kind) {
    case 'IngressRoute':
      return routesRefusal(spec, true);
    case 'IngressRouteTCP':
      return routesRefusal(spec, false);
    case 'Middleware':
      return middlewareRefusal(spec);
    case 'TraefikService':
      return [...members(spec.weighted, 'services'), ...members(spec.mirroring, 'mirrors')]
        .map((s) => serviceRefusal(s))
        .find((r) => r !== undefined);
    default:
      return undefined;
  }
}

const members = (value: Json | undefined, key: string): readonly JsonObject[] =>
  isObject(value) ? objectsOf(own(value, key)) : [];

function routesRefusal(spec: JsonObject, http: boolean): string | undefined {
  if (!Array.isArray(spec.routes)) return 'spec.routes is required';
  for (const route of objectsOf(spec.routes)) {
    if (http && route.kind !== undefined && route.kind !== 'Rule') return 'spec.routes[].kind has to be Rule';
    if (typeof route.match !== 'string') return 'spec.routes[].match is required';
    if (route.priority !== undefined && !isInteger(route.priority))
      return 'spec.routes[].priority has to be an integer';
    for (const service of objectsOf(route.services)) {
      const refusal = http ? serviceRefusal(service) : undefined;
      if (refusal) return refusal;
    }
  }
  return undefined;
}

const isInteger = (value: Json): boolean => typeof value === 'number' && Number.isInteger(value);

const STRATEGIES = new Set(['wrr', 'p2c', 'hrw', 'leasttime', 'RoundRobin']);

function serviceRefusal({ kind, weight, strategy }: JsonObject): string | undefined {
  if (kind !== undefined && kind !== 'Service' && kind !== 'TraefikService')
    return 'the kind of a service has to be Service or TraefikService';
  if (weight !== undefined && (!isInteger(weight) || (weight as number) < 0))
    return 'the weight of a service has to be 0 or more';
  if (strategy !== undefined && !STRATEGIES.has(stringOf(strategy) ?? ''))
    return 'the strategy of a service is unknown';
  return undefined;
}

function middlewareRefusal({ addPrefix, errors, inFlightReq, rateLimit }: JsonObject): string | undefined {
  if (isObject(addPrefix) && !stringOf(addPrefix.prefix)?.startsWith('/') && addPrefix.prefix !== undefined)
    return 'spec.addPrefix.prefix has to begin with /';
  if (
    isObject(errors) &&
    Array.isArray(errors.status) &&
    errors.status.some((s) => !/^([1-5][0-9]{2}[,-]?)+$/.test(String(s)))
  )
    return 'spec.errors.status has to hold statuses and ranges of them';
  if (isObject(inFlightReq) && typeof inFlightReq.amount === 'number' && inFlightReq.amount < 0)
    return 'spec.inFlightReq.amount has to be 0 or more';
  if (isObject(rateLimit) && typeof rateLimit.average === 'number' && rateLimit.average < 0)
    return 'spec.rateLimit.average has to be 0 or more';
  return undefined;
}
