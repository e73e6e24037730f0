// Where requests go and how bytes travel there.

import type { Delivery, Destination, SimulationResult } from '../../model/index.js';
import { onDestinations, onForward } from '../route-changes.js';
import { type Feature, UNSEEN } from './feature.js';
import { hostOf } from './requests.js';

function withoutMirrorHosts(r: SimulationResult): SimulationResult {
  return r.mirrors ? { ...r, mirrors: r.mirrors.map((m) => ({ ...m, host: '', path: '' })) } : r;
}

function withoutSubset({ subset: _, missing, ...to }: Destination): Destination {
  return missing === undefined || missing === 'subset' ? to : { ...to, missing };
}

const withoutMissing = ({ missing: _, ...to }: Destination): Destination => to;

const carriage = (title: string, documentation: string) =>
  ({ severity: 'approximate', group: 'carriage', title, documentation, effect: UNSEEN }) as const;

/** Settings of delivery that a target may have no field for: one entry per field of the model. */
const DELIVERY = {
  'delivery.timeoutMs': carriage('Timeout', "the target's default timeout applies"),
  'delivery.idleTimeoutMs': carriage('Idle timeout', "the target's default idle timeout applies"),
  'delivery.connectTimeoutMs': carriage('Connect timeout', "the target's default connect timeout applies"),
  'delivery.retries': {
    ...carriage('Retries', "the target's default retries apply"),
    decision: '`--allow-experimental` writes them to HTTPRoutes',
  },
  'delivery.hash': carriage('Session affinity', 'clients are not bound to endpoints'),
  'delivery.balance': carriage('Load balancing', "the target's default load balancing applies"),
  'delivery.tls': carriage('TLS to the destination', 'certificates and names of TLS to the destination'),
  'delivery.limits': carriage('Circuit breakers', 'connections and requests to the destination are not limited'),
  'delivery.ejection': carriage('Outlier detection', 'failing endpoints are not ejected'),
  'delivery.other': carriage('Other delivery settings', 'settings of load balancing and connections'),
} as const satisfies Record<
  `delivery.${Exclude<keyof Delivery, 'origin' | 'places' | 'unhashed' | 'settings' | 'settingsOf' | 'maxRequestBytes'>}`,
  Feature
>;

/** Nothing answers, or nothing does for a share of the requests. */
const isDead = (r: SimulationResult): boolean =>
  r.status === 503 || r.status === 500 || r.connection === 'closed' || (r.split ?? []).some((part) => 'status' in part);

