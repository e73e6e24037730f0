// The status of a BackendTLSPolicy at each Gateway with a route to its Service (Gateway API spec, PolicyAncestorStatus; Istio's
// setAncestorStatus in pilot/pkg/config/kube/gateway/backend_policies.go, 2026-08-27).

import { isObject, type ObjectStatus, originOf, type ParentStatus, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import {
  type BackendTlsTarget,
  backendKey,
  backendTlsPoliciesOf,
  isIgnored,
  targetKey,
} from '../features/backend-tls.js';
import { writtenRules } from '../features/rule.js';
import { listAt, objectAt, stringAt } from '../fields.js';
import { BACKEND_TLS_POLICY, GATEWAY, GROUP, referencedKind, SERVICE } from '../kinds.js';
import type { Survey, SurveyedGateway } from '../survey.js';
import { conditionsAbout, failed } from './condition.js';

export function backendTlsStatuses(found: Survey, catalog: Catalog): readonly ObjectStatus[] {
  const policies = catalog.ofKind(BACKEND_TLS_POLICY);
  if (policies.length === 0) return [];
  const gatewaysOf = gatewaysByBackend(found);
  return policies.map((resource) => {
    const ancestors = found.gateways.flatMap((g) => {
      if (!g.serves) return [];
      const targets = backendTlsPoliciesOf(catalog, g.implementation).targets.filter((t) => t.policy === resource);
      return targets.some((t) => gatewaysOf.get(targetKey(t))?.has(g.resource)) ? ancestor(resource, g, targets) : [];
    });
    const ignored = found.gateways.some((g) => g.serves && isIgnored(resource, g.implementation));
    return { resource, ancestors: ignored ? [...ancestors, ...ignoredAt(resource)] : ancestors };
  });
}

/** Istio says so at what the policy is for, whoever has a route to it (ignoredPolicyStatus, 2026-08-27). */
const ignoredAt = (policy: Resource): ParentStatus[] =>
  listAt(objectAt(policy.object, 'spec'), 'targetRefs').map((reference) => ({
    reference: isObject(reference) ? reference : {},
    kind: referencedKind(reference, SERVICE),
    namespace: policy.namespace,
    name: stringAt(reference, 'name') ?? '',
    controllerName: 'istio.io/mesh-controller',
    conditions: [
      failed('Accepted', {
        reason: 'IgnoredByIstio',
        message: 'ignored by Istio due to the annotation istio.io/ignore-policy-attachment',
        origin: originOf(policy, 'metadata', 'annotations', 'istio.io/ignore-policy-attachment'),
      }),
    ],
    origin: originOf(policy),
  }));

/** By backend (`backendKey`): the Gateways with a route to it. */
function gatewaysByBackend({ routes }: Survey): ReadonlyMap<string, ReadonlySet<Resource>> {
  const found = new Map<string, Set<Resource>>();
  for (const { route, kind, accepted } of routes)
    for (const rule of writtenRules(route, kind))
      for (const ref of listAt(rule, 'backendRefs')) {
        const namespace = stringAt(ref, 'namespace') ?? route.namespace;
        const key = backendKey(referencedKind(ref, SERVICE), namespace, stringAt(ref, 'name') ?? '');
        const gateways = found.get(key) ?? new Set();
        for (const { gateway } of accepted) gateways.add(gateway);
        found.set(key, gateways);
      }
  return found;
}

function ancestor(
  policy: Resource,
  { resource: gateway, controllerName }: SurveyedGateway,
  targets: readonly BackendTlsTarget[],
): ParentStatus[] {
  const [first] = targets;
  if (first === undefined) return [];
  const make = conditionsAbout(originOf(policy));
  const unusable = 'error' in first.tls ? first.tls.error : undefined;
  // Of several that cannot be used the last one is said.
  const refused = targets.findLast((t) => t.error !== undefined)?.error;
  const isReference = unusable?.reason === 'InvalidKind' || unusable?.reason === 'InvalidCACertificateRef';
  const notAccepted = refused ?? (unusable && isReference ? { ...unusable, reason: 'NoValidCACertificate' } : unusable);
  return [
    {
      reference: { group: GROUP, kind: 'Gateway', namespace: gateway.namespace, name: gateway.name },
      kind: GATEWAY,
      namespace: gateway.namespace,
      name: gateway.name,
      controllerName,
      conditions: [
        notAccepted ? failed('Accepted', notAccepted) : make('Accepted', true, 'Accepted', 'Configuration is valid'),
        unusable && isReference
          ? failed('ResolvedRefs', unusable)
          : make('ResolvedRefs', true, 'ResolvedRefs', 'All references resolved'),
      ],
      origin: originOf(policy),
    },
  ];
}
