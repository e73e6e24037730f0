// DestinationRules for the Services of a case, with what people write into them: recorded cases have subsets and nothing else.
import type { Random } from '../../envoy/generate.js';
import { chance, type Doc, type Node, pick } from './mutate.js';

const TLS: readonly Node[] = [
  { mode: 'DISABLE' },
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE', sni: 'inner.test' },
  { mode: 'ISTIO_MUTUAL' },
];
const BALANCE: readonly Node[] = [
  { simple: 'ROUND_ROBIN' },
  { simple: 'LEAST_REQUEST' },
  { simple: 'RANDOM' },
  { simple: 'PASSTHROUGH' },
  { consistentHash: { httpHeaderName: 'x-user' } },
  { consistentHash: { httpCookie: { name: 'sticky', ttl: '0s' } } },
  { consistentHash: { useSourceIp: true } },
  { consistentHash: { httpQueryParameterName: 'q' } },
];
const POOL: readonly Node[] = [
  { http: { h2UpgradePolicy: 'UPGRADE' } },
  { http: { useClientProtocol: true } },
  { http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 } },
  { tcp: { maxConnections: 1, connectTimeout: '1s' } },
];

function policy(r: Random): Doc {
  const out: Doc = {};
  if (chance(r, 0.4)) out.tls = pick(r, TLS);
  if (chance(r, 0.5)) out.loadBalancer = pick(r, BALANCE);
  if (chance(r, 0.4)) out.connectionPool = pick(r, POOL);
  if (chance(r, 0.2)) out.outlierDetection = { consecutive5xxErrors: 5 };
  return Object.keys(out).length > 0 ? out : { loadBalancer: { simple: 'RANDOM' } };
}

/** `docs` and one more, for a host that they name or one near it. */
export function withDestinationRule(r: Random, docs: readonly Doc[]): Doc[] {
  const services = docs.filter((d) => d.kind === 'Service');
  if (services.length === 0) return [...docs];
  const { name, namespace = 'default' } = pick(r, services).metadata as Doc;
  const home = pick(r, [namespace, namespace, namespace, 'istio-system', 'team-a']);
  const host = pick(r, [
    `${name}.${namespace}.svc.cluster.local`,
    `${name}.${namespace}.svc.cluster.local`,
    `${name}`,
    `${name}.${namespace}`,
    `*.${namespace}.svc.cluster.local`,
    '*.local',
  ]);
  const subset = (version: string): Doc => ({
    name: version,
    labels: { version },
    ...(chance(r, 0.4) ? { trafficPolicy: policy(r) } : {}),
  });
  const spec: Doc = {
    host,
    ...(chance(r, 0.8) ? { trafficPolicy: policy(r) } : {}),
    ...(chance(r, 0.5) ? { subsets: ['v1', 'v2', 'canary'].filter(() => chance(r, 0.6)).map(subset) } : {}),
    ...(chance(r, 0.15) ? { exportTo: [pick(r, ['.', '*', 'prod'])] } : {}),
    ...(chance(r, 0.1) ? { workloadSelector: { matchLabels: { app: `${name}` } } } : {}),
  };
  const apiVersion = 'networking.istio.io/v1';
  const creationTimestamp = `2026-0${1 + Math.floor(r() * 3)}-01T00:00:00Z`;
  return [
    ...docs,
    { apiVersion, kind: 'DestinationRule', metadata: { name: 'made', namespace: home!, creationTimestamp }, spec },
  ];
}
