// BackendTLSPolicy: the gateway connects to a Service, or to one of its ports, with TLS: which name it sends and expects, and who has to
// sign (Gateway API spec, BackendTLSPolicy; Istio: BackendTLSPolicyCollection in pilot/pkg/config/kube/gateway/backend_policies.go,
// 2026-08-27). A policy for a port goes before one for the Service; of two for the same, the older one. A policy whose authority cannot be
// used counts: its destinations are not reached.

import {
  type Destination,
  type DestinationTls,
  type Json,
  type Origin,
  originOf,
  type Resource,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { at } from '../../../resources/fields.js';
import { perCatalog, Scope } from '../../../resources/kept-answers.js';
import { findService } from '../../../resources/services.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import { BACKEND_TLS_POLICY, CONFIG_MAP, referencedKind, SERVICE, shortKind } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import type { ControlPlane } from './control-plane.js';
import { byAge } from './precedence.js';

export interface BackendPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** One `targetRefs` entry of a policy. */
export interface BackendTlsTarget {
  readonly policy: Resource;
  /** `group/kind` and name, in the policy's namespace. */
  readonly kind: string;
  readonly name: string;
  /** Of a port of the Service. */
  readonly section?: string;
  /** Why the target gets nothing of the policy: it is not there, or another policy goes first. */
  readonly error?: ConfigError;
  readonly tls: BackendTls;
}

/** What a policy says of TLS: usable, or why its destinations are not reached. */
export type BackendTls = { readonly settings: DestinationTls } | { readonly error: ConfigError };

/** The policies of a configuration. */
interface BackendTlsPolicies {
  /** In reading order of the policies. */
  readonly targets: readonly BackendTlsTarget[];
  /** Those without an error, by what they are for (`targetKey`). */
  readonly usable: ReadonlyMap<string, readonly BackendTlsTarget[]>;
}

const scopes = perCatalog(() => new Scope());

/** Istio leaves the policy to others: IgnorePolicyAttachment in backend_policies.go, 2026-08-27. */
export const isIgnored = ({ annotations }: Resource, { controlPlane }: ControlPlane): boolean =>
  controlPlane === 'istio' && annotations['istio.io/ignore-policy-attachment']?.toLowerCase() === 'true';

export const backendTlsPoliciesOf = (catalog: Catalog, by: ControlPlane): BackendTlsPolicies => {
  const scope = scopes(catalog);
  return scope.keep(scope, by.controlPlane ?? 'other', () => readPolicies(catalog, by));
};

function readPolicies(catalog: Catalog, by: ControlPlane): BackendTlsPolicies {
  const counted = catalog.ofKind(BACKEND_TLS_POLICY).filter((policy) => !isIgnored(policy, by));
  const read = counted.flatMap((policy) => {
    const tls = tlsOf(policy, catalog);
    return listAt(objectAt(policy.object, 'spec'), 'targetRefs').map((reference, i) => ({
      ...{ policy, tls, kind: referencedKind(reference, SERVICE), name: stringAt(reference, 'name') ?? '' },
      ...sectionOf(reference),
      origin: originOf(policy, 'spec', 'targetRefs', i),
    }));
  });
  const alike = byKey(read);
  const targets = read.map(({ origin, ...target }) => {
    const error = targetError(target, origin, alike.get(targetKey(target)) ?? [], catalog);
    return { ...target, ...(error && { error }) };
  });
  return { targets, usable: byKey(targets.filter((t) => t.error === undefined)) };
}

/** Of an object in the policy's namespace, whatever part of it. */
export const targetKey = ({ policy, kind, name }: Pick<BackendTlsTarget, 'policy' | 'kind' | 'name'>): string =>
  backendKey(kind, policy.namespace, name);

/** `kind`: `group/kind`. */
export const backendKey = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

function byKey<T extends Target>(targets: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const target of targets) {
    const key = targetKey(target);
    const alike = found.get(key);
    if (alike) alike.push(target);
    else found.set(key, [target]);
  }
  return found;
}

const sectionOf = (reference: Json): { readonly section?: string } => {
  const section = stringAt(reference, 'sectionName');
  return section ? { section } : {};
};

type Target = Omit<BackendTlsTarget, 'error'>;

