// Which security policies apply to a gateway, and what they say: ShouldAttachPolicy in pilot/pkg/model/policyattachment.go,
// ListAuthorizationPolicies in authorization.go, getConfigsForWorkload in authentication.go, Istio source of 2026-08-22.

import type { FilterChain, HttpPolicies, L4Policies, Resource, Unsupported } from '../model/index.js';
import { originOf } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { compareAge, createdAt } from './creation.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf } from './fields.js';
import { jwtRules, unknownKeys } from './istio-authentication.js';
import { actionOf, authorizationPolicy } from './istio-authorization.js';
import { type GatewayWorkload, labelsInclude, ROOT_NAMESPACE } from './istio-destination-rules.js';
import { rateLimits } from './istio-rate-limits.js';

export interface GatewayPolicies {
  /** Absent: none applies. */
  readonly http?: HttpPolicies;
  readonly l4?: L4Policies;
  readonly unsupported: readonly Unsupported[];
}

/** Says that a workload is that of a Gateway API Gateway. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

const AUTHENTICATION = 'security.istio.io/RequestAuthentication';
const AUTHORIZATION = 'security.istio.io/AuthorizationPolicy';

/**
 * `workload`: where the gateway's Envoy runs; that of a Gateway API Gateway carries GATEWAY_NAME_LABEL.
 * `keySets`: those that Istio would fetch, by `jwksUri` or issuer.
 */
export function gatewayPolicies(
  catalog: Catalog,
  workload: GatewayWorkload,
  keySets: Readonly<Record<string, string>> = {},
): GatewayPolicies {
  const { namespace } = workload;
  const authentications = attached(catalog, AUTHENTICATION, [namespace, ROOT_NAMESPACE], workload);
  const authorizations = attached(catalog, AUTHORIZATION, [ROOT_NAMESPACE, namespace], workload);
  const limits = rateLimits(catalog, workload);
  const authentication = jwtRules(authentications, keySets);
  const policies = (forTcp: boolean) =>
    authorizations.flatMap((resource) => {
      const action = actionOf(resource);
      return action && action !== 'CUSTOM' ? [authorizationPolicy(resource, action, forTcp)] : [];
    });
  const authorization = policies(false);
  const any = authentication.length + authorization.length + limits.rateLimits.length > 0;
  return {
    ...(any
      ? {
          http: {
            authentication,
            authorization,
            ...(limits.rateLimits.length > 0 ? { rateLimits: limits.rateLimits } : {}),
          },
        }
      : {}),
    ...(authorization.length > 0 ? { l4: { authorization: policies(true) } } : {}),
    unsupported: [
      ...authorizations.filter((r) => actionOf(r) === 'CUSTOM').map(customAction),
      ...unknownKeys(authentication),
      ...limits.unsupported,
    ],
  };
}

/** Every chain of a gateway has the same filters in front: buildHTTPConnectionManager, buildCompleteNetworkFilters. */
export function withPolicies(chain: FilterChain, { http, l4 }: Pick<GatewayPolicies, 'http' | 'l4'>): FilterChain {
  if (chain.kind === 'http') return http ? { ...chain, policies: http } : chain;
  return l4 ? { ...chain, policies: l4 } : chain;
}

const customAction = (resource: Resource): Unsupported => ({
  feature: 'authorizationpolicy.action.CUSTOM',
  detail: 'An external service decides about these requests; they are let through here.',
  effect: 'security',
  origin: originOf(resource, 'spec', 'action'),
});

/** Namespace by namespace, oldest first. */
function attached(
  catalog: Catalog,
  kind: string,
  namespaces: readonly string[],
  workload: GatewayWorkload,
): Resource[] {
  const all = catalog
    .ofKind(kind)
    .map((resource) => ({
      resource,
      createdAt: createdAt(resource),
      name: resource.name,
      namespace: resource.namespace,
    }))
    .sort(compareAge);
  return [...new Set(namespaces)].flatMap((namespace) =>
    all.filter((p) => p.namespace === namespace && attaches(p.resource, workload)).map((p) => p.resource),
  );
}

function attaches(policy: Resource, { namespace, labels }: GatewayWorkload): boolean {
  const spec = specOf(policy);
  const listed = objectsOf(spec.targetRefs);
  const single = objectOf(spec.targetRef);
  const targets = listed.length === 0 && single ? [single] : listed;
  const gateway = labels[GATEWAY_NAME_LABEL];
  if (targets.length === 0) {
    const selector = objectOf(spec.selector);
    return !selector || labelsInclude(labels, stringMapOf(selector.matchLabels));
  }
  return (
    gateway !== undefined &&
    policy.namespace === namespace &&
    targets.some((target) => {
      const of = stringOf(target.namespace) ?? '';
      return (
        (of === '' || of === namespace) &&
        stringOf(target.group) === 'gateway.networking.k8s.io' &&
        stringOf(target.kind) === 'Gateway' &&
        stringOf(target.name) === gateway
      );
    })
  );
}
