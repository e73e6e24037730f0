// What the destinations of an Ingress need beside its routes: TLS and HTTP/2 to the backend, sticky sessions, load balancing, time to
// connect. Istio and its Gateway API say it with DestinationRules. Where Istio runs the gateway already, they are there and stay.

import type { Report } from '../../../dialects/item-list.js';
import {
  type Delivery,
  type Destination,
  type DestinationTls,
  type EffectiveGateway,
  type Forward,
  type Origin,
  own,
  put,
  type Route,
  routesOf,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { durationText, specOf, stringOf } from '../../../resources/fields.js';

type Fields = Record<string, unknown>;

/** What one Service is asked for: of the whole of it and of single ports. */
interface Wanted {
  readonly policy: Fields;
  /** By number; `ONLY`: whichever port it has. */
  readonly ports: Map<number, Fields>;
}

const ONLY = 0;

const KIND = 'networking.istio.io/DestinationRule';

/** One DestinationRule per host whose routes ask for something; sorted by host. `home`: namespace of the gateway's pods. `withTls`: also for
 * destinations whose TLS a policy of its own says, which the Gateway API has objects for.
 */
export function destinationRules(
  gateways: readonly EffectiveGateway[],
  catalog: Catalog,
  home: string,
  report: Report,
  withTls: boolean,
): Record<string, unknown>[] {
  const wanted = new Map<string, Wanted>();
  const around = { wanted, home, report };
  for (const gateway of gateways) {
    for (const { action, route } of forwards(gateway)) {
      const mirrors = (action.mirrors ?? []).map((m) => ({ to: m.destination, delivery: undefined }));
      const destinations = action.destinations.flatMap(({ to }) =>
        'host' in to ? [{ to, delivery: action.delivery }] : [],
      );
      for (const { to, delivery } of [...destinations, ...mirrors])
        if (to.tls && withTls) askTls(to, to.tls, around);
        else if (!to.tls && gateway.controlPlane !== 'istio') ask(to, delivery, route, around);
    }
  }
  return [...wanted]
    .filter(([, { policy, ports }]) => ports.size > 0 || Object.keys(policy).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([host, { policy: whole, ports: all }]) => {
      const policy = merged(whole, all.get(ONLY) ?? {});
      const ports = [...all].filter(([number]) => number !== ONLY);
      const trafficPolicy = {
        ...policy,
        // Settings of a port replace those of the host wholly (DestinationRule reference, portLevelSettings).
        ...(ports.length > 0
          ? {
              portLevelSettings: ports
                .sort(([a], [b]) => a - b)
                .map(([number, fields]) => ({ port: { number }, ...merged(policy, fields) })),
            }
          : {}),
      };
      const there = catalog.ofKind(KIND).find((r) => stringOf(specOf(r).host) === host);
      if (there) {
        report.add(
          'destination-rule.present',
          `${host} has a DestinationRule already: put ${JSON.stringify(trafficPolicy)} into its trafficPolicy`,
          { resource: there, path: ['spec', 'trafficPolicy'] },
        );
        return [];
      }
      return [
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: placeOf(host, home),
          spec: { host, trafficPolicy },
        },
      ];
    });
}

/** Beside the Service; of a host outside of the cluster, beside its ServiceEntry and the gateway's pods (Istio looks nowhere else). */
function placeOf(host: string, home: string): { name: string; namespace: string } {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
  return name && namespace ? { name, namespace } : { name: host.replaceAll('.', '-'), namespace: home };
}

/** What the wishes are collected in, and what reports about them need. */
interface Around {
  /** By host. */
  readonly wanted: Map<string, Wanted>;
  readonly home: string;
  readonly report: Report;
}

function wantedOf(host: string, { wanted }: Around): Wanted {
  const own = wanted.get(host) ?? { policy: {}, ports: new Map<number, Fields>() };
  wanted.set(host, own);
  return own;
}

/** TLS of a policy for the destination: its name, who signs, which names are good. */
function askTls(to: Destination, { name, alternatives, authority, own, origin }: DestinationTls, around: Around): void {
  const { ports } = wantedOf(to.host, around);
  if (ports.has(to.port)) return;
  const { home, report } = around;
  if (own)
    report.add(
      'tls.authority',
      `create Secret ${home}/${own.name} with the certificate and the key of Secret ${own.namespace}/${own.name}: Istio reads it beside the gateway's pods`,
      own.origin,
    );
  if (authority)
    report.add(
      'tls.authority',
      `create Secret ${home}/${(own ?? authority).name} with the certificate of ConfigMap ${authority.namespace}/${authority.name} as cacert: Istio reads authorities beside the gateway's pods`,
      origin,
    );
  else if (own)
    report.add(
      'tls.authority',
      `Secret ${home}/${own.name} has to hold the authorities of the system as cacert: Istio trusts nobody else behind a certificate of its own`,
      origin,
    );
  const http2 = to.protocol === 'grpcs' ? { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } } : {};
  ports.set(to.port, {
    ...http2,
    tls: {
      mode: own ? 'MUTUAL' : 'SIMPLE',
      ...(own || authority ? { credentialName: (own ?? authority)?.name } : {}),
      sni: name,
      subjectAltNames: [...(alternatives ?? [name])],
    },
  });
}