/** `alike`: the targets that are the same object. */
function targetError(
  target: Target,
  origin: Origin,
  alike: readonly Target[],
  catalog: Catalog,
): ConfigError | undefined {
  const { policy, kind, name, section } = target;
  const notFound = (message: string): ConfigError => ({ reason: 'TargetNotFound', message, origin });
  if (kind === SERVICE) {
    const service = findService(catalog, policy.namespace, name);
    if (service === undefined) {
      if (catalog.ofKind(SERVICE).some((s) => s.namespace === policy.namespace))
        return notFound(`Service ${policy.namespace}/${name} not found`);
    } else if (section !== undefined && !service.ports.some((p) => p.name === section))
      return notFound(`Service ${policy.namespace}/${name} has no port named ${section}`);
  }
  const rival = alike.find(
    (other) => other.policy !== policy && other.section === section && byAge(other.policy, policy) < 0,
  );
  if (rival === undefined) return undefined;
  const message = `BackendTLSPolicy ${rival.policy.name} is older and for the same ${shortKind(kind)}`;
  return { reason: 'Conflicted', message, origin };
}

function tlsOf(policy: Resource, catalog: Catalog): BackendTls {
  const validation = objectAt(objectAt(policy.object, 'spec'), 'validation');
  const origin = originOf(policy, 'spec', 'validation');
  const authority = authorityOf(policy, validation, origin, catalog);
  if ('reason' in authority) return { error: authority };
  const alternatives = listAt(validation, 'subjectAltNames').flatMap((entry) =>
    stringAt(entry, 'type') === 'URI' ? (stringAt(entry, 'uri') ?? []) : (stringAt(entry, 'hostname') ?? []),
  );
  return {
    settings: {
      name: stringAt(validation, 'hostname') ?? '',
      ...(alternatives.length > 0 ? { alternatives } : {}),
      ...authority,
      // The whole of it is what TLS is about: its targets, too.
      origin: originOf(policy, 'spec'),
    },
  };
}

/** The first reference counts; a ConfigMap of the policy's namespace with `ca.crt`, or the authorities of the system. */
function authorityOf(
  policy: Resource,
  validation: Json,
  origin: Origin,
  catalog: Catalog,
): Pick<DestinationTls, 'authority'> | ConfigError {
  if (has(validation, 'wellKnownCACertificates')) {
    const wellKnown = stringAt(validation, 'wellKnownCACertificates') ?? '';
    const place = at(origin, 'wellKnownCACertificates');
    return wellKnown === 'System'
      ? {}
      : { reason: 'Invalid', message: `no such set of authorities: ${wellKnown}`, origin: place };
  }
  const [reference] = listAt(validation, 'caCertificateRefs');
  if (reference === undefined) return {};
  const place = at(origin, 'caCertificateRefs', 0);
  const kind = referencedKind(reference, CONFIG_MAP);
  const name = stringAt(reference, 'name') ?? '';
  if (kind !== CONFIG_MAP)
    return { reason: 'InvalidKind', message: `an authority is a ConfigMap, not a ${shortKind(kind)}`, origin: place };
  const { namespace } = policy;
  const invalid = (message: string): ConfigError => ({ reason: 'InvalidCACertificateRef', message, origin: place });
  const found = catalog.find(CONFIG_MAP, namespace, name);
  if (found === undefined)
    return catalog.ofKind(CONFIG_MAP).some((c) => c.namespace === namespace)
      ? invalid(`ConfigMap ${namespace}/${name} not found`)
      : { authority: { namespace, name } };
  const text = stringAt(objectAt(found.object, 'data'), 'ca.crt');
  if (text === undefined || !text.includes('-----BEGIN CERTIFICATE-----'))
    return invalid(`ConfigMap ${namespace}/${name} has no certificate under ca.crt`);
  return { authority: { namespace, name } };
}

/** The policy that counts for a port of a Service. */
export function backendTlsOf(
  { namespace, name, port }: BackendPort,
  catalog: Catalog,
  by: ControlPlane,
): BackendTls | undefined {
  const targets = backendTlsPoliciesOf(catalog, by).usable.get(backendKey(SERVICE, namespace, name));
  if (targets === undefined) return undefined;
  const section = findService(catalog, namespace, name)?.ports.find((p) => p.port === port)?.name;
  const own = targets.find((t) => t.section !== undefined && t.section === section);
  return (own ?? targets.find((t) => t.section === undefined))?.tls;
}

/** The destination, reached with TLS where a policy says so. */
export const withTls = (destination: Destination, tls: DestinationTls): Destination => ({
  ...destination,
  protocol: destination.protocol === 'grpc' ? 'grpcs' : 'https',
  tls,
});
