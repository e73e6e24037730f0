// Istio's objects and Ingresses of class istio as effective gateways: what Istio's control plane makes of them for the
// Envoy of each gateway workload. All files of this folder cite Istio's source of 2026-08-22, the version that
// fixtures/truth was recorded from.

import { clustersOf } from '../../implementations/istio/clusters.js';
import { gatewayPolicies } from '../../implementations/istio/policies.js';
import { refusedRoutes } from '../../implementations/istio/refused-routes.js';
import { append, type EffectiveGateway, formatPath } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { scopeOf } from '../../resources/kept-answers.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { resolveDelegates } from './features/delegates.js';
import { readGatewayObjects } from './features/gateways.js';
import { ingressObjects } from './features/ingress.js';
import { hasIstioClass } from './features/ingress-class.js';
import { leftOutMatches } from './features/left-out-matches.js';
import { listenersOf } from './features/listeners.js';
import { routeLists } from './features/route-lists.js';
import { ignoredConditions } from './features/tcp-routes.js';
import { unsupportedOf } from './features/unsupported.js';
import type { RoutingInputs } from './features/virtual-hosts.js';
import { readVirtualServiceObjects } from './features/virtual-services.js';
import { virtualServicesFor } from './features/visibility.js';
import { DEFAULT_LABELS, podLabels, type Workload, workloadId, workloads } from './features/workloads.js';

const DEFAULT_ID = workloadId(DEFAULT_LABELS);

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const notes: ReadNote[] = [];
  const ingress = ingressObjects(catalog, options, notes);
  const gateways = [...readGatewayObjects(catalog), ...ingress.gateways];
  const written = readVirtualServiceObjects(catalog);
  if (gateways.length === 0 && written.length === 0 && !hasIstioClass(catalog)) return { gateways: [], notes };
  const virtualServices = resolveDelegates([...written, ...ingress.virtualServices], notes);
  append(notes, virtualServices.flatMap(ignoredConditions));

  const effective = (workload: Workload): EffectiveGateway => {
    const clusters = clustersOf(catalog, workload);
    const policies = gatewayPolicies(catalog, workload, options.keySets);
    const visible = virtualServicesFor(virtualServices, workload.namespace);
    const leftOut = leftOutMatches(workload, visible);
    const inputs: RoutingInputs = {
      virtualServicesFor: visible,
      routesFor: routeLists(catalog, workload),
      scope: scopeOf(catalog, `hosts of ${workload.id}`),
      clusters,
      workload,
      policies,
    };
    const { listeners, closed } = listenersOf(workload.gateways, inputs, notes);
    return {
      id: workload.id,
      ...(workload.aliases.length > 0 ? { aliases: workload.aliases } : {}),
      dialect: 'istio',
      engine: 'envoy',
      controlPlane: 'istio',
      podLabels: podLabels(workload),
      // Nobody means the gateway that Istio brings unless an object is for it.
      ...(workload.id === DEFAULT_ID && workload.gateways.length > 0 ? { usual: true as const } : {}),
      listeners,
      ...(closed.length > 0 ? { closed } : {}),
      unsupported: [...policies.unsupported, ...unsupportedOf(workload), ...refusedRoutes({ listeners })],
      ...(leftOut.length > 0 ? { leftOut } : {}),
    };
  };
  return { gateways: workloads(gateways, catalog).map(effective), notes: distinct(notes) };
}

/** What is noted for several workloads is said once. */
const distinct = (notes: readonly ReadNote[]): ReadNote[] => [
  ...new Map(
    notes.map((n) => [`${n.code}|${n.origin.resource.order}|${formatPath(n.origin.path)}|${n.message}`, n]),
  ).values(),
];
