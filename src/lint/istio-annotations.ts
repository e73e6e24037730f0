// Annotations of Istio: on which kinds each is read, whether it is deprecated, and which values it takes.
// istio.io/api/annotation/annotations.yaml and pkg/kube/inject/validate.go, Istio of 2026-08-27.

import { isIP } from 'node:net';
import { table } from '../model/index.js';

export interface IstioAnnotation {
  /** `Any`: every kind. `Gateway` is that of the Gateway API. */
  readonly kinds: readonly string[];
  /** What to use instead; empty: nothing. */
  readonly deprecated?: string;
  /** What is wrong with a value, as the end of a sentence. */
  readonly refuses?: (value: string) => string | undefined;
}

type ValueTest = NonNullable<IstioAnnotation['refuses']>;

const must =
  (words: string, takes: (value: string) => boolean): ValueTest =>
  (v) =>
    takes(v) ? undefined : `must be ${words}, not ${JSON.stringify(v)}`;
const integer = must('a number', (v) => /^\d{1,10}$/.test(v) && Number(v) < 2 ** 32);
const boolean = must('true or false', (v) => /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(v));
const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
const port = must('a port', (v) => /^\d+$/.test(v) && Number(v) <= 65535);
const listOf =
  (items: string, item: string, takes: (text: string) => boolean): ValueTest =>
  (v) => {
    const wrong = v === '' ? undefined : v.split(',').find((text) => !takes(text.trim()));
    return wrong === undefined
      ? undefined
      : `must be ${items} separated by commas; ${JSON.stringify(wrong.trim())} is not ${item}`;
  };
const ports = listOf('port numbers', 'a port number', isPort);
const portsOrAll: ValueTest = (v) => (v === '*' ? undefined : ports(v));
const isBlock = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family > 0 &&
    rest.length === 0 &&
    bits !== undefined &&
    /^\d+$/.test(bits) &&
    Number(bits) <= (family === 4 ? 32 : 128)
  );
};
const blocks = listOf('CIDR blocks', 'a CIDR block', isBlock);
const quantity = must('a quantity like 100m or 128Mi', (v) =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(v),
);
const interception = must('REDIRECT, TPROXY or NONE', (v) => ['REDIRECT', 'TPROXY', 'NONE'].includes(v));

const pod = (refuses?: ValueTest): IstioAnnotation => ({ kinds: ['Pod'], ...(refuses ? { refuses } : {}) });
const old = (kinds: readonly string[], instead = ''): IstioAnnotation => ({ kinds, deprecated: instead });
const on = (...kinds: readonly string[]): IstioAnnotation => ({ kinds });
const named = (prefix: string, names: readonly string[], annotation: IstioAnnotation) =>
  Object.fromEntries(names.map((name) => [`${prefix}/${name}`, annotation]));

