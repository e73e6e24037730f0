// Which destination a reference means at a gateway, and whether Envoy has a cluster for it (no cluster: 503 `NC`).
// GetDestinationCluster in pilot/pkg/networking/core/route/route.go, buildOutboundClusters in core/cluster.go,
// buildSubsetCluster in core/cluster_builder.go (Istio of 2026-08-22).

import type { Destination, Origin } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { perCatalog, Scope } from '../../resources/kept-answers.js';
import {
  type DestinationRule,
  destinationRules,
  type GatewayWorkload,
  labelsInclude,
  trafficPolicies,
} from './destination-rules.js';
import { isWildcard } from './hosts.js';
import { meshRetries, type Retries } from './retries.js';
import { type IstioService, type ServiceIndex, type ServicePort, serviceIndex } from './services.js';

export interface DestinationReference {
  /** Fully qualified (resolveShortName). */
  readonly host: string;
  readonly port?: number | undefined;
  /** Its name, where the number is not known. */
  readonly portName?: string | undefined;
  readonly subset?: string | undefined;
  /** The server's port: what a destination without a port falls back to. */
  readonly listenerPort: number;
  /** Namespace of the object that holds the reference; absent: none is preferred (TCP and TLS routes). */
  readonly namespace?: string | undefined;
  readonly origin: Origin;
}

export interface IstioClusters {
  readonly services: ServiceIndex;
  destination(reference: DestinationReference): Destination;
  /** The DestinationRule of a host. */
  rule(host: string): DestinationRule | undefined;
  /** Retries of routes that say nothing of them; undefined: none. */
  readonly meshRetries: Retries | undefined;
}

/** TLS that the gateway begins, and HTTP/2 that a port's name asks for; absent: plain HTTP/1.1 or mesh mTLS. */
function upstreamProtocol(
  port: string,
  rule: DestinationRule | undefined,
  number: number,
  subset: string | undefined,
): Destination['protocol'] {
  const mode = rule && trafficPolicies(rule, number, subset ?? '').block('tls')?.mode;
  const tls = mode === 'SIMPLE' || mode === 'MUTUAL';
  if (port === 'GRPC' || port === 'GRPC-WEB') return tls ? 'grpcs' : 'grpc';
  if (tls) return 'https';
  return port === 'HTTP2' ? 'h2c' : undefined;
}

const scopes = perCatalog(() => new Scope());

/** Those of a gateway, made once for each catalog. */
export const clustersOf = (catalog: Catalog, gateway: GatewayWorkload): IstioClusters =>
  scopes(catalog).keep(gateway, '', () => istioClusters(catalog, gateway));

export function istioClusters(catalog: Catalog, gateway: GatewayWorkload): IstioClusters {
  const services = serviceIndex(catalog, gateway.namespace);
  const rules = destinationRules(catalog, gateway);
  const ruleOf = (host: string): DestinationRule | undefined => {
    const service = services.scoped(host);
    return service ? rules.of(service) : services.isComplete(host) ? undefined : rules.guess(host);
  };

  /** Why there is no cluster, if there is none. */
  const missing = (host: string, port: number, subset: string | undefined): Destination['missing'] => {
    const rule = ruleOf(host);
    const wanted = subset === undefined ? undefined : rule?.subsets.find((s) => s.name === subset);
    const service = services.scoped(host);
    if (!service && !services.isComplete(host)) return subset !== undefined && rule && !wanted ? 'subset' : undefined;
    if (!service || service.externalName !== undefined) return 'service';
    const found = service.ports.find((p) => p.number === port && hasCluster(service, p));
    if (!found) return 'port';
    if (subset === undefined) return undefined;
    if (!wanted || service.resolution === 'DYNAMIC_DNS') return 'subset';
    const served = service.endpoints?.some((labels) => labelsInclude(labels, wanted.labels)) ?? true;
    return served ? undefined : 'subset';
  };

  return {
    services,
    rule: ruleOf,
    meshRetries: meshRetries(catalog),
    destination({ host, port, portName, subset, listenerPort, namespace, origin }) {
      const named = namespace === undefined ? services.scoped(host) : services.preferring(namespace, host);
      const target = named?.externalName ?? host;
      const only = named?.ports.length === 1 ? named.ports[0]?.number : undefined;
      const number = port ?? only ?? listenerPort;
      const absent = missing(target, number, subset);
      const servicePort = services.scoped(target)?.ports.find((p) => p.number === number);
      const protocol = upstreamProtocol(servicePort?.protocol ?? '', ruleOf(target), number, subset);
      const found: { -readonly [K in keyof Destination]: Destination[K] } = { host: target, port: number, origin };
      if (portName !== undefined) found.portName = portName;
      if (subset !== undefined) found.subset = subset;
      if (subset !== undefined && takesAll(ruleOf(target), subset)) found.wholeHost = true;
      if (absent) found.missing = absent;
      if (protocol) found.protocol = protocol;
      return found;
    },
  };
}

/** It asks for no labels. */
function takesAll(rule: DestinationRule | undefined, name: string): boolean {
  const subset = rule?.subsets.find((s) => s.name === name);
  return subset !== undefined && Object.keys(subset.labels).length === 0;
}

function hasCluster(service: IstioService, port: ServicePort): boolean {
  if (port.protocol === 'UDP') return false;
  if (service.resolution === 'DYNAMIC_DNS' && isWildcard(service.hostname)) {
    return ['HTTP', 'TLS', 'GRPC', 'HTTP2'].includes(port.protocol);
  }
  return service.endpoints === undefined || service.endpoints.length > 0;
}
