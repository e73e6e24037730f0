// What one rule asks of the connections to one of its destinations, as fields of a DestinationRule's trafficPolicy: TLS and HTTP/2 to the
// backend, sticky sessions, load balancing, time to connect.

import type { Report } from '../../../dialects/item-list.js';
import {
  type Delivery,
  type Destination,
  type DestinationTls,
  destinationName,
  type Origin,
  own,
  put,
} from '../../../model/index.js';
import { durationText } from '../../../resources/fields.js';

export type Fields = Record<string, unknown>;

/** What a rule asks for: of the host, and of the port that it names. */
export interface Want {
  readonly policy: Fields;
  readonly port: Fields;
}

/** `policyTls`: also TLS that a policy of its own says, which the Gateway API has objects for. */
export function wantOf(to: Destination, delivery: Delivery | undefined, policyTls: boolean): Want {
  const balancer = loadBalancer(delivery, to);
  const pool = connectionPool(delivery);
  const tls = to.tls ? policyTls && ofPolicy(to.tls) : isSecure(to) && tlsFields(delivery?.tls);
  const ejection = delivery?.ejection;
  const policy = {
    ...(balancer && { loadBalancer: balancer }),
    ...(pool && { connectionPool: pool }),
    ...(ejection && { outlierDetection: outlierDetection(ejection) }),
  };
  // Without it Envoy speaks HTTP/1.1 to ports that do not say grpc or http2 in their names (Istio, Protocol Selection).
  const http2 = (to.protocol === 'grpc' && !to.tls) || (to.protocol === 'grpcs' && (!to.tls || policyTls));
  const port = {
    ...(http2 && { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }),
    ...(tls && { tls }),
  };
  // Whichever port it has.
  return to.only ? { policy: merged(policy, port), port: {} } : { policy, port };
}

const isSecure = ({ protocol }: Destination): boolean => protocol === 'https' || protocol === 'grpcs';

/** The annotation that a block of the trafficPolicy comes from. */
export const SETTING: Readonly<Record<string, RegExp>> = {
  loadBalancer: /^(affinity|upstream-hash-by|load-balance|algorithm|hashOn)$/,
  connectionPool: /^((proxy-)?connect-timeout|backend-protocol)$/,
  tls: /^proxy-ssl-secret$/,
};

/** Where the Secrets and ConfigMaps of a destination's TLS have to be. `origin`: of the setting. */
export function noteTls(
  to: Destination,
  delivery: Delivery | undefined,
  home: string,
  origin: Origin,
  report: Report,
): void {
  if (to.tls) noteAuthority(to.tls, home, report);
  else if (isSecure(to) && delivery?.tls?.credential && delivery.tls.credential.namespace !== home) {
    const { namespace, name } = delivery.tls.credential;
    report.add(
      'tls.secret-namespace',
      `copy Secret ${namespace}/${name} to ${home}: Istio reads certificates beside the gateway's pods`,
      origin,
    );
  }
}

function noteAuthority({ authority, own, origin }: DestinationTls, home: string, report: Report): void {
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
}

/** TLS of a policy for the destination: its name, who signs, which names are good. */
const ofPolicy = ({ name, alternatives, authority, own }: DestinationTls): Fields => ({
  mode: own ? 'MUTUAL' : 'SIMPLE',
  ...(own || authority ? { credentialName: (own ?? authority)?.name } : {}),
  sni: name,
  subjectAltNames: [...(alternatives ?? [name])],
});

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

/** Errors that do not count are 0: what is not said has a default. */
const outlierDetection = ({
  consecutive5xx,
  consecutiveGatewayErrors,
  baseMs,
  maxPercent,
}: NonNullable<Delivery['ejection']>): Fields => ({
  consecutive5xxErrors: consecutive5xx ?? 0,
  ...(consecutiveGatewayErrors ? { consecutiveGatewayErrors } : {}),
  baseEjectionTime: durationText(baseMs),
  maxEjectionPercent: maxPercent,
});

function loadBalancer(delivery: Delivery | undefined, to: Destination): Fields | undefined {
  const hash = delivery?.unhashed?.includes(destinationName(to)) ? undefined : delivery?.hash?.[0];
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
function tlsFields(tls: Delivery['tls']): Fields {
  if (!tls) return { mode: 'SIMPLE', insecureSkipVerify: true };
  const { credential, verify, name, sendName } = tls;
  return {
    mode: credential ? 'MUTUAL' : 'SIMPLE',
    ...(credential ? { credentialName: credential.name } : {}),
    ...(verify && name ? { subjectAltNames: [name] } : {}),
    ...(sendName && name ? { sni: name } : {}),
    ...(verify ? {} : { insecureSkipVerify: true }),
  };
}

/** Both, field by field. */
export function merged(a: Fields, b: Fields): Fields {
  const out: Fields = { ...a };
  for (const [key, value] of Object.entries(b))
    put(out, key, own(out, key) ? { ...(own(out, key) as Fields), ...(value as Fields) } : value);
  return out;
}
