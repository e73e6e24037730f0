// Which fields name other objects: definitions and references. A table; whether the name is right is lint's part.

import {
  type FieldPath,
  isObject,
  type Json,
  type Origin,
  originOf,
  own,
  type Resource,
  valueAt,
} from '../model/index.js';
import type { Checked, Spot } from './workspace.js';

/** Where one object is named by another. */
interface Reference {
  readonly at: Origin;
  /** `group/kind`, any of them. */
  readonly kinds: readonly string[];
  readonly namespace: string;
  readonly name: string;
}

/** Reads a text that names something, seen from a namespace. */
type Reading = (
  text: string,
  namespace: string,
  around: Json | undefined,
) => { readonly namespace: string; readonly name: string };

/** The namespace stands beside the name, or is the object's own. */
const beside: Reading = (name, namespace, around) => {
  const written = isObject(around) ? own(around, 'namespace') : undefined;
  return { name, namespace: typeof written === 'string' ? written : namespace };
};
/** `namespace/name`, or a name. */
const slashed: Reading = (text, namespace) => {
  const [first, name] = text.split('/');
  return name === undefined ? { name: text, namespace } : { name, namespace: first! };
};
/** A host of a Service: `name`, `name.namespace`, or longer. */
const host: Reading = (text, own) => {
  const [name, namespace = own] = text.split('.');
  return { name: name!, namespace };
};

const ISTIO_GATEWAY = 'networking.istio.io/Gateway';
const GATEWAY = 'gateway.networking.k8s.io/Gateway';
const SERVICE = '/Service';
const SECRET = '/Secret';

type Row = readonly [path: string, kinds: readonly string[], reading: Reading];

const ROUTE: readonly Row[] = [
  ['spec.parentRefs.*.name', [GATEWAY, 'gateway.networking.k8s.io/ListenerSet'], beside],
  ['spec.rules.*.backendRefs.*.name', [SERVICE], beside],
  ['spec.rules.*.filters.*.requestMirror.backendRef.name', [SERVICE], beside],
];
const INGRESS: readonly Row[] = [
  ['spec.ingressClassName', ['networking.k8s.io/IngressClass'], beside],
  ['spec.tls.*.secretName', [SECRET], beside],
  ['spec.defaultBackend.service.name', [SERVICE], beside],
  ['spec.rules.*.http.paths.*.backend.service.name', [SERVICE], beside],
];

/** `group/kind` → the fields that name something; `*` is every item of a list. */
const FIELDS: ReadonlyMap<string, readonly Row[]> = new Map([
  [
    'networking.istio.io/VirtualService',
    [
      ['spec.gateways.*', [ISTIO_GATEWAY], slashed],
      ['spec.http.*.match.*.gateways.*', [ISTIO_GATEWAY], slashed],
      ['spec.http.*.delegate.name', ['networking.istio.io/VirtualService'], beside],
      ['spec.http.*.route.*.destination.host', [SERVICE], host],
      ['spec.http.*.mirror.host', [SERVICE], host],
      ['spec.http.*.mirrors.*.destination.host', [SERVICE], host],
      ['spec.tls.*.route.*.destination.host', [SERVICE], host],
      ['spec.tcp.*.route.*.destination.host', [SERVICE], host],
    ],
  ],
  ['networking.istio.io/DestinationRule', [['spec.host', [SERVICE], host]]],
  [ISTIO_GATEWAY, [['spec.servers.*.tls.credentialName', [SECRET], slashed]]],
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].map(
    (kind) => [`gateway.networking.k8s.io/${kind}`, ROUTE] as const,
  ),
  [
    GATEWAY,
    [
      ['spec.gatewayClassName', ['gateway.networking.k8s.io/GatewayClass'], beside],
      ['spec.listeners.*.tls.certificateRefs.*.name', [SECRET], beside],
    ],
  ],
  ['networking.k8s.io/Ingress', INGRESS],
  [
    'traefik.io/IngressRoute',
    [
      ['spec.routes.*.services.*.name', [SERVICE, 'traefik.io/TraefikService'], beside],
      ['spec.routes.*.middlewares.*.name', ['traefik.io/Middleware'], beside],
      ['spec.tls.secretName', [SECRET], beside],
    ],
  ],
]);

function* referencesOf(resource: Resource): Generator<Reference> {
  for (const [pattern, kinds, reading] of FIELDS.get(kindOf(resource)) ?? [])
    for (const path of pathsOf(resource.object, pattern.split('.'), [])) {
      const text = valueAt(resource.object, path);
      if (typeof text !== 'string') continue;
      const around = valueAt(resource.object, path.slice(0, -1));
      yield { at: originOf(resource, ...path), kinds, ...reading(text, resource.namespace, around) };
    }
}

const kindOf = ({ group, kind }: Resource): string => `${group}/${kind}`;

function* pathsOf(value: Json | undefined, [step, ...rest]: readonly string[], path: FieldPath): Generator<FieldPath> {
  if (step === undefined) yield path;
  else if (step !== '*') {
    if (isObject(value)) yield* pathsOf(own(value, step), rest, [...path, step]);
  } else if (Array.isArray(value))
    for (const [i, item] of (value as readonly Json[]).entries()) yield* pathsOf(item, rest, [...path, i]);
}

/** Classes have no namespace. */
const isNamed = (resource: Resource, { kinds, namespace, name }: Omit<Reference, 'at'>): boolean =>
  kinds.includes(kindOf(resource)) &&
  resource.name === name &&
  (resource.namespace === namespace || resource.kind.endsWith('Class'));

const samePath = (a: FieldPath, b: FieldPath): boolean => a.length === b.length && a.every((step, i) => step === b[i]);

/** The objects that the field under the cursor names. */
function targetsOf(checked: Checked, { resource, path }: Spot): readonly Resource[] {
  for (const reference of referencesOf(resource))
    if (samePath(reference.at.path, path)) return checked.config.catalog.all.filter((r) => isNamed(r, reference));
  return [];
}

const nameOf = (resource: Resource): Origin => originOf(resource, 'metadata', 'name');

export const definitionsOf = (checked: Checked, spot: Spot): readonly Origin[] => targetsOf(checked, spot).map(nameOf);

/** Where the object under the cursor is named, or the one that the field under the cursor names. */
export function referencesTo(checked: Checked, spot: Spot, withDeclaration: boolean): readonly Origin[] {
  const named = targetsOf(checked, spot);
  const targets = named.length > 0 ? named : [spot.resource];
  const found = checked.config.catalog.all
    .flatMap((resource) => [...referencesOf(resource)])
    .filter((reference) => targets.some((target) => isNamed(target, reference)))
    .map(({ at }) => at);
  return withDeclaration ? [...targets.map(nameOf), ...found] : found;
}