/** By name. */
export const ISTIO_ANNOTATIONS = table<IstioAnnotation>({
  'kubernetes.io/ingress.class': on('Ingress'),
  'galley.istio.io/analyze-suppress': on('Any'),
  'gateway.istio.io/controller-version': on('Any'),
  'networking.istio.io/exportTo': on('Service'),
  'traffic.istio.io/nodeSelector': on('Service'),
  'networking.istio.io/traffic-distribution': on('Namespace', 'Service', 'ServiceEntry'),
  'istio.io/use-waypoint-canary-weight': on('Namespace', 'Service', 'ServiceEntry'),
  'topology.istio.io/controlPlaneClusters': on('Namespace'),
  'istio.io/dry-run': on('AuthorizationPolicy'),
  'istio.io/ignore-policy-attachment': on('BackendTLSPolicy', 'XBackendTrafficPolicy'),
  'ambient.istio.io/waypoint-inbound-binding': on('GatewayClass', 'Gateway'),
  ...named('gateway.istio.io', ['service-account', 'name-override'], on('Gateway')),
  'networking.istio.io/service-type': on('Gateway'),
  ...named(
    'istio.io',
    ['autoRegistrationGroup', 'workloadController', 'connectedAt', 'disconnectedAt'],
    on('WorkloadEntry'),
  ),
  ...named('alpha.istio.io', ['kubernetes-serviceaccounts', 'canonical-serviceaccounts'], old(['Service'])),
  'sidecar.istio.io/inject': old(['Pod'], 'the label sidecar.istio.io/inject'),
  'sidecar.istio.io/discoveryAddress': old(['Pod'], 'proxy.istio.io/config'),
  ...named(
    'sidecar.istio.io',
    ['statsInclusionPrefixes', 'statsInclusionSuffixes', 'statsInclusionRegexps', 'extraStatTags', 'statsCompression'],
    old(['Pod'], 'proxy.istio.io/config'),
  ),
  'traffic.sidecar.istio.io/kubevirtInterfaces': old(['Pod'], 'istio.io/reroute-virtual-interfaces'),
  ...named(
    'sidecar.istio.io',
    [
      'status',
      'rewriteAppHTTPProbers',
      'proxyImage',
      'proxyImageType',
      'bootstrapOverride',
      'statsHistogramBuckets',
      'statsFlushInterval',
      'statsEvictionInterval',
      'statsHistogramBins',
      'userVolume',
      'userVolumeMount',
      'logLevel',
      'componentLogLevel',
      'agentLogLevel',
      'nativeSidecar',
    ],
    pod(),
  ),
  ...named('sidecar.istio.io', ['proxyCPU', 'proxyCPULimit', 'proxyMemory', 'proxyMemoryLimit'], pod(quantity)),
  'sidecar.istio.io/interceptionMode': pod(interception),
  'status.sidecar.istio.io/port': pod(port),
  ...named(
    'readiness.status.sidecar.istio.io',
    ['initialDelaySeconds', 'periodSeconds', 'failureThreshold'],
    pod(integer),
  ),
  'readiness.status.sidecar.istio.io/applicationPorts': pod(),
  'traffic.sidecar.istio.io/includeOutboundIPRanges': pod((v) => (v === '*' ? undefined : blocks(v))),
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': pod(blocks),
  'traffic.sidecar.istio.io/includeInboundPorts': pod(portsOrAll),
  'traffic.sidecar.istio.io/excludeInboundPorts': pod(ports),
  'traffic.sidecar.istio.io/includeOutboundPorts': pod(),
  'traffic.sidecar.istio.io/excludeOutboundPorts': pod(ports),
  'traffic.sidecar.istio.io/excludeInterfaces': pod(),
  'prometheus.istio.io/merge-metrics': pod(boolean),
  ...named('proxy.istio.io', ['config', 'overrides'], pod()),
  'inject.istio.io/templates': pod(),
  ...named('istio.io', ['rev', 'reroute-virtual-interfaces'], pod()),
  ...named('ambient.istio.io', ['redirection', 'bypass-inbound-capture', 'dns-capture'], pod()),
});

/** Names of labels: written as annotations they do nothing. */
export const ISTIO_LABELS: ReadonlySet<string> = new Set([
  'istio-injection',
  'security.istio.io/tlsMode',
  'service.istio.io/canonical-name',
  'service.istio.io/canonical-revision',
  'service.istio.io/workload-name',
  'networking.istio.io/gatewayPort',
  'networking.istio.io/enable-autoallocate-ip',
  'topology.istio.io/subzone',
  'topology.istio.io/network',
  'topology.istio.io/cluster',
  'topology.istio.io/locality',
  'istio.io/tag',
  'istio.io/dataplane-mode',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'istio.io/use-waypoint-canary',
  'istio.io/use-waypoint-canary-namespace',
  'istio.io/ingress-use-waypoint',
  'istio.io/waypoint-for',
]);

/** Set by Istio itself, or by who installs it: nothing is said about them. */
export const isOwnAnnotation = (name: string): boolean =>
  [
    'sidecar.istio.io/status',
    'gateway.istio.io/controller-version',
    'istio.io/rev',
    'ambient.istio.io/redirection',
  ].includes(name) || /^(?:operator|install\.operator|internal)\.istio\.io\//.test(name);
