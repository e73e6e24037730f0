// Policies that nobody here reads. Any object with `targetRef` or `targetRefs` attaches settings to what it names (GEP-713, policy
// attachment): where that is part of a gateway, it can change what the gateway answers, whoever implements it.

import {
  chainPlaces,
  type EffectiveGateway,
  type Engine,
  formatResource,
  type JsonObject,
  type Origin,
  originOf,
  own,
  type Reach,
  type Resource,
  type Route,
  routesOf,
  type Unsupported,
} from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf } from '../resources/fields.js';

/** Kinds with references that the dialects read, or that change no answer (Telemetry). `group/kind`. */
const READ = new Set([
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/RequestAuthentication',
  'networking.istio.io/EnvoyFilter',
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
  'telemetry.istio.io/Telemetry',
  'gateway.networking.k8s.io/BackendTLSPolicy',
]);

/** Whose policies are read for gateways of an engine: by their group. */
const GROUP_OF: Readonly<Partial<Record<Engine, string>>> = { 'envoy-gateway': 'gateway.envoyproxy.io' };

/** The gateways, each with the policies that can change its answers among its unknowns. */
export function withForeignPolicies(gateways: readonly EffectiveGateway[], catalog: Catalog): EffectiveGateway[] {
  const policies = catalog.all.flatMap((resource) =>
    READ.has(`${resource.group}/${resource.kind}`) ? [] : targetsOf(resource).map((target) => ({ resource, target })),
  );
  if (policies.length === 0) return [...gateways];
  const reached = new Set<Resource>();
  const attached = gateways.map((gateway) => {
    const found = policies.flatMap(({ resource, target }) => {
      const reach = reachOf(gateway, target);
      if (reach) reached.add(resource);
      return reach && GROUP_OF[gateway.engine] !== resource.group ? [unknown(resource, target, reach)] : [];
    });
    return found.length > 0 ? { ...gateway, unsupported: [...gateway.unsupported, ...once(found)] } : gateway;
  });
  // On an object that no gateway of the files carries: no answer here depends on it, but nobody has looked at what it does elsewhere.
  const elsewhere = policies
    .filter(({ resource, target }) => !reached.has(resource) && catalog.all.some((r) => isTarget(r, target)))
    .map(({ resource, target }) => unknown(resource, target, NOWHERE));
  const [first, ...others] = attached;
  return first && elsewhere.length > 0
    ? [{ ...first, unsupported: [...first.unsupported, ...once(elsewhere)] }, ...others]
    : attached;
}

const NOWHERE: Reach = { ports: [] };

interface Target {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  /** Absent: chosen by labels. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly section?: string;
}

function targetsOf(resource: Resource): Target[] {
  const spec = specOf(resource);
  const single = objectOf(spec.targetRef);
  const named = [...(single ? [single] : []), ...objectsOf(spec.targetRefs)].flatMap((ref) => {
    const name = stringOf(ref.name);
    const section = stringOf(ref.sectionName);
    return name === undefined ? [] : [{ ...about(ref, resource), name, ...(section ? { section } : {}) }];
  });
  // Envoy Gateway chooses by labels too.
  const selected = objectsOf(spec.targetSelectors).map((ref) => ({
    ...about(ref, resource),
    labels: stringMapOf(ref.matchLabels),
  }));
  return [...named, ...selected];
}

const about = (ref: JsonObject, resource: Resource): Pick<Target, 'group' | 'kind' | 'namespace'> => ({
  group: stringOf(ref.group) ?? '',
  kind: stringOf(ref.kind) ?? '',
  namespace: stringOf(ref.namespace) ?? resource.namespace,
});

function isTarget(resource: Resource, { group, kind, namespace, name, labels }: Target): boolean {
  if (resource.kind !== kind || resource.group !== group || resource.namespace !== namespace) return false;
  return name === undefined
    ? Object.entries(labels ?? {}).every(([key, value]) => own(resource.labels, key) === value)
    : resource.name === name;
}

/** The requests of this gateway that the target takes part in: those of its listeners, its routes, or the routes to a Service. */
function reachOf(gateway: EffectiveGateway, target: Target): Reach | undefined {
  const ports = [...chainPlaces(gateway)]
    .filter(({ listener, chain }) => isOn(chain.origin ?? listener.origin, target))
    .map(({ listener }) => listener.port);
  if (ports.length > 0) return { ports: [...new Set(ports)] };
  const isService = target.kind === 'Service' && target.group === '' && target.name !== undefined;
  const serviceHost = isService ? `${target.name}.${target.namespace}.svc.` : undefined;
  const objects = routesOf(gateway)
    .filter((route) => isTarget(route.origin.resource, target) || (serviceHost && goesTo(route, serviceHost)))
    .map(({ origin }) => formatResource(origin.resource));
  return objects.length > 0 ? { objects: [...new Set(objects)] } : undefined;
}

const isOn = (origin: Origin | undefined, target: Target): boolean =>
  origin !== undefined && isTarget(origin.resource, target) && isSection(origin.resource, origin.path, target.section);

/** `spec.listeners[1]` of a Gateway is the section that the reference names; absent: all of it. */
function isSection(resource: Resource, path: readonly (string | number)[], section: string | undefined): boolean {
  if (section === undefined) return true;
  const index = path[1] === 'listeners' ? path[2] : undefined;
  const listener = typeof index === 'number' ? objectsOf(specOf(resource).listeners)[index] : undefined;
  return listener === undefined || stringOf(listener.name) === section;
}

const goesTo = ({ action }: Route, host: string): boolean =>
  action.kind === 'forward' && action.destinations.some(({ to }) => 'host' in to && to.host.startsWith(host));

const unknown = (resource: Resource, { kind, namespace, name }: Target, reach: Reach): Unsupported => ({
  feature: 'policy.foreign',
  detail: `A ${resource.kind} (${resource.group}) is attached to ${name === undefined ? `${kind} objects of ${namespace} by their labels` : `${kind} ${namespace}/${name}`}; meshgw does not read this kind.`,
  effect: 'security',
  // By their names: SecurityPolicy, AuthPolicy, AccessControlPolicy.
  ...(/auth|security|access/i.test(resource.kind) ? { guards: true as const } : {}),
  reach,
  origin: originOf(resource),
});

/** One policy may name several parts of a gateway: one unknown with the reach of all. */
function once(found: readonly Unsupported[]): Unsupported[] {
  const byResource = new Map<Resource, Unsupported>();
  for (const item of found) {
    const { reach, ...known } = byResource.get(item.origin.resource) ?? item;
    const both = reach && item.reach && joined(reach, item.reach);
    byResource.set(item.origin.resource, { ...known, ...(both ? { reach: both } : {}) });
  }
  return [...byResource.values()];
}

/** What either reaches; undefined: ports and objects together are more than a reach can say, so that it is all of the gateway. */
function joined(a: Reach, b: Reach): Reach | undefined {
  if (a.ports && b.ports) return { ports: [...new Set([...a.ports, ...b.ports])] };
  if (a.objects && b.objects) return { objects: [...new Set([...a.objects, ...b.objects])] };
  return undefined;
}
