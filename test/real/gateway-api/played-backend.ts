// The part of the backend in a simulated answer: the suite's echo in a Pod (its TLS, `?delay=`, `/retry/`), as often as the gateway asks it.
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { EffectiveGateway } from '../../../src/model/index.js';
import { retriesFault, retriesStatus, retryPolicy } from '../../../src/serve/retry-policy.js';
import { tlsOptions, upstreamTls } from '../../../src/serve/upstream-tls.js';
import { type Bytes, compiledOf, type Forwarded } from '../../../src/simulate/index.js';
import type { PodPlace } from './pods.js';
import type { Cluster } from './simulated.js';

/** Port of the echo that speaks TLS. */
const TLS_PORT = 8443;

/** What the client gets; a status alone where the echo itself was not reached. */
export interface Played {
  readonly status: number;
  /** As the echo tells it. */
  readonly request?: object;
}

export function playBackend(decision: Forwarded, gateway: EffectiveGateway, cluster: Cluster): Played {
  const { destination, upstream } = decision;
  const [name = '', namespace = ''] = destination.host.split('.');
  const place = cluster.services.podOf(namespace, name, destination.port);
  if (place === undefined) return { status: 503 };
  const pod = { namespace, name: place.pod };
  const tls = secured(destination, { ...pod, port: place.ofPod }, cluster);
  if ('status' in tls) return tls;
  const status = statusOf(decision, gateway);
  if (status !== 200) return { status };
  cluster.pods.addLog(namespace, pod.name, `Echoing back request made to ${upstream.path} to client (127.0.0.1:1)\n`);
  return { status, request: { namespace, pod: pod.name, ...tls } };
}

/** After all attempts; 504 as soon as the route's time is over. */
function statusOf({ upstream: { path }, route: { action } }: Forwarded, gateway: EffectiveGateway): number {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1));
  const delivery = action?.kind === 'forward' ? action.delivery : undefined;
  const policy = retryPolicy(delivery, compiledOf(gateway).engine);
  const delay = durationMs(query.get('delay') ?? '0s');
  const failures = path.startsWith('/retry/') ? Number(query.get('succeedAfter')) : 0;
  const slow = policy.perTryMs > 0 && delay > policy.perTryMs;
  let left = delivery?.timeoutMs || Number.POSITIVE_INFINITY;
  for (let attempt = 0; ; attempt++) {
    left -= slow ? policy.perTryMs : delay;
    if (left < 0) return 504;
    const failed = slow ? 504 : attempt < failures ? Number(query.get('responseCode')) : undefined;
    if (failed === undefined) return 200;
    const again = slow ? retriesFault(policy, 'per-try-timeout') : retriesStatus(policy, failed, undefined);
    if (attempt >= policy.attempts || !again) return failed;
  }
}

/** The Pod at the end of a connection whose bytes are forwarded, and its certificate (PEM) where it speaks TLS by itself. */
export function endOf({ destination: { host, port } }: Bytes, { services, pods }: Cluster) {
  const [service = '', namespace = ''] = host.split('.');
  const place = services.podOf(namespace, service, port);
  if (place === undefined) return undefined;
  const pod: PodPlace = { namespace, name: place.pod };
  const [certificate, key] =
    place.ofPod === TLS_PORT
      ? [
          pods.file(pod, 'TLS_SERVER_CERT'),
          pods.file(pod, 'TLS_SERVER_PRIVKEY') ?? pods.file(pod, 'TLS_SERVER_PRIV_KEY'),
        ]
      : [];
  return { pod, certificate, key };
}

const durationMs = (text: string): number => {
  const [, number = '0', unit = 's'] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  return Number(number) * (unit === 's' ? 1000 : 1);
};

/** What the echo tells of the connection, or why it is never asked. */
function secured(
  { tls, protocol }: Forwarded['destination'],
  pod: PodPlace & { readonly port: number },
  { pods, store }: Cluster,
): { readonly tls?: object } | Played {
  const wanted = tls !== undefined || protocol === 'https' || protocol === 'grpcs';
  if (wanted !== (pod.port === TLS_PORT)) return { status: wanted ? 503 : 400 };
  if (!wanted) return {};
  const text = (kind: string, at: { readonly namespace: string; readonly name: string } | undefined, key: string) => {
    const value: string | undefined = at && store.find(kind, at.namespace, at.name)?.data?.[key];
    return kind === 'Secret' && value !== undefined ? Buffer.from(value, 'base64').toString() : value;
  };
  const certificate = new X509Certificate(pods.file(pod, 'TLS_SERVER_CERT') ?? '');
  const authorities = new Map<string, string>();
  const ca = text('ConfigMap', tls?.authority, 'ca.crt');
  if (tls?.authority && ca) authorities.set(`${tls.authority.namespace}/${tls.authority.name}`, ca);
  const expected = upstreamTls(tls, { authorities, secrets: new Map() });
  if (expected !== undefined && !trusts(certificate, expected)) return { status: 503 };
  const own = text('Secret', tls?.own, 'tls.crt');
  return { tls: { serverName: expected?.name ?? '', peerCertificates: own === undefined ? [] : [own] } };
}

function trusts(certificate: X509Certificate, expected: NonNullable<ReturnType<typeof upstreamTls>>): boolean {
  if (!isSignedBy(certificate, expected.ca ?? '')) return false;
  const { checkServerIdentity: check = checkServerIdentity } = tlsOptions({ tls: expected, verify: true }, '');
  return check(expected.name, certificate.toLegacyObject() as PeerCertificate) === undefined;
}

/** By one of the certificates of a bundle (PEM), or it is one of them. */
export const isSignedBy = (certificate: X509Certificate, bundle: string): boolean =>
  (bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
    .map((pem) => new X509Certificate(pem))
    .some((ca) => ca.fingerprint256 === certificate.fingerprint256 || certificate.verify(ca.publicKey));
