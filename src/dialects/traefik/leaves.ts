// What Traefik's objects hold that no translation takes along: settings of load balancing, fallbacks, kinds that are not read.

import { type FieldPath, isObject, type JsonObject, own, type Resource } from '../../model/index.js';
import { objectOf, objectsOf, specOf } from '../../resources/fields.js';
import type { WrittenLoss } from '../dialect.js';

export function leaves(resource: Resource): WrittenLoss[] {
  if (resource.group !== 'traefik.io') return [];
  const spec = specOf(resource);
  if (resource.kind === 'IngressRouteUDP' || (resource.kind === 'TLSStore' && resource.name !== 'default'))
    return [
      {
        key: 'object.not-read',
        message: `${resource.kind} is not read: nothing is written for it`,
        origin: { resource, path: [] },
      },
    ];
  return [
    ...servicesIn(spec, resource.kind).flatMap(({ service, path }) => ofService(service, resource, ['spec', ...path])),
    ...(isObject(own(spec, 'failover'))
      ? [
          setting(
            resource,
            ['spec', 'failover', 'fallback'],
            'the fallback is not used: all requests go to the first service',
          ),
        ]
      : []),
    ...(isObject(own(spec, 'highestRandomWeight'))
      ? [
          setting(
            resource,
            ['spec', 'highestRandomWeight'],
            'requests are spread by weight, not by the address of the client',
          ),
        ]
      : []),
  ];
}

const setting = (resource: Resource, path: FieldPath, message: string): WrittenLoss => ({
  key: 'delivery.other',
  message,
  origin: { resource, path },
});

const SETTINGS: Readonly<Record<string, string>> = {
  strategy: 'the load balancing of the target chooses the endpoint',
  responseForwarding: 'Envoy streams responses as they come',
  healthCheck: 'endpoints are not probed by the gateway',
  serversTransport:
    'settings of connections to the destination (timeouts, certificates, names) belong into a DestinationRule or a BackendTLSPolicy',
  nativeLB: 'the target sends to the endpoints of the Service, not to its cluster address',
  nodePortLB: 'the target sends to the endpoints of the Service, not to ports of nodes',
};

const ofService = (service: JsonObject, resource: Resource, path: FieldPath): WrittenLoss[] =>
  Object.entries(SETTINGS).flatMap(([name, message]) =>
    own(service, name) === undefined ? [] : [setting(resource, [...path, name], message)],
  );

interface Placed {
  readonly service: JsonObject;
  readonly path: FieldPath;
}

/** The entries that name Services. */
function servicesIn(spec: JsonObject, kind: string): Placed[] {
  const listed = (list: readonly JsonObject[], ...path: FieldPath): Placed[] =>
    list.map((service, i) => ({ service, path: [...path, i] }));
  if (kind === 'IngressRoute' || kind === 'IngressRouteTCP')
    return objectsOf(spec.routes).flatMap((route, i) => listed(objectsOf(route.services), 'routes', i, 'services'));
  if (kind !== 'TraefikService') return [];
  const part = (name: string): JsonObject => objectOf(own(spec, name)) ?? {};
  return [
    ...listed(objectsOf(part('weighted').services), 'weighted', 'services'),
    ...listed(objectsOf(part('highestRandomWeight').services), 'highestRandomWeight', 'services'),
    { service: part('mirroring'), path: ['mirroring'] },
    ...listed(objectsOf(part('mirroring').mirrors), 'mirroring', 'mirrors'),
    { service: objectOf(part('failover').service) ?? {}, path: ['failover', 'service'] },
  ];
}
