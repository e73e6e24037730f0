// VirtualService objects with names resolved: short gateway names, short destination hosts, exportTo.
// ResolveVirtualServiceShortnames in pilot/pkg/model/virtualservice.go, resolveGatewayName in pilot/pkg/model/config.go,
// convertExportToSet in pilot/pkg/model/virtualservice_controller.go.

import { resolveShortName } from '../../../implementations/istio/hosts.js';
import { meshConfig } from '../../../implementations/istio/mesh-config.js';
import { type JsonObject, type Origin, originOf, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { createdAt } from '../../../resources/creation.js';
import {
  at,
  type Field,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  specOf,
  stringOf,
  stringsOf,
} from '../../../resources/fields.js';
import { scopeOf } from '../../../resources/kept-answers.js';
import type {
  DestinationConfig,
  HttpRule,
  L4Match,
  L4Rule,
  RuleField,
  VirtualServiceConfig,
  WeightedConfig,
} from '../config.js';
import { gatewayName } from './gateway-names.js';
import { readMatch } from './match-conditions.js';

export function readVirtualServiceObjects(catalog: Catalog): VirtualServiceConfig[] {
  const byDefault = meshConfig(catalog).exportTo.virtualService;
  const scope = scopeOf(catalog, 'VirtualServices');
  return catalog
    .ofKind('networking.istio.io/VirtualService')
    .map((resource) => scope.keep(resource, byDefault.join(), () => readVirtualServiceObject(resource, byDefault)));
}

/** `.` is resolved. */
export const exportedTo = (names: readonly string[], namespace: string): ReadonlySet<string> =>
  new Set(names.map((to) => (to === '.' ? namespace : to)));

function readVirtualServiceObject(resource: Resource, byDefault: readonly string[]): VirtualServiceConfig {
  const spec = specOf(resource);
  const { namespace } = resource;
  const exportTo = stringsOf(spec.exportTo);
  return {
    name: resource.name,
    namespace,
    createdAt: createdAt(resource),
    hosts: stringsOf(spec.hosts).map((h) => resolveShortName(h, namespace)),
    gateways: stringsOf(spec.gateways).map((g) => gatewayName(g, namespace)),
    exportTo: exportedTo(exportTo.length > 0 ? exportTo : byDefault, namespace),
    http: objectsOf(spec.http).map((rule, i) => readHttpRule(rule, originOf(resource, 'spec', 'http', i))),
    tls: objectsOf(spec.tls).map((rule, i) => readL4Rule(rule, originOf(resource, 'spec', 'tls', i))),
    tcp: objectsOf(spec.tcp).map((rule, i) => readL4Rule(rule, originOf(resource, 'spec', 'tcp', i))),
    semantics: 'istio',
    origin: originOf(resource),
  };
}

/** Fields that a rule has besides its match and its destinations; a delegate inherits them. */
export const RULE_FIELDS: readonly RuleField[] = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
];

const NO_FIELDS: HttpRule['fields'] = {};

/** The one field of a VirtualService that its CRD has under its name in the proto file, too. */
const OLD_SPELLING: Partial<Record<RuleField, string>> = { mirrorPercent: 'mirror_percent' };

function written(rule: JsonObject, key: RuleField, origin: Origin): Field | undefined {
  const value = rule[key];
  if (value !== undefined && value !== null) return { value, origin: at(origin, key) };
  const old = OLD_SPELLING[key];
  const spelled = old === undefined ? undefined : own(rule, old);
  if (old === undefined || spelled === undefined || spelled === null) return undefined;
  return { value: spelled, origin: at(origin, old) };
}

function readHttpRule(rule: JsonObject, origin: Origin): HttpRule {
  let fields: Partial<Record<RuleField, Field>> | undefined;
  for (const key of RULE_FIELDS) {
    const field = written(rule, key, origin);
    if (!field) continue;
    fields ??= {};
    fields[key] = field;
  }
  return {
    name: stringOf(rule.name) ?? '',
    matches: listOf(rule.match).map((m, i) => readMatch(objectOf(m) ?? {}, at(origin, 'match', i))),
    route: readRoute(rule, origin),
    redirect: block(rule, 'redirect', origin),
    delegate: block(rule, 'delegate', origin),
    fields: fields ?? NO_FIELDS,
    origin,
  };
}

function block(object: JsonObject, key: string, origin: Origin): Field<JsonObject> | undefined {
  const value = objectOf(own(object, key));
  return value && { value, origin: at(origin, key) };
}

function readRoute(rule: JsonObject, origin: Origin): WeightedConfig[] {
  return listOf(rule.route).map((written, i) => {
    const entry = objectOf(written) ?? {};
    const here = at(origin, 'route', i);
    return {
      destination: readDestination(objectOf(entry.destination) ?? {}, at(here, 'destination')),
      weight: numberOf(entry.weight) ?? 0,
      headers: block(entry, 'headers', here),
      origin: here,
    };
  });
}

/** A short host belongs to the namespace of the object that names it. */
export const readDestination = (destination: JsonObject, origin: Origin): DestinationConfig => ({
  host: resolveShortName(stringOf(destination.host) ?? '', origin.resource.namespace),
  port: numberOf(objectOf(destination.port)?.number),
  subset: stringOf(destination.subset) || undefined,
  origin,
});

const IGNORED_L4 = ['destinationSubnets', 'sourceSubnet', 'sourceLabels', 'sourceNamespace'];

function readL4Rule(rule: JsonObject, origin: Origin): L4Rule {
  const matches = objectsOf(rule.match).map((match, i): L4Match => {
    const here = at(origin, 'match', i);
    return {
      port: numberOf(match.port) ?? 0,
      gateways: stringsOf(match.gateways).map((g) => gatewayName(g, origin.resource.namespace)),
      sniHosts: stringsOf(match.sniHosts),
      ignored: IGNORED_L4.filter((key) => own(match, key) !== undefined),
      origin: here,
    };
  });
  return { matches, route: readRoute(rule, origin), origin };
}
