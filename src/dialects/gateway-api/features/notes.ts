// What nobody asked for but everybody should know: listeners that are not served, routes that go nowhere, backends that
// cannot be used.

import { formatResource, originOf } from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import { GATEWAY, LISTENER_SET, shortKind } from '../kinds.js';
import { gatewayOfParent, type Survey, type SurveyedGateway } from '../survey.js';
import type { ParentRef } from './attachment.js';
import type { GatewayListener } from './listener.js';
import type { SurveyedRoute } from './surveyed-route.js';

const CLASS_NOTES = {
  remote: 'Istio accepts Gateways of this class and programs nothing for them: the gateway runs elsewhere',
  waypoint: 'a waypoint handles traffic inside the mesh, not requests from outside',
  other: 'this class is unknown: the Gateway is read by the specification',
} as const;

export function gatewayNotes(gateway: SurveyedGateway): readonly ReadNote[] {
  const notes: ReadNote[] = [];
  // Its own dialect has the word.
  if (gateway.controller === 'claimed') return [];
  if (gateway.controller !== 'istio' && gateway.controller !== 'envoy-gateway') {
    const origin = originOf(gateway.resource, 'spec', 'gatewayClassName');
    notes.push({ code: `gateway-class-${gateway.controller}`, message: CLASS_NOTES[gateway.controller], origin });
  }
  for (const { resource, allowed } of gateway.listenerSets)
    if (!allowed) {
      const message = `${formatResource(gateway.resource)} does not allow ListenerSets of namespace ${resource.namespace}: spec.allowedListeners.namespaces decides which it takes (default: none)`;
      notes.push({ code: 'listener-set-not-allowed', message, origin: originOf(resource, 'spec', 'parentRef') });
    }
  for (const { conflict, error, name, origin } of gateway.listeners) {
    if (conflict) {
      const message = `listener ${name} has the port and host name of an earlier one (${conflict}) and is not programmed`;
      notes.push({ code: 'listener-conflict', message, origin });
    } else if (error)
      notes.push({
        code: error.open ? 'listener-unresolved' : 'listener-invalid',
        message: `listener ${name}: ${error.message}`,
        origin: error.origin,
      });
  }
  return notes;
}

export const listenerSkipped = (listener: GatewayListener, by: GatewayListener): ReadNote => ({
  code: 'listener-skipped',
  message: `listener ${listener.name} (${listener.protocol}) is not served: ${by.name} (${by.protocol}) has port ${by.port}`,
  origin: listener.origin,
});

const isClaimed = (parent: ParentRef, survey: Survey): boolean =>
  gatewayOfParent(parent, survey)?.controller === 'claimed';

export function routeNotes(route: SurveyedRoute, survey: Survey): readonly ReadNote[] {
  const notes: ReadNote[] = [];
  if (route.parents.length > 0 && route.parents.every((parent) => isClaimed(parent, survey))) return notes;
  const hosts = route.hostnames;
  for (const parent of route.parents) {
    const isGateway = parent.kind === GATEWAY;
    if (!isGateway && parent.kind !== LISTENER_SET) continue;
    if (parent.links.some((l) => l.denied === undefined)) continue;
    if (isClaimed(parent, survey)) continue;
    const known = gatewayOfParent(parent, survey) !== undefined;
    const reasons = new Set(parent.links.flatMap((l) => l.denied?.message ?? []));
    const why = known
      ? [...reasons].join('; ') || 'it has no listener that works'
      : isGateway
        ? `the files do not hold that Gateway (--assume-gateway ${parent.namespace}/${parent.name} checks the route as if it were there)`
        : 'the files do not hold it with the Gateway that it is for';
    const message = `${formatResource(route.route)} does not attach to ${shortKind(parent.kind)} ${parent.namespace}/${parent.name}: ${why}`;
    notes.push({ code: known ? 'route-not-attached' : 'parent-not-found', message, origin: parent.origin, hosts });
  }
  for (const { reason, message, origin } of route.errors) {
    notes.push({
      code: `route-${reason.replace(/[A-Z]/g, (c, i) => `${i === 0 ? '' : '-'}${c.toLowerCase()}`)}`,
      message,
      origin,
      hosts,
    });
  }
  return notes;
}
