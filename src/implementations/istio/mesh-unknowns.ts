// What of a mesh configuration is not modelled: each field of MeshConfig and ProxyConfig (istio/api, mesh/v1alpha1, 2026-07-21) is read by
// mesh-config.ts, harmless to the answers of a gateway, or an unknown with what it can do (uses of push.Mesh in pilot/pkg, Istio source of
// 2026-08-22).

import {
  type Json,
  type JsonObject,
  originOf,
  own,
  type Resource,
  table,
  type Unsupported,
} from '../../model/index.js';
import { objectOf } from '../../resources/fields.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const isText = (value: Json): boolean => typeof value === 'string';
const isTexts = (value: Json): boolean => Array.isArray(value) && value.every(isText);
const isMode = (value: Json): boolean =>
  ['UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT'].includes(String(value)) && isText(value);

/** Fields that mesh-config.ts reads, and what they have to be: with another value Istio takes nothing of the whole mesh configuration. */
const READ = table<(value: Json) => boolean>({
  rootNamespace: isText,
  ingressClass: isText,
  ingressControllerMode: isMode,
  ingressService: isText,
  ingressSelector: isText,
  defaultVirtualServiceExportTo: isTexts,
  defaultDestinationRuleExportTo: isTexts,
  defaultServiceExportTo: isTexts,
  defaultHttpRetryPolicy: (value) => objectOf(value) !== undefined,
  extensionProviders: (value) => Array.isArray(value),
});

/**
 * Ports and listeners of sidecars, logs, metrics and traces, how bytes travel between proxies, certificates towards destinations, and
 * identities that no client from outside has (trust domains: builder.go, MigrateTrustDomain).
 */
const HARMLESS = new Set(
  words(`proxyListenPort proxyInboundListenPort proxyHttpPort connectTimeout hboneIdleTimeout protocolDetectionTimeout
  tcpKeepalive enableTracing accessLogFile accessLogFormat accessLogEncoding enableEnvoyAccessLogService
  disableEnvoyListenerLog outboundTrafficPolicy inboundTrafficPolicy enableAutoMtls trustDomain trustDomainAliases
  caCertificates localityLbSetting zoneAwareLbSetting dnsRefreshRate h2UpgradePolicy inboundClusterStatName
  outboundClusterStatName certificates serviceSettings serviceScopeConfigs enablePrometheusMerge
  verifyCertificateAtClient ca defaultProviders meshMTLS mesh_mTLS tlsDefaults defaultTrafficPolicy`),
);

const HARMLESS_OF_PROXIES = new Set(
  words(`configPath binaryPath serviceCluster tracingServiceName drainDuration discoveryAddress discoveryRefreshDelay
  zipkinAddress statsdUdpAddress envoyMetricsServiceAddress proxyAdminPort availabilityZone controlPlaneAuthPolicy
  statNameLength concurrency interceptionMode tracing sds envoyAccessLogService envoyMetricsService statusPort
  extraStatTags terminationDrainDuration meshId readinessProbe proxyStatsMatcher holdApplicationUntilProxyStarts
  caCertificatesPem image privateKeyProvider fileFlushInterval fileFlushMinSizeKb statsCompression`),
);

interface Effect {
  readonly effect: Unsupported['effect'];
  readonly what: string;
}

const INVALID: Effect = {
  effect: 'security',
  what: 'a value that Istio cannot read: it keeps the last mesh configuration that it could, at its start its defaults',
};

const UNKNOWN = table<Effect>({
  discoverySelectors: {
    effect: 'routing',
    what: 'Istio sees only objects of the namespaces that they select; here those of all namespaces count',
  },
  configSources: { effect: 'routing', what: 'further configuration that is not in the files' },
  serviceEntryVisibility: { effect: 'routing', what: 'who sees which ServiceEntry' },
  pathNormalization: { effect: 'routing', what: 'paths are normalised otherwise than by default' },
});

