// What clusters say of the way to their endpoints (envoy.config.cluster.v3.Cluster): limits, ejection, balancing, the time to connect, TLS.
// Other dialects say it of a destination, or of the routes to it: here it becomes the delivery of those routes.

import { type Delivery, type DestinationTls, type Origin, own } from '../../model/index.js';
import type { WrittenLoss } from '../dialect.js';
import { at, field, list, type Node, originAt } from './read/node.js';
import { shortType, typedOf } from './read/typed.js';
import { durationMs, enumeration, number, text } from './read/values.js';

type Settings = Pick<Delivery, 'connectTimeoutMs' | 'limits' | 'ejection' | 'balance' | 'tls'>;
export type SettingName = keyof Settings;

export interface ClusterSettings {
  readonly settings: Settings;
  /** Where each of them stands. */
  readonly places: Readonly<Partial<Record<SettingName, Origin>>>;
  /** TLS with a certificate that is verified. */
  readonly tls?: DestinationTls;
  /** Hashes of routes choose the endpoint. */
  readonly hashes: boolean;
}

type Note = (loss: WrittenLoss) => void;

const POLICIES = ['ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', '', 'MAGLEV', 'CLUSTER_PROVIDED'];

/** Which endpoints are taken, in words of the model; absent: the cluster does not say it. */
const balancerOf = (cluster: Node): string | undefined => enumeration(cluster, 'lb_policy', POLICIES);

export const HASHING: ReadonlySet<string> = new Set(['RING_HASH', 'MAGLEV']);
const BALANCE = new Map<string | undefined, Delivery['balance']>([
  ['ROUND_ROBIN', 'round-robin'],
  ['LEAST_REQUEST', 'least-request'],
]);

export function clusterSettings(cluster: Node, note: Note): ClusterSettings {
  const connectTimeoutMs = durationMs(cluster, 'connect_timeout');
  const threshold = ordinaryThreshold(cluster);
  const limits = threshold && limitsOf(threshold);
  const outlier = field(cluster, 'outlier_detection');
  const balance = BALANCE.get(balancerOf(cluster));
  const secure = tlsOf(cluster, note);
  const tls = secure?.unverified;
  const settings: Settings = {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(limits ? { limits } : {}),
    ...(outlier ? { ejection: ejectionOf(outlier, note) } : {}),
    ...(balance ? { balance } : {}),
    ...(tls ? { tls } : {}),
  };
  const nodes: Record<SettingName, Node | undefined> = {
    connectTimeoutMs: field(cluster, 'connect_timeout'),
    limits: threshold,
    ejection: outlier,
    balance: field(cluster, 'lb_policy'),
    tls: secure?.node,
  };
  const places = Object.fromEntries(
    Object.entries(nodes).flatMap(([name, node]) =>
      node && own(settings, name) !== undefined ? [[name, originAt(node)]] : [],
    ),
  );
  if (field(cluster, 'health_checks'))
    note({
      key: 'delivery.setting',
      message: 'endpoints are not checked by the target: the readiness of pods decides which there are',
      origin: originAt(field(cluster, 'health_checks')!),
    });
  return {
    settings,
    places,
    ...(secure?.verified ? { tls: secure.verified } : {}),
    hashes: HASHING.has(balancerOf(cluster) ?? ''),
  };
}

/** Of requests that have no other priority. */
const ordinaryThreshold = (cluster: Node): Node | undefined =>
  list(field(cluster, 'circuit_breakers'), 'thresholds').find(
    (one) => (enumeration(one, 'priority', ['DEFAULT', 'HIGH']) ?? 'DEFAULT') === 'DEFAULT',
  );

