// Destinations as backendRefs: Services by name, other hosts as Istio's Hostname. An answer of 500 in a share of the
// requests is a reference to a Service that does not exist.

import {
  type Destination,
  literalText,
  type Mirror,
  type Origin,
  valueAt,
  type WeightedDestination,
} from '../../../model/index.js';
import { GROUP_OF_NOTHING } from '../../../resources/closed-rules.js';
import { serviceOfHost } from '../../../resources/services.js';
import { numberAt, stringAt } from '../fields.js';
import { GROUP, referencedKind, SERVICE } from '../kinds.js';
import { type Filter, headerFilter } from './header-filters.js';
import { isHostname } from './names.js';
import type { OwnWriter } from './own-writer.js';
import type { Report } from './report.js';

/** Told of every Service in another namespace that the routes have to be allowed to use. */
export type Grant = (namespace: string, service: string) => void;

export interface BackendWriter {
  /** Namespace of the routes. */
  readonly namespace: string;
  readonly report: Report;
  readonly grant: Grant;
  /** Do the files hold this Service? */
  readonly hasService: (namespace: string, name: string) => boolean;
  readonly own?: Pick<OwnWriter, 'hostOfBackend'> | undefined;
}

/** The API has one answer for what cannot be reached. */
function noteAnswer({ to }: WeightedDestination, origin: Origin, { report }: BackendWriter): void {
  if ('status' in to && to.status === 503)
    report.add(
      'destination.missing',
      'connections to the destination fail: requests are answered 500, not 503',
      origin,
    );
}

/** Of a kind that no implementation has, whatever Services there are: 500. */
const NOTHING = { group: GROUP_OF_NOTHING, kind: 'NoBackend', name: 'no-backend' };

/** The missing Service as it was named; what is invalid for another reason might be valid from another place. */
function invalidRef(origin: Origin | undefined, { namespace, hasService }: BackendWriter) {
  const isOwn = origin?.resource.group === GROUP && !origin.resource.namedIn;
  const written = isOwn ? valueAt(origin.resource.object, origin.path) : undefined;
  const name = stringAt(written, 'name');
  const home = stringAt(written, 'namespace') ?? origin?.resource.namespace ?? namespace;
  const isService = referencedKind(written, SERVICE) === SERVICE;
  if (name === undefined || !isService || hasService(home, name)) return NOTHING;
  return { name, ...(home !== namespace && { namespace: home }), port: numberAt(written, 'port') ?? 80 };
}

export function backendRefs(destinations: readonly WeightedDestination[], origin: Origin, writer: BackendWriter) {
  const several = destinations.length > 1;
  return destinations.map((d) => {
    const place = d.origin ?? origin;
    noteAnswer(d, place, writer);
    const host = hostOf(d, place, writer);
    const byFilter = host === undefined ? undefined : writer.own?.hostOfBackend;
    const filters = [
      ...(byFilter && host !== undefined ? [byFilter(host)] : []),
      ...headerFilter('requestHeaderModifier', d.requestHeaders, place, writer.report, byFilter ? undefined : host),
      ...headerFilter('responseHeaderModifier', d.responseHeaders, place, writer.report),
    ];
    return {
      ...('host' in d.to ? backendRef(d.to, place, writer) : invalidRef(d.to.origin, writer)),
      ...(several && { weight: d.weight }),
      ...(filters.length > 0 && { filters }),
    };
  });
}

function hostOf(
  { hostRewrite }: WeightedDestination,
  origin: Origin,
  { report, own }: BackendWriter,
): string | undefined {
  if (hostRewrite !== undefined && own?.hostOfBackend && !isHostname(hostRewrite)) {
    report.add('rewrite.host', `${hostRewrite} is no host name that a filter of a backend takes`, origin);
    return undefined;
  }
  if (hostRewrite === undefined || literalText(hostRewrite) !== undefined) return hostRewrite;
  report.add('rewrite.host', `the host ${hostRewrite} is computed from the request`, origin);
  return undefined;
}

/** A number that no Service has. */
const NO_PORT = 65_535;

export function backendRef(destination: Destination, origin: Origin, { namespace, report, grant }: BackendWriter) {
  const { host, subset, missing } = destination;
  // A port that is named and that the Service does not have has no number; the API takes none below 1.
  const port = destination.port || NO_PORT;
  if (missing !== undefined && missing !== 'subset') {
    const message = `${host}:${port} does not exist: requests are answered 500, not 503`;
    report.add('destination.missing', message, origin);
  }
  if (subset !== undefined) {
    report.add('destination.subset', `subset ${subset} of ${host}: the whole Service is used instead`, origin);
  }
  const service = serviceOfHost(host);
  if (service === undefined) {
    report.add('destination.host', `${host} is not a Service: only Istio accepts a Hostname as a backend`, origin);
    return { group: 'networking.istio.io', kind: 'Hostname', name: host, port };
  }
  const { name, namespace: home } = service;
  if (home !== namespace) grant(home, name);
  return { name, ...(home !== namespace && { namespace: home }), port };
}

export function mirrorFilter(mirror: Mirror, origin: Origin, writer: BackendWriter): Filter {
  const place = mirror.origin ?? origin;
  if (mirror.host !== undefined || mirror.path !== undefined) {
    writer.report.add('mirror.request', 'mirrored requests keep the path and the host of the request', place);
  }
  if (mirror.hostSuffix !== '') {
    writer.report.add('mirror.host', 'Istio sends mirrored requests without "-shadow" after the host', place);
  }
  const share = Number.isInteger(mirror.percent)
    ? { percent: mirror.percent }
    : { fraction: { numerator: Math.round(mirror.percent * 10_000), denominator: 1_000_000 } };
  // Where it does not exist nothing is copied, here as there.
  const { missing: _, ...destination } = mirror.destination;
  return {
    type: 'RequestMirror',
    requestMirror: { backendRef: backendRef(destination, place, writer), ...(mirror.percent !== 100 && share) },
  };
}