export const DESTINATIONS = {
  ...DELIVERY,
  'delivery.read-timeout': {
    severity: 'approximate',
    group: 'differs',
    title: 'Time between two reads',
    documentation:
      'a response that pauses for longer than this is cut off by the source (nginx, Kong) and not by the target; a time limit for the whole response is not the same, so that none is written',
    effect: UNSEEN,
  },
  'delivery.setting': carriage(
    'Setting of the old gateway',
    'settings that the target does not have: of nginx (buffers, time limits between reads; reported as `annotation.<name>`), health checks of Envoy',
  ),
  'destination.fastcgi': {
    severity: 'refused',
    group: 'refused',
    title: 'FastCGI',
    documentation: 'Envoy does not support FastCGI',
    decision: 'put an HTTP server before the destination',
    withoutCounterpart: true,
    effect: UNSEEN,
  },
  'destination.port-name': {
    severity: 'refused',
    group: 'refused',
    title: 'Named port',
    documentation: 'a named port of a Service that is not in the files: 503 until it is',
    decision: 'add the Service to the files, or give the number: `--service-port NAMESPACE/SERVICE:NAME=NUMBER`',
    // 500 with the loss of the Gateway API, which has no 503; bytes for nobody are those of a broader host of the port, or of none.
    effect: {
      explains: ({ here, intended, before, after, request }, { hosts = [] }) =>
        (here && (intended.status === 503 || intended.status === 500)) ||
        (before.connection === 'closed' && after.status === 404 && hosts.includes(hostOf(request))),
    },
  },
  'destination.port-name.only': {
    severity: 'approximate',
    group: 'todo',
    title: 'Port of a Service that is not in the files',
    documentation:
      'Istio takes the only port of a Service where none is named; a Service with several needs the number (`--service-port`)',
    effect: UNSEEN,
  },
  'cluster.service': {
    severity: 'approximate',
    group: 'todo',
    title: 'Service for addresses',
    documentation:
      "a cluster of Envoy's configuration, or an upstream of Kong's declarative files, has addresses, or a name of DNS without a namespace: it is written as a Service of that name",
    decision: "create the Service; of Envoy's clusters `--cluster NAME=HOST:PORT` names another",
    effect: UNSEEN,
  },
  'cluster.unknown': {
    severity: 'refused',
    group: 'refused',
    title: 'Cluster without a known destination',
    documentation: "Envoy's configuration does not say where a cluster leads: 503 until somebody does",
    decision: '`--cluster NAME=HOST:PORT`',
    // What is compared has the 503 already; 500 with the loss of the Gateway API, which has no 503.
    effect: UNSEEN,
  },
  'cluster.missing': {
    severity: 'approximate',
    group: 'differs',
    title: 'Unknown cluster',
    documentation:
      'a route leads to a cluster that is not there (503); the output leads there as soon as its Service exists',
    decision: 'create the Service, or take the rule away',
    effect: {
      route: () => onDestinations((d) => ('host' in d.to && d.to.missing ? { ...d, to: withoutMissing(d.to) } : d)),
      explains: ({ here, before, intended }) => here && [before, intended].some(isDead),
    },
  },
  'destination.missing': {
    severity: 'approximate',
    group: 'differs',
    title: 'Missing destination',
    documentation: 'a destination that does not exist: 500, not 503',
    effect: {
      route: () =>
        onDestinations((d) =>
          ('missing' in d.to && (d.to.missing === 'service' || d.to.missing === 'port')) ||
          ('status' in d.to && d.to.status === 503)
            ? { ...d, to: { status: 500 } }
            : d,
        ),
    },
  },
  'destination.subset': {
    severity: 'refused',
    group: 'refused',
    title: 'Subset',
    documentation: 'the whole Service takes the requests of the subset',
    decision: 'a Service of its own for the subset',
    effect: {
      route: () =>
        onForward(({ mirrors, ...forward }) => ({
          ...forward,
          destinations: forward.destinations.map((d) => ('host' in d.to ? { ...d, to: withoutSubset(d.to) } : d)),
          ...(mirrors ? { mirrors: mirrors.map((m) => ({ ...m, destination: withoutSubset(m.destination) })) } : {}),
        })),
    },
  },
  'destination.subset.addresses': {
    severity: 'approximate',
    group: 'todo',
    title: 'Addresses of a subset',
    documentation: 'a bootstrap of Envoy has no Pod labels',
    decision: 'give the cluster the addresses of the pods',
    effect: UNSEEN,
  },
  'destination.unchecked': {
    severity: 'approximate',
    group: 'differs',
    title: 'Missing destination of an Ingress',
    documentation: 'the response then depends on the controller',
    effect: { explains: ({ here, intended, after }) => here && intended.status === 503 && !!after.destination },
  },
  'destination.protocol': {
    severity: 'approximate',
    group: 'differs',
    title: 'Protocol of the destination',
    documentation: "the protocol depends on the port's name or the controller's settings",
    effect: UNSEEN,
  },
  'destination.host': {
    severity: 'approximate',
    group: 'differs',
    title: 'Destination that is not a Service',
    documentation: 'only Istio accepts a Hostname as a backend',
    parts: ['WeightedDestination.to'],
    effect: UNSEEN,
  },
  'destination-rule': {
    severity: 'approximate',
    group: 'differs',
    title: 'Two settings for one Service',
    documentation:
      'two rules need different settings for one Service, or one of them none. Rules of a VirtualService name a subset each; routes of the Gateway API cannot, and one DestinationRule holds for all',
    decision: 'a Service of its own for one of the rules',
    effect: UNSEEN,
  },
  'destination-rule.tls': {
    severity: 'refused',
    group: 'refused',
    title: 'TLS to the destination for some rules',
    documentation:
      'one rule speaks TLS to a port of a Service and another does not, or with other certificates: one DestinationRule holds for all rules of the Gateway API',
    decision: 'a Service of its own for one of the rules',
    effect: UNSEEN,
  },
  'destination-rule.clients': {
    severity: 'approximate',
    group: 'differs',
    title: 'Settings for other clients of the mesh',
    documentation:
      "a DestinationRule is for the gateway's namespace (`exportTo`): sidecars that run beside a Gateway of the Gateway API have its settings too. Other namespaces keep theirs",
    decision: 'a namespace of its own for the Gateway',
    effect: UNSEEN,
  },
  'destination-rule.present': {
    severity: 'refused',
    group: 'todo',
    title: 'Existing DestinationRule',
    documentation: 'the settings belong in it',
    decision: 'merge them by hand',
    effect: UNSEEN,
  },
  'mirror.host': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Host of mirrored requests',
    documentation: 'Istio sends mirrored requests of a Gateway API route without `-shadow` after the host',
    parts: ['Mirror.hostSuffix'],
    effect: { view: withoutMirrorHosts },
  },
  'mirror.request': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Path and host of mirrored requests',
    documentation: 'mirrored requests have the original path and host',
    parts: ['Mirror.host', 'Mirror.path'],
    effect: { view: withoutMirrorHosts },
  },
} as const satisfies Record<string, Feature>;