function limitsOf(threshold: Node): Delivery['limits'] | undefined {
  const [maxConnections, maxPending, maxRequests] = [
    number(threshold, 'max_connections'),
    number(threshold, 'max_pending_requests'),
    number(threshold, 'max_requests'),
  ];
  const limits = {
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(maxPending === undefined ? {} : { maxPending }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

/** Envoy's defaults: 5 in a row, for 30 s, at most 10 %; failures of the gateway count only where they are enforced (outlier_detection.proto). */
function ejectionOf(outlier: Node, note: Note): NonNullable<Delivery['ejection']> {
  const enforced = (name: string, usual: number): boolean => {
    const percent = number(outlier, name) ?? usual;
    if (percent > 0 && percent < 100)
      note({
        key: 'delivery.ejection',
        message: `a failing endpoint is always ejected, not in ${percent} % of the cases`,
        origin: originAt(field(outlier, name)!),
      });
    return percent > 0;
  };
  if (enforcedSuccessRate(outlier))
    note({
      key: 'delivery.ejection',
      message: 'endpoints are not ejected for a low rate of success, as they are here from five endpoints on',
      origin: originAt(outlier),
    });
  const consecutive5xx = number(outlier, 'consecutive_5xx') ?? 5;
  const gateway = number(outlier, 'consecutive_gateway_failure') ?? 5;
  return {
    ...(enforced('enforcing_consecutive_5xx', 100) && consecutive5xx > 0 ? { consecutive5xx } : {}),
    ...(enforced('enforcing_consecutive_gateway_failure', 0) ? { consecutiveGatewayErrors: gateway } : {}),
    baseMs: durationMs(outlier, 'base_ejection_time') ?? 30_000,
    maxPercent: number(outlier, 'max_ejection_percent') ?? 10,
  };
}

const enforcedSuccessRate = (outlier: Node): boolean => (number(outlier, 'enforcing_success_rate') ?? 100) > 0;

interface Secure {
  readonly node: Node;
  readonly unverified?: NonNullable<Delivery['tls']>;
  readonly verified?: DestinationTls;
}

/** Where Debian, and the images of Istio and Envoy, keep the authorities of the system. */
const SYSTEM_AUTHORITIES =
  /^\/etc\/(?:ssl|pki)\/.*\b(?:ca-certificates\.crt|ca-bundle\.crt|tls-ca-bundle\.pem|cert\.pem)$/;

/** Without a context for validation nothing is verified (UpstreamTlsContext). */
function tlsOf(cluster: Node, note: Note): Secure | undefined {
  const socket = field(cluster, 'transport_socket');
  if (!socket) return undefined;
  const { type, config } = typedOf(socket);
  if (shortType(type) !== 'UpstreamTlsContext') return undefined;
  const common = field(config, 'common_tls_context');
  const sni = text(config, 'sni');
  for (const name of ['tls_certificates', 'tls_certificate_sds_secret_configs']) {
    const own = field(common, name);
    if (own)
      note({
        key: 'delivery.tls',
        message: 'the certificate that the destination is shown is not written: put it into a Secret, and name that',
        origin: originAt(own),
      });
  }
  const validation =
    field(common, 'validation_context') ?? at(common, 'combined_validation_context', 'default_validation_context');
  const authority = field(validation, 'trusted_ca');
  const discovered =
    field(common, 'validation_context_sds_secret_config') ?? field(common, 'combined_validation_context');
  if (!authority && !discovered)
    return { node: config, unverified: { verify: false, ...(sni ? { name: sni, sendName: true } : {}) } };
  const names = namesOf(validation, note);
  const name = sni ?? names[0];
  if (!SYSTEM_AUTHORITIES.test(text(authority, 'filename') ?? ''))
    note({
      key: 'tls.authority',
      message:
        'the certificate of who signs for the destination is in files or in the configuration of Envoy: put it into a Secret or ConfigMap and name that; until then the authorities of the system count',
      origin: originAt(authority ?? discovered ?? config),
    });
  if (name === undefined) return { node: config, unverified: { verify: true } };
  const alternatives = names.length > 0 ? { alternatives: names } : {};
  return { node: config, verified: { name, ...alternatives, origin: originAt(config) } };
}

/** Names that a certificate may have. */
function namesOf(validation: Node | undefined, note: Note): string[] {
  const typed = list(validation, 'match_typed_subject_alt_names').map((one) => field(one, 'matcher'));
  const plain = list(validation, 'match_subject_alt_names');
  return [...typed, ...plain].flatMap((matcher) => {
    const exact = text(matcher, 'exact');
    if (exact !== undefined) return [exact];
    if (matcher)
      note({
        key: 'delivery.tls',
        message: 'names of certificates by pattern are not written',
        origin: originAt(matcher),
      });
    return [];
  });
}
