// The status of a BackendTLSPolicy at each Gateway with a route to its Service (Gateway API spec, PolicyAncestorStatus; Istio's
// setAncestorStatus in pilot/pkg/config/kube/gateway/backend_policies.go, 2026-08-27).

import { type ObjectStatus, originOf, type ParentStatus, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { type BackendTlsTarget, backendTlsTargets } from '../features/backend-tls.js';
import { writtenRules } from '../features/rule.js';
import { listAt, stringAt } from '../fields.js';
import { BACKEND_TLS_POLICY, GATEWAY, GROUP, referencedKind, SERVICE } from '../kinds.js';
import type { Survey, SurveyedGateway } from '../survey.js';
import { conditionsAbout, failed } from './condition.js';

export const backendTlsStatuses = (found: Survey, catalog: Catalog): readonly ObjectStatus[] =>
  catalog.ofKind(BACKEND_TLS_POLICY).map((resource) => {
    const targets = backendTlsTargets(catalog).filter((t) => t.policy === resource);
    const gateways = found.gateways.filter((g) => g.serves && targets.some((t) => leadsTo(g, t, found)));
    return { resource, ancestors: gateways.flatMap((g) => ancestor(resource, g, targets)) };
  });

/** A route of the Gateway has the target as a backend. */
const leadsTo = (gateway: SurveyedGateway, { policy, kind, name }: BackendTlsTarget, { routes }: Survey): boolean =>
  routes.some(
    (r) =>
      r.accepted.some((l) => l.gateway === gateway.resource) &&
      writtenRules(r.route, r.kind).some((rule) =>
        listAt(rule, 'backendRefs').some(
          (ref) =>
            referencedKind(ref, SERVICE) === kind &&
            stringAt(ref, 'name') === name &&
            (stringAt(ref, 'namespace') ?? r.route.namespace) === policy.namespace,
        ),
      ),
  );

function ancestor(
  policy: Resource,
  { resource: gateway, controllerName }: SurveyedGateway,
  targets: readonly BackendTlsTarget[],
): ParentStatus[] {
  const [first] = targets;
  if (first === undefined) return [];
  const make = conditionsAbout(originOf(policy));
  const unusable = 'error' in first.tls ? first.tls.error : undefined;
  const refused = targets.find((t) => t.error !== undefined)?.error;
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
