// Which DestinationRule applies to a host, seen from one gateway workload: merging of rules for one host, who they are
// exported to, in which namespaces Istio looks first, and workload selectors. setDestinationRules, destinationRule in
// pilot/pkg/model/push_context.go, mergeDestinationRule in destination_rule.go, DestinationRule in sidecar.go.

import { type JsonObject, type Origin, originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareAge, createdAt } from '../../resources/creation.js';
import {
  type Field,
  numberOf,
  objectOf,
  objectsOf,
  specOf,
  stringMapOf,
  stringOf,
  stringsOf,
} from '../../resources/fields.js';
import { mostSpecific, resolveShortName } from './hosts.js';
import { meshConfig } from './mesh-config.js';
import type { IstioService } from './services.js';

export interface Subset {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly trafficPolicy?: Field<JsonObject>;
  readonly origin: Origin;
}

/** One or several DestinationRule objects of one host that Istio has made one. */
export interface DestinationRule {
  readonly host: string;
  readonly namespace: string;
  readonly subsets: readonly Subset[];
  readonly trafficPolicy?: Field<JsonObject>;
  readonly workloadSelector?: Readonly<Record<string, string>>;
  readonly exportTo: ReadonlySet<string>;
  readonly origins: readonly Origin[];
}

/** The workload a gateway's Envoy runs in. */
export interface GatewayWorkload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** No Pod of it is in the files: the labels are those that its Gateways select, the namespace is Istio's own. */
  readonly assumed?: boolean;
}

/** What a rule says about connections to one port of one subset. */
export interface TrafficPolicies {
  /** Of `connectionPool`, `loadBalancer`, `outlierDetection`, `tls`: the block that counts for the cluster. */
  block(key: string): JsonObject | undefined;
  /** `consistentHash` of the load balancer, which a route looks for on every level. */
  readonly consistentHash?: JsonObject;
}

const portLevel = (policy: JsonObject | undefined, port: number): JsonObject | undefined =>
  objectsOf(policy?.portLevelSettings).find((p) => numberOf(objectOf(p.port)?.number) === port);

/**
 * Settings of a port stand for all settings of their level, also for those they leave out (MergeSubsetTrafficPolicy,
 * GetPortLevelTrafficPolicy in pilot/pkg/networking/util); the hash is looked for level by level (HashForHTTPDestination).
 */
export function trafficPolicies(rule: DestinationRule, port: number | undefined, subset: string): TrafficPolicies {
  const ofSubset = rule.subsets.find((s) => s.name === subset)?.trafficPolicy?.value;
  const general = rule.trafficPolicy?.value;
  const ownPort = port === undefined ? undefined : portLevel(ofSubset, port);
  const generalPort = port === undefined ? undefined : portLevel(general, port);
  const consistentHash = [ownPort, ofSubset, generalPort, general]
    .map((level) => objectOf(objectOf(level?.loadBalancer)?.consistentHash))
    .find((hash) => hash !== undefined);
  return {
    block(key) {
      if (ownPort) return objectOf(own(ownPort, key));
      return objectOf(own(ofSubset, key)) ?? objectOf(own(generalPort ?? general, key));
    },
    ...(consistentHash ? { consistentHash } : {}),
  };
}

