// How an endpoint is chosen: KongUpstreamPolicies of Services, and upstreams of declarative files (pkg/apis/configuration/v1beta1/
// kongupstreampolicy_types.go and internal/dataplane/kongstate/kongupstreampolicy.go of Kong/kubernetes-ingress-controller 3.5;
// kong/runloop/balancer/init.lua of Kong 3.10).

import {
  type Delivery,
  type JsonObject,
  type Origin,
  originOf,
  own,
  put,
  type Unsupported,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at, objectOf, specOf, stringOf } from '../../resources/fields.js';
import type { ServiceView } from '../../resources/services.js';
import { annotation } from './controller/annotations.js';

/** `spec` in the words of a KongUpstreamPolicy; `originOfKey`: where a key of it stands. */
export interface UpstreamPolicy {
  readonly spec: JsonObject;
  readonly originOfKey: (key: string) => Origin;
}

/** The policy that all the Services name; where they differ the controller takes none. */
export function policyOfServices(catalog: Catalog, services: readonly ServiceView[]): UpstreamPolicy | undefined {
  const names = new Set(
    services.map(({ resource }) => `${resource.namespace}/${annotation(resource, 'upstream-policy') ?? ''}`),
  );
  const [namespace = '', name = ''] = [...names][0]?.split('/') ?? [];
  if (names.size !== 1 || name === '') return undefined;
  const resource = catalog.find('configuration.konghq.com/KongUpstreamPolicy', namespace, name);
  return resource && { spec: specOf(resource), originOfKey: (key) => originOf(resource, 'spec', key) };
}

/** Both: what `over` says goes before what `under` says. */
export function joinedPolicies(
  under: UpstreamPolicy | undefined,
  over: UpstreamPolicy | undefined,
): UpstreamPolicy | undefined {
  if (!under || !over) return over ?? under;
  return {
    spec: { ...under.spec, ...over.spec },
    originOfKey: (key) => (own(over.spec, key) === undefined ? under : over).originOfKey(key),
  };
}

/** Names of the same in declarative files. */
const DECLARED = { algorithm: 'algorithm', slots: 'slots', healthchecks: 'healthchecks' } as const;

/** Of an upstream in a declarative file, or of a KongIngress. */
export function policyOfUpstream(fields: JsonObject, origin: Origin): UpstreamPolicy {
  const spec: Record<string, JsonObject[string]> = {};
  for (const [key, written] of Object.entries(DECLARED)) {
    const value = own(fields, written);
    if (value !== undefined) put(spec, key, value);
  }
  // What has an algorithm of its own hashes nothing, and what is hashed says the algorithm (shorthand_fields, entities/upstreams.lua).
  const counts = spec.algorithm !== 'least-connections' && spec.algorithm !== 'latency';
  const [on, fallback] = counts ? [hashIn(fields, 'hash_on'), hashIn(fields, 'hash_fallback')] : [];
  if (on) {
    spec.hashOn = on;
    spec.algorithm = 'consistent-hashing';
  } else if (counts && own(fields, 'hash_on') === 'none') spec.algorithm = 'round-robin';
  if (on && fallback) spec.hashOnFallback = fallback;
  const written = (key: string): string =>
    key === 'hashOnFallback' ? 'hash_fallback' : own(fields, key) === undefined ? 'hash_on' : key;
  return { spec, originOfKey: (key) => at(origin, written(key)) };
}

function hashIn(fields: JsonObject, prefix: 'hash_on' | 'hash_fallback'): JsonObject | undefined {
  const kind = stringOf(own(fields, prefix)) ?? 'none';
  const name = (what: string): string => stringOf(own(fields, `${prefix}_${what}`)) ?? '';
  switch (kind) {
    case 'none':
      return undefined;
    case 'header':
      return { header: name('header') };
    case 'cookie':
      return {
        cookie: stringOf(own(fields, 'hash_on_cookie')) ?? '',
        cookiePath: stringOf(own(fields, 'hash_on_cookie_path')) ?? '/',
      };
    case 'query_arg':
      return { queryArg: name('query_arg') };
    case 'uri_capture':
      return { uriCapture: name('uri_capture') };
    default:
      return { input: kind };
  }
}

type Hash = NonNullable<Delivery['hash']>[number];

/** What Envoy hashes too; undefined: a consumer, a capture, the path without its query. */
function hashOf(on: JsonObject): Hash | undefined {
  const text = (key: string): string | undefined => stringOf(own(on, key));
  const [header, cookie, query] = [text('header'), text('cookie'), text('queryArg')];
  if (text('input') === 'ip') return { by: 'source-ip' };
  if (header !== undefined) return { by: 'header', name: header };
  if (query !== undefined) return { by: 'query', name: query };
  // Kong sets the cookie where it is not there, until the browser is closed.
  return cookie === undefined ? undefined : { by: 'cookie', name: cookie, path: text('cookiePath') ?? '/', ttlMs: 0 };
}

/** `consumer`, `uriCapture id`. */
const describeHash = (on: JsonObject): string =>
  stringOf(own(on, 'input')) ??
  Object.entries(on)
    .map(([key, value]) => `${key} ${stringOf(value) ?? ''}`)
    .join(', ');

const SETTINGS = ['algorithm', 'hashOn', 'hashOnFallback', 'slots', 'stickySessions'] as const;

/** `other` says in words what the fields of the model do not. */
export function balanceOf({ spec, originOfKey }: UpstreamPolicy): Delivery {
  const algorithm = stringOf(own(spec, 'algorithm'));
  const hashes = algorithm === 'consistent-hashing';
  const on = hashes ? objectOf(own(spec, 'hashOn')) : undefined;
  const hash = on && hashOf(on);
  const balance =
    algorithm === 'round-robin'
      ? ('round-robin' as const)
      : algorithm === 'least-connections' || algorithm === 'latency'
        ? ('least-request' as const)
        : undefined;
  const said = SETTINGS.filter((key) => own(spec, key) !== undefined && (hashes || !key.startsWith('hashOn')));
  return {
    ...(hash ? { hash: [hash] } : {}),
    ...(balance ? { balance } : {}),
    other: {
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(on ? { hashOn: describeHash(on) } : {}),
    },
    settings: said.map((name) => ({ name, origin: originOfKey(name) })),
  };
}

/** What can change an answer and is not decided: endpoints that are found ill are left out, and 503 is answered where none is left. */
export function unknownsOf({ spec, originOfKey }: UpstreamPolicy): readonly Omit<Unsupported, 'reach'>[] {
  const known = new Set<string>(SETTINGS);
  return Object.keys(spec)
    .filter((key) => !known.has(key))
    .map((key) => ({
      feature: key === 'healthchecks' ? 'kong.healthchecks' : 'kong.kongupstreampolicy',
      detail:
        key === 'healthchecks'
          ? 'which endpoints the health checks leave out is not known: Kong answers 503 where none is left'
          : `${key} is not read: what it changes is not known`,
      effect: 'change',
      origin: originOfKey(key),
    }));
}
