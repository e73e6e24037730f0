// Which security policies apply to a gateway, and what they say: ShouldAttachPolicy in pilot/pkg/model/policyattachment.go,
// ListAuthorizationPolicies in authorization.go, getConfigsForWorkload in authentication.go, Istio source of 2026-08-22.

import type { FilterChain, HttpPolicies, L4Policies, PatchTarget, Resource, Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareAge, createdAt } from '../../resources/creation.js';
import { objectOf, specOf } from '../../resources/fields.js';
import { jwtRules, unknownKeys } from './authentication.js';
import { actionOf, authorizationPolicy } from './authorization.js';
import { type BodyLimits, withBodyLimits } from './body-limits.js';
import { customPolicies } from './custom-policies.js';
import type { GatewayWorkload } from './destination-rules.js';
import { envoyFilters } from './envoy-filters.js';
import { extensions } from './extensions.js';
import { meshConfig } from './mesh-config.js';
import { atPodPorts, type PodPorts, podPortsOf } from './pod-ports.js';
import { attaches } from './policy-attachment.js';
import { atPort, atServerNames } from './server-names.js';

export interface GatewayPolicies {
  /** Absent: none applies. */
  readonly http?: HttpPolicies;
  readonly l4?: L4Policies;
  readonly bodyLimits?: BodyLimits;
  readonly podPorts: PodPorts;
  readonly unsupported: readonly Unsupported[];
}

/** Nobody asks for it. */
const NO_PORT = 0;

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
  const mesh = meshConfig(catalog);
  const authentications = attached(catalog, AUTHENTICATION, [namespace, mesh.rootNamespace], workload);
  const authorizations = attached(catalog, AUTHORIZATION, [mesh.rootNamespace, namespace], workload);
  const custom = customPolicies(
    catalog,
    authorizations.filter((r) => actionOf(r) === 'CUSTOM'),
  );
  const limits = envoyFilters(catalog, workload);
  const authentication = jwtRules(authentications, keySets);
  const policies = (forTcp: boolean) => [
    ...custom.denying(forTcp),
    ...authorizations.flatMap((resource) => {
      const action = actionOf(resource);
      return action && action !== 'CUSTOM' ? [authorizationPolicy(resource, action, forTcp)] : [];
    }),
  ];
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
    ...(limits.bodyLimits ? { bodyLimits: limits.bodyLimits } : {}),
    ...(authorization.length > 0 ? { l4: { authorization: policies(true) } } : {}),
    podPorts: podPortsOf(catalog, workload),
    unsupported: [
      ...custom.unsupported,
      ...unknownKeys(authentication),
      ...limits.unsupported,
      ...extensions(catalog, workload),
      ...mesh.unknown,
    ],
  };
}

/** The port on which clients meet a chain, and what else it is known by. */
export interface ChainPort {
  readonly port: number;
  /** Where it listens in the pods; empty: not known. */
  readonly pods: readonly number[];
  /** By which an EnvoyFilter names it: those of the servers (anyPortMatches in pilot/pkg/networking/core/envoyfilter/rc_patch.go). */
  readonly servers: readonly number[];
}

/** Every chain of a gateway has the same filters in front: buildHTTPConnectionManager, buildCompleteNetworkFilters. */
export function withPolicies(
  chain: FilterChain,
  { port, pods, servers }: ChainPort,
  { http, l4, bodyLimits }: Pick<GatewayPolicies, 'http' | 'l4' | 'bodyLimits'>,
): FilterChain {
  const here = <P extends L4Policies>(policies: P): P => {
    const authorization = atServerNames(atPodPorts(policies.authorization, port, pods), chain);
    return authorization === policies.authorization ? policies : { ...policies, authorization };
  };
  if (chain.kind !== 'http') {
    const authorization = l4 ? atPort(here(l4).authorization, port) : [];
    return authorization.length > 0 ? { ...chain, policies: { authorization } } : chain;
  }
  const moved = servers.some((s) => s !== port);
  const atServers = <P extends { readonly on?: PatchTarget }>(patch: P): P =>
    patch.on?.port === undefined
      ? patch
      : { ...patch, on: { ...patch.on, port: servers.includes(patch.on.port) ? port : NO_PORT } };
  const rateLimits = moved && http?.rateLimits ? { rateLimits: http.rateLimits.map(atServers) } : {};
  const guarded = http ? { ...chain, policies: here({ ...http, ...rateLimits }) } : chain;
  if (!bodyLimits) return guarded;
  const limits = moved ? { ...bodyLimits, scoped: bodyLimits.scoped.map(atServers) } : bodyLimits;
  return withBodyLimits(guarded, port, limits);
}

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
    all
      .filter(
        (p) =>
          p.namespace === namespace &&
          attaches(p.resource, objectOf(specOf(p.resource).selector)?.matchLabels, workload),
      )
      .map((p) => p.resource),
  );
}
