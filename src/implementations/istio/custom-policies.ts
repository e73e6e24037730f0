// AuthorizationPolicies with the action CUSTOM: an extension provider of the mesh configuration decides. A provider that Istio does not
// have, or one beside another at the same workload, makes it deny what the rules match: buildHTTP and getBadCustomDenyRules in
// pilot/pkg/security/authz/builder/builder.go, LookupCluster in pilot/pkg/model/telemetry_logging.go, Istio source of 2026-08-22.

import { type AuthorizationPolicy, originOf, type Resource, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, specOf, stringOf } from '../../resources/fields.js';
import { knowsHost } from '../../resources/services.js';
import { authorizationPolicy } from './authorization.js';
import { type Authorizer, meshConfig } from './mesh-config.js';
import { servicesNamed } from './services.js';

export interface CustomPolicies {
  /** What denies in place of an authorization: before all other policies. `forTcp`: for connections whose bytes are forwarded. */
  readonly denying: (forTcp: boolean) => readonly AuthorizationPolicy[];
  /** Those whose provider decides. */
  readonly unsupported: readonly Unsupported[];
}

/** `policies`: those with this action that apply to one workload. */
export function customPolicies(catalog: Catalog, policies: readonly Resource[]): CustomPolicies {
  const names = [...new Set(policies.map(providerName))].sort();
  const several = names.length > 1 && !meshConfig(catalog).severalAuthorizers;
  const judged = policies.map((resource) => ({
    resource,
    why: several
      ? `Istio takes one provider for a gateway, and its policies name ${names.map((n) => JSON.stringify(n)).join(' and ')}`
      : faultOfProvider(catalog, providerName(resource)),
  }));
  return {
    denying: (forTcp) =>
      judged.flatMap(({ resource, why }) =>
        why === undefined ? [] : [{ ...authorizationPolicy(resource, 'DENY', forTcp), first: { why } }],
      ),
    unsupported: judged.flatMap(({ resource, why }) => (why === undefined ? [asked(resource, catalog)] : [])),
  };
}

const providerName = (resource: Resource): string => stringOf(objectOf(specOf(resource).provider)?.name) ?? '';

/** Why Istio denies in its place; undefined: it is asked, or the mesh configuration is not in the files. */
function faultOfProvider(catalog: Catalog, name: string): string | undefined {
  const { resource, authorizers } = meshConfig(catalog);
  if (!resource) return undefined;
  const found = authorizers.get(name);
  const provider = `the extension provider ${JSON.stringify(name)}`;
  if (!found) return `${provider} is not defined in the mesh configuration`;
  const fault = found.fault ?? faultOfService(catalog, found);
  return fault === undefined ? undefined : `${provider} is not valid: ${fault}`;
}

/** The service has to be known to Istio, and to one namespace only where the provider names none. */
function faultOfService(catalog: Catalog, authorizer: Authorizer): string | undefined {
  const written = serviceOf(authorizer);
  const [namespace, host] = written.includes('/') ? (written.split('/') as [string, string]) : [undefined, written];
  const found = servicesNamed(catalog, host).filter((s) => namespace === undefined || s.namespace === namespace);
  if (found.length > 1) return `service ${host} is in several namespaces: name one, as NAMESPACE/${host}`;
  return found.length === 0 && knowsHost(catalog, host) ? `service ${written} does not exist` : undefined;
}

const serviceOf = ({ settings }: Authorizer): string => stringOf(objectOf(Object.values(settings)[0])?.service) ?? '';

function asked(resource: Resource, catalog: Catalog): Unsupported {
  const { provider, rules } = specOf(resource);
  const name = providerName(resource);
  const authorizer = meshConfig(catalog).authorizers.get(name);
  return {
    feature: 'authorizationpolicy.action.CUSTOM',
    detail: authorizer
      ? `The external authentication ${JSON.stringify(name)} (${serviceOf(authorizer)}) decides about the requests of its rules; here they are accepted.`
      : `The external authorization ${JSON.stringify(name)} decides about the requests of its rules (Istio answers 403 where its mesh configuration has no such provider); here they are accepted.`,
    effect: 'security',
    guards: true,
    content: [provider ?? null, rules ?? null, authorizer?.settings ?? null],
    origin: originOf(resource, 'spec', 'action'),
  };
}
