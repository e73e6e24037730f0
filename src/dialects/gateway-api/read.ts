// Every Gateway as a client meets it: one effective gateway per Gateway object of a class that takes requests from
// outside. A managed Gateway of Istio is a workload of its own (model.InternalGatewayServiceAnnotation in
// pilot/pkg/config/kube/gateway/gateway_collection.go, 2026-08-22), so Gateways never share listeners here.

import type { GatewayWorkload } from '../../implementations/istio/destination-rules.js';
import { type GatewayPolicies, gatewayPolicies, withPolicies } from '../../implementations/istio/policies.js';
import { GATEWAY_NAME_LABEL } from '../../implementations/istio/policy-attachment.js';
import { append, type EffectiveGateway, type Listener, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, stringMapOf, stringOf } from '../../resources/fields.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { listenersByPort } from './features/chains.js';
import { gatewayNotes, listenerSkipped, routeNotes } from './features/notes.js';
import { unsupportedOf } from './features/unsupported.js';
import { survey } from './survey.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const found = survey(catalog, options.implementation === 'standard' ? 'spec' : 'istio');
  const notes: ReadNote[] = [];
  const gateways: EffectiveGateway[] = [];
  for (const gateway of found.gateways) {
    append(notes, gatewayNotes(gateway));
    if (gateway.controller !== 'istio' && gateway.controller !== 'other') continue;
    const { namespace, name } = gateway.resource;
    const listeners = listenersByPort(gateway, found.routes, (lost, by) => notes.push(listenerSkipped(lost, by)));
    const policies =
      gateway.controller === 'istio'
        ? gatewayPolicies(catalog, workloadOf(gateway.resource), options.keySets)
        : undefined;
    gateways.push({
      id: `${namespace}/${name}`,
      dialect: 'gateway-api',
      engine: 'envoy',
      ...(gateway.controller === 'istio' ? { controlPlane: 'istio' as const } : {}),
      listeners: guarded(listeners, policies),
      unsupported: [...(policies?.unsupported ?? []), ...unsupportedOf(gateway, found.routes, catalog)],
    });
  }
  for (const route of found.routes) append(notes, routeNotes(route, found));
  return { gateways, notes };
}

/** The Pods that Istio runs for a Gateway and their labels: pilot/pkg/config/kube/gateway/deploymentcontroller.go and
 *  manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml, 2026-08-22. */
function workloadOf({ namespace, name, labels, object }: Resource): GatewayWorkload {
  const spec = objectOf(object.spec);
  const infrastructure = objectOf(spec?.infrastructure);
  const own = infrastructure?.labels === undefined ? labels : stringMapOf(infrastructure.labels);
  const className = stringOf(spec?.gatewayClassName) ?? '';
  return {
    namespace,
    labels: {
      ...own,
      'gateway.networking.k8s.io/gateway-class-name': className,
      [GATEWAY_NAME_LABEL]: name,
    },
  };
}

const guarded = (listeners: readonly Listener[], policies: GatewayPolicies | undefined): readonly Listener[] =>
  policies?.http || policies?.l4 || policies?.bodyLimits
    ? listeners.map((l) => ({
        ...l,
        filterChains: l.filterChains.map((chain) => withPolicies(chain, l.port, policies)),
      }))
    : listeners;