const UNKNOWN_OF_PROXIES = table<Effect>({
  gatewayTopology: {
    effect: 'security',
    what: "from where the client's address and its certificate are taken (proxies in front of the gateway)",
  },
  proxyHeaders: { effect: 'change', what: 'headers that the proxy sets on its own' },
  proxyMetadata: { effect: 'change', what: 'switches of the proxy and of what Istio generates for it' },
  runtimeValues: { effect: 'change', what: 'switches of Envoy' },
  connectionSettings: {
    effect: 'routing',
    what: 'limits, time limits and how paths and headers are normalised',
  },
  customConfigFile: { effect: 'routing', what: 'a bootstrap configuration of its own' },
  proxyBootstrapTemplatePath: { effect: 'routing', what: 'a bootstrap configuration of its own' },
});

/** Environment of proxies that no answer depends on. */
const HARMLESS_VARIABLE =
  /^(ISTIO_META_DNS_|DNS_|ISTIO_META_CLUSTER_ID$|ISTIO_META_NETWORK$|ISTIO_META_MESH_ID$|ISTIO_META_IDLE_TIMEOUT$|PROXY_CONFIG_XDS|PROXY_XDS|CA_|CERT_|PILOT_CERT|OUTPUT_CERTS|FILE_MOUNTED_CERTS|PROV_CERT|TRUST_DOMAIN|SECRET_TTL|EXIT_ON_ZERO|MINIMUM_DRAIN|BOOTSTRAP_XDS|ENVOY_|LOG_|GOMAXPROCS|GOMEMLIMIT|ISTIO_PROMETHEUS)/;

/** One for each field that can change answers and is not read. */
export const meshUnknowns = (resource: Resource): Unsupported[] =>
  Object.entries(resource.object).flatMap(([key, value]) => {
    const name = jsonName(key);
    if (value === null || HARMLESS.has(name)) return [];
    const isRight = READ.get(name);
    if (isRight) return isRight(value) ? [] : unknown(resource, [key], 'meshconfig.invalid', value, INVALID);
    if (name === 'defaultConfig') return proxyUnknowns(resource, objectOf(value) ?? {}, [key]);
    if (name === 'pathNormalization' && isUsual(objectOf(value))) return [];
    return unknown(resource, [key], `meshconfig.${name}`, value, UNKNOWN.get(name));
  });

/** The same for the settings of proxies: `defaultConfig`, or an annotation `proxy.istio.io/config`. */
function proxyUnknowns(resource: Resource, settings: JsonObject, at: readonly string[]): Unsupported[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const name = jsonName(key);
    if (value === null || HARMLESS_OF_PROXIES.has(name) || isEmpty(value)) return [];
    if (name === 'proxyMetadata' && Object.keys(objectOf(value) ?? {}).every((v) => HARMLESS_VARIABLE.test(v)))
      return [];
    return unknown(resource, [...at, key], `proxyconfig.${name}`, value, UNKNOWN_OF_PROXIES.get(name));
  });
}

function unknown(
  resource: Resource,
  path: readonly string[],
  feature: string,
  content: Json,
  known: Effect | undefined,
): Unsupported[] {
  // A field that Istio does not have: it is left out (protomarshal.ApplyYAML), and lint names it.
  if (!known) return [];
  return [
    {
      feature,
      detail: `${path.join('.')} of the mesh configuration: ${known.what}`,
      effect: known.effect,
      content,
      origin: originOf(resource, ...path),
    },
  ];
}

const isEmpty = (value: Json): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

/** What Istio does without it. */
function isUsual(settings: JsonObject | undefined): boolean {
  const normalization = own(settings ?? {}, 'normalization') ?? 'DEFAULT';
  return normalization === 'DEFAULT' || normalization === 'BASE';
}

/** Of MeshConfig or ProxyConfig, by its name in JSON: it exists, and an answer may depend on it. */
export const matters = (name: string): boolean =>
  name === 'defaultConfig' || READ.has(name) || UNKNOWN.has(name) || UNKNOWN_OF_PROXIES.has(name);

/** A field of MeshConfig or ProxyConfig whose effect on gateways is known. */
export const isKnownField = (name: string): boolean =>
  matters(name) || HARMLESS.has(name) || HARMLESS_OF_PROXIES.has(name);

/** `ingress_class` → `ingressClass`. */
export const jsonName = (key: string): string =>
  key === 'mesh_mTLS' ? key : key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