/** `route`: the rule that forwards there. */
function ask(to: Destination, delivery: Delivery | undefined, route: Route, around: Around): void {
  const { home, report } = around;
  const { policy, ports } = wantedOf(to.host, around);
  const settingOf = (name: RegExp) => delivery?.settings?.find((s) => name.test(s.name))?.origin ?? route.origin;
  const set = (into: Fields, key: string, value: Fields, setting: RegExp) => {
    if (own(into, key) !== undefined && JSON.stringify(own(into, key)) !== JSON.stringify(value))
      report.add(
        'destination-rule',
        `${to.host} has one ${key} for all rules that forward to it: another rule has set it already`,
        settingOf(setting),
      );
    else put(into, key, value);
  };
  const balancer = loadBalancer(delivery);
  if (balancer) set(policy, 'loadBalancer', balancer, /^(affinity|upstream-hash-by|load-balance|algorithm|hashOn)$/);
  const pool = connectionPool(delivery);
  if (pool) set(policy, 'connectionPool', pool, /^(proxy-)?connect-timeout$/);
  const secure = to.protocol === 'https' || to.protocol === 'grpcs';
  const http2 = to.protocol === 'grpc' || to.protocol === 'grpcs';
  if (!secure && !http2) return;
  const number = to.only ? ONLY : to.port;
  const port = ports.get(number) ?? {};
  ports.set(number, port);
  // Without it Envoy speaks HTTP/1.1 to ports that do not say grpc or http2 in their names (Istio, Protocol Selection).
  if (http2) set(port, 'connectionPool', { http: { h2UpgradePolicy: 'UPGRADE' } }, /^backend-protocol$/);
  const secret = /^proxy-ssl-secret$/;
  if (secure) set(port, 'tls', tlsFields(delivery?.tls, home, settingOf(secret), report), secret);
}

function* forwards(gateway: EffectiveGateway): Generator<{ action: Forward; route: Route }> {
  for (const route of routesOf(gateway)) if (route.action.kind === 'forward') yield { action: route.action, route };
}

function connectionPool({ connectTimeoutMs, limits }: Delivery = {} as Delivery): Fields | undefined {
  const { maxConnections, maxPending, maxRequests } = limits ?? {};
  const tcp = {
    ...(maxConnections !== undefined && { maxConnections }),
    ...(connectTimeoutMs && { connectTimeout: durationText(connectTimeoutMs) }),
  };
  const http = {
    ...(maxPending !== undefined && { http1MaxPendingRequests: maxPending }),
    ...(maxRequests !== undefined && { http2MaxRequests: maxRequests }),
  };
  const pool = {
    ...(Object.keys(tcp).length > 0 && { tcp }),
    ...(Object.keys(http).length > 0 && { http }),
  };
  return Object.keys(pool).length > 0 ? pool : undefined;
}

function loadBalancer(delivery: Delivery | undefined): Fields | undefined {
  const hash = delivery?.hash?.[0];
  if (hash) return { consistentHash: consistentHash(hash) };
  if (delivery?.balance === 'round-robin') return { simple: 'ROUND_ROBIN' };
  return delivery?.balance === 'least-request' ? { simple: 'LEAST_REQUEST' } : undefined;
}

function consistentHash(hash: NonNullable<Delivery['hash']>[number]): Fields {
  switch (hash.by) {
    case 'header':
      return { httpHeaderName: hash.name };
    case 'query':
      return { httpQueryParameterName: hash.name };
    case 'source-ip':
      return { useSourceIp: true };
    case 'cookie':
      return {
        httpCookie: {
          name: hash.name,
          ...(hash.path ? { path: hash.path } : {}),
          // Without it Envoy sets no cookie; zero: until the browser is closed.
          ...(hash.ttlMs === undefined ? {} : { ttl: durationText(hash.ttlMs) }),
          ...(hash.attributes
            ? {
                attributes: Object.entries(hash.attributes).map(([name, value]) => ({
                  name,
                  ...(value === '' ? {} : { value }),
                })),
              }
            : {}),
        },
      };
  }
}

/** nginx verifies no certificate of a destination unless it is configured to (proxy_ssl_verify). */
function tlsFields(tls: Delivery['tls'], home: string, origin: Origin, report: Report): Fields {
  if (!tls) return { mode: 'SIMPLE', insecureSkipVerify: true };
  const { credential, verify, name, sendName } = tls;
  if (credential && credential.namespace !== home)
    report.add(
      'tls.secret-namespace',
      `copy Secret ${credential.namespace}/${credential.name} to ${home}: Istio reads certificates beside the gateway's pods`,
      origin,
    );
  return {
    mode: credential ? 'MUTUAL' : 'SIMPLE',
    ...(credential ? { credentialName: credential.name } : {}),
    ...(verify && name ? { subjectAltNames: [name] } : {}),
    ...(sendName && name ? { sni: name } : {}),
    ...(verify ? {} : { insecureSkipVerify: true }),
  };
}

/** Both, field by field. */
function merged(a: Fields, b: Fields): Fields {
  const out: Fields = { ...a };
  for (const [key, value] of Object.entries(b))
    put(out, key, own(out, key) ? { ...(own(out, key) as Fields), ...(value as Fields) } : value);
  return out;
}