export const labelsInclude = (
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean => Object.entries(wanted).every(([key, value]) => own(labels, key) === value);

function ofResource(resource: Resource): DestinationRule {
  const spec = specOf(resource);
  const origin = originOf(resource);
  const policy = (value: JsonObject | undefined, ...path: (string | number)[]) =>
    value ? { trafficPolicy: { value, origin: originOf(resource, ...path, 'trafficPolicy') } } : {};
  const selector = objectOf(spec.workloadSelector);
  return {
    host: resolveShortName(stringOf(spec.host) ?? '', resource.namespace),
    namespace: resource.namespace,
    subsets: objectsOf(spec.subsets).map((subset, i) => ({
      name: stringOf(subset.name) ?? '',
      labels: stringMapOf(subset.labels),
      ...policy(objectOf(subset.trafficPolicy), 'spec', 'subsets', i),
      origin: originOf(resource, 'spec', 'subsets', i),
    })),
    ...policy(objectOf(spec.trafficPolicy), 'spec'),
    ...(selector ? { workloadSelector: stringMapOf(selector.matchLabels) } : {}),
    // A rule with a selector stays at home: setDestinationRules.
    exportTo: new Set(selector ? ['.'] : stringsOf(spec.exportTo)),
    origins: [origin],
  };
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((x) => b.has(x));

const sameSelector = (a: DestinationRule, b: DestinationRule): boolean => {
  const x = a.workloadSelector ?? {};
  const y = b.workloadSelector ?? {};
  return labelsInclude(x, y) && labelsInclude(y, x);
};

function absorb(rule: DestinationRule, next: DestinationRule): DestinationRule {
  const known = new Set(rule.subsets.map((s) => s.name));
  const trafficPolicy = rule.trafficPolicy ?? next.trafficPolicy;
  return {
    ...rule,
    subsets: [...rule.subsets, ...next.subsets.filter((s) => !known.has(s.name))],
    ...(trafficPolicy ? { trafficPolicy } : {}),
    origins: [...rule.origins, ...next.origins],
  };
}

/** Rules by host; several for one host where exports or selectors differ. */
type Pool = Map<string, DestinationRule[]>;

/** mergeDestinationRule: the older rule takes over what the newer adds, where both say the same about who may see them. */
function addTo(pool: Pool, rule: DestinationRule): void {
  const rules = pool.get(rule.host);
  if (!rules) {
    pool.set(rule.host, [rule]);
    return;
  }
  let apart = true;
  for (const [i, existing] of rules.entries()) {
    if (sameSet(rule.exportTo, existing.exportTo)) {
      apart = false;
    } else {
      apart = true;
      const wider = existing.exportTo.size > 0 && [...existing.exportTo].every((x) => rule.exportTo.has(x));
      if (!wider) continue;
    }
    const bothSelect = rule.workloadSelector !== undefined && existing.workloadSelector !== undefined;
    const noneSelects = rule.workloadSelector === undefined && existing.workloadSelector === undefined;
    if (bothSelect && !sameSelector(rule, existing)) {
      apart = true;
      continue;
    }
    if (noneSelects || bothSelect) apart = false;
    rules[i] = absorb(existing, rule);
  }
  if (apart) rules.push(rule);
}

function poolOf(pools: Map<string, Pool>, namespace: string): Pool {
  const found = pools.get(namespace) ?? new Map<string, DestinationRule[]>();
  pools.set(namespace, found);
  return found;
}

const CLUSTER_HOST = /^[^.]+\.([^.]+)\.svc\.cluster\.local$/;

export interface DestinationRules {
  /** The rule that shapes the clusters of `service` at this gateway. */
  of(service: IstioService): DestinationRule | undefined;
  /** Rules for a host of which no service is known (files without any Service): the name of one in the cluster says its namespace, else wherever they are. */
  guess(hostname: string): DestinationRule | undefined;
}

export function destinationRules(catalog: Catalog, gateway: GatewayWorkload): DestinationRules {
  const { rootNamespace, exportTo: byDefault } = meshConfig(catalog);
  // Of the default only . and * count.
  const privateByDefault = byDefault.destinationRule.includes('.');
  const local = new Map<string, Pool>();
  const exported = new Map<string, Pool>();
  const rootOnly: Pool = new Map();
  const anywhere: Pool = new Map();
  const rules = catalog
    .ofKind('networking.istio.io/DestinationRule')
    .map((resource) => ({
      createdAt: createdAt(resource),
      name: resource.name,
      namespace: resource.namespace,
      rule: ofResource(resource),
    }))
    .sort(
      (a, b) =>
        Number(b.rule.workloadSelector !== undefined) - Number(a.rule.workloadSelector !== undefined) ||
        compareAge(a, b),
    );
  for (const { rule } of rules) {
    const { exportTo, namespace } = rule;
    addTo(anywhere, rule);
    if (exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace)) {
      addTo(poolOf(local, namespace), rule);
    }
    const privateOnly =
      exportTo.size === 0 ? privateByDefault : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!privateOnly) addTo(poolOf(exported, namespace), rule);
    else if (namespace === rootNamespace) addTo(rootOnly, rule);
  }

  const exportedBy = (namespace: string, hostname: string): readonly DestinationRule[] => {
    const found = mostSpecific(hostname, exported.get(namespace) ?? new Map<string, DestinationRule[]>()) ?? [];
    return found.filter(({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(gateway.namespace));
  };
  const candidates = (service: Pick<IstioService, 'hostname' | 'namespace'>): readonly DestinationRule[] => {
    const home = gateway.namespace === rootNamespace ? rootOnly : local.get(gateway.namespace);
    const own = home && mostSpecific(service.hostname, home);
    if (own) return own;
    const ofOwner = exportedBy(service.namespace, service.hostname);
    return ofOwner.length > 0 ? ofOwner : exportedBy(rootNamespace, service.hostname);
  };
  const forWorkload = (list: readonly DestinationRule[]): DestinationRule | undefined => {
    let general: DestinationRule | undefined;
    for (const rule of list) {
      if (rule.workloadSelector === undefined) general = rule;
      else if (rule.namespace === gateway.namespace && labelsInclude(gateway.labels, rule.workloadSelector))
        return rule;
    }
    return general;
  };
  const chosen = new Map<IstioService, DestinationRule | undefined>();
  return {
    of(service) {
      if (!chosen.has(service)) chosen.set(service, forWorkload(candidates(service)));
      return chosen.get(service);
    },
    guess(hostname) {
      const namespace = CLUSTER_HOST.exec(hostname)?.[1];
      return forWorkload(
        namespace === undefined ? (mostSpecific(hostname, anywhere) ?? []) : candidates({ hostname, namespace }),
      );
    },
  };
}
