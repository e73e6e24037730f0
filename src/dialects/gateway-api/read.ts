// Every Gateway as a client meets it: one effective gateway per Gateway object of a class that takes requests from
// outside. A managed Gateway of Istio is a workload of its own (model.InternalGatewayServiceAnnotation in
// pilot/pkg/config/kube/gateway/gateway_collection.go, 2026-08-22), so Gateways never share listeners here.

import { type GatewayPolicies, withPolicies } from '../../implementations/istio/policies.js';
import { refusedRoutes } from '../../implementations/istio/refused-routes.js';
import { append, type EffectiveGateway, type Listener } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { listenersByPort } from './features/chains.js';
import { showingCertificate } from './features/client-certificate.js';
import { gatewayNotes, listenerSkipped, routeNotes } from './features/notes.js';
import { unsupportedOf } from './features/unsupported.js';
import { implementationOf } from './implementations/index.js';
import { survey } from './survey.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const found = survey(catalog, implementationOf(options.implementation));
  const notes: ReadNote[] = [];
  const gateways: EffectiveGateway[] = [];
  for (const gateway of found.gateways) {
    append(notes, gatewayNotes(gateway));
    if (!gateway.serves) continue;
    const { namespace, name } = gateway.resource;
    const listeners = listenersByPort(gateway, found.routes, catalog, (lost, by) =>
      notes.push(listenerSkipped(lost, by)),
    );
    const { engine, controlPlane, policies: policiesOf, finished } = gateway.implementation;
    const policies = policiesOf?.(catalog, gateway.resource, options.keySets);
    const read: EffectiveGateway = {
      id: `${namespace}/${name}`,
      dialect: 'gateway-api',
      engine,
      ...(controlPlane ? { controlPlane } : {}),
      listeners: guarded(showingCertificate(listeners, gateway.resource, catalog, gateway.implementation), policies),
      unsupported: [
        ...(policies?.unsupported ?? []),
        ...unsupportedOf(gateway, found.routes, catalog),
        ...(controlPlane === 'istio' ? refusedRoutes({ listeners }) : []),
      ],
    };
    gateways.push(finished ? finished(read, gateway, catalog, found.routes) : read);
  }
  for (const route of found.routes) append(notes, routeNotes(route, found));
  return { gateways, notes };
}

const guarded = (listeners: readonly Listener[], policies: GatewayPolicies | undefined): readonly Listener[] =>
  policies?.http || policies?.l4 || policies?.bodyLimits
    ? listeners.map((l) => ({
        ...l,
        filterChains: l.filterChains.map((chain) =>
          withPolicies(chain, { port: l.port, pods: policies.podPorts.of(l.port), servers: [l.port] }, policies),
        ),
      }))
    : listeners;
