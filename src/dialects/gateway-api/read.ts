// Every Gateway as a client meets it: one effective gateway per Gateway object of a class that takes requests from
// outside. A managed Gateway of Istio is a workload of its own (model.InternalGatewayServiceAnnotation in
// pilot/pkg/config/kube/gateway/gateway_collection.go, 2026-08-22), so Gateways never share listeners here.

import type { EffectiveGateway } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { listenersByPort } from './features/chains.js';
import { gatewayNotes, listenerSkipped, routeNotes } from './features/notes.js';
import { unsupportedOf } from './features/unsupported.js';
import { survey } from './survey.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const found = survey(catalog, options.gatewayApi ?? 'istio');
  const notes: ReadNote[] = [];
  const gateways: EffectiveGateway[] = [];
  for (const gateway of found.gateways) {
    notes.push(...gatewayNotes(gateway));
    if (gateway.controller !== 'istio' && gateway.controller !== 'other') continue;
    const { namespace, name } = gateway.resource;
    gateways.push({
      id: `${namespace}/${name}`,
      dialect: 'gateway-api',
      engine: 'envoy',
      listeners: listenersByPort(gateway, found.routes, (lost, by) => notes.push(listenerSkipped(lost, by))),
      unsupported: unsupportedOf(gateway, found.routes, catalog),
    });
  }
  for (const route of found.routes) notes.push(...routeNotes(route, found));
  return { gateways, notes };
}
