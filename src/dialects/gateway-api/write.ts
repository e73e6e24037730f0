// The model as Gateway API objects: a Gateway, HTTPRoutes per host, TLSRoutes and TCPRoutes, and the ReferenceGrants that
// backends and certificates of other namespaces need; for Istio also its policies and DestinationRules. Read again by the
// implementation's rules they decide as the model does; what cannot be expressed so is in the report.

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { authHosts } from '../../implementations/istio/write/auth-hosts.js';
import { type AuthPolicy, authPolicies, joined, providerText } from '../../implementations/istio/write/auth-rules.js';
import {
  besideWildcardLosses,
  type DenyRule,
  denyRules,
  wildcardLosses,
} from '../../implementations/istio/write/deny-rules.js';
import { destinationRules } from '../../implementations/istio/write/destination-rules.js';
import { ENVOY_FILTER_REMARK } from '../../implementations/istio/write/envoy-filter-patches.js';
import { installationFor } from '../../implementations/istio/write/installation.js';
import { movedPolicies } from '../../implementations/istio/write/moved-policies.js';
import { append, type EffectiveGateway, type Origin, type Route, type VirtualHost } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withHandshakes } from '../client-certificates.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { noteForeignAnnotations } from '../foreign-annotations.js';
import { aboutHosts } from '../item-list.js';
import { withoutOwn } from '../nginx-internal-endpoints.js';
import { oneLabelOnly, withWildcardsApart } from '../single-label-wildcard.js';
import { bySpecificity } from './features/hostname.js';
import { compareText, objectAt, stringAt } from './fields.js';
import type { Implementation } from './implementations/implementation.js';
import { implementationOf } from './implementations/index.js';
import { GATEWAY, GROUP, SERVICE } from './kinds.js';
import { backendTlsPolicies } from './write/backend-tls.js';
import { customPolicy, denyPolicy, refTo } from './write/deny-policy.js';
import {
  addGrant,
  type Grants,
  gatewayObject,
  grantObjects,
  type KubeObject,
  MOST_LISTENERS,
} from './write/gateway-object.js';
import { type Place, placeOf } from './write/gateway-place.js';
import { type HostRoutes, hostRoutes } from './write/host-routes.js';
import { hostRules } from './write/host-rules.js';
import { NEVER, type Rule, splitRules } from './write/http-routes.js';
import { l4Routes } from './write/l4-routes.js';
import { type ListenerDraft, listenerDrafts } from './write/listeners.js';
import { gatewayLosses, hostLosses } from './write/losses.js';
import { nameOfHost, unused } from './write/names.js';
import { rateLimits } from './write/rate-limits.js';
import { newReport, type Report } from './write/report.js';

export function write(gateways: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult {
  const report = newReport();
  const origins = new Map<object, Origin>();
  const remarks = new Map<object, string>();
  const objects: KubeObject[] = [];
  const renamed = new Map<string, string>();
  const implementation = implementationOf(options.implementation);
  /** Names of routes are taken per namespace, over all gateways. */
  const names = new Map<string, Set<string>>();
  for (const source of gateways) {
    const certified = withCertificates(withWildcardsApart(source), options, report);
    const gateway = implementation.controlPlane ? withHandshakes(certified) : certified;
    gatewayLosses(gateway, implementation, report);
    const place = placeOf(gateway);
    const taken = names.get(place.namespace) ?? new Set<string>();
    names.set(place.namespace, taken);
    renamed.set(gateway.id, `${place.namespace}/${place.name}`);
    append(objects, gatewayObjects(gateway, implementation, place, taken, catalog, options, report, origins, remarks));
  }
  noteForeignAnnotations(
    gateways,
    'put the annotation on the Gateway (cert-manager with gateway-shim), or write a Certificate with the same secretName, issuer and dnsNames',
    report,
  );
  const [first] = gateways;
  if (implementation.controlPlane)
    append(objects, destinationRules(gateways, catalog, first ? placeOf(first).namespace : 'default', report, false));
  append(objects, backendTlsPolicies(gateways, catalog));
  const installation = installationFor(objects, gateways);
  return {
    ...{ objects, items: report.items, rules: report.rules, origins, renamed, remarks },
    ...(installation ? { installation } : {}),
  };
}

function gatewayObjects(
  gateway: EffectiveGateway,
  implementation: Implementation,
  place: Place,
  names: Set<string>,
  catalog: Catalog,
  options: WriteOptions,
  report: Report,
  origins: Map<object, Origin>,
  remarks: Map<object, string>,
): readonly KubeObject[] {
  const drafts = listenerDrafts(gateway, options, report);
  const [first] = drafts;
  if (first === undefined) return [];
  if (drafts.length > MOST_LISTENERS && first.chain.origin) {
    report.add(
      'listeners',
      `a Gateway has at most ${MOST_LISTENERS} listeners, not ${drafts.length}`,
      first.chain.origin,
    );
  }
  const extended = implementation.controlPlane !== undefined;
  const grants: Grants = new Map();
  for (const draft of drafts) {
    for (const c of draft.tls?.certificates ?? []) {
      if (c.namespace !== place.namespace) addGrant(grants, 'Secret', c.namespace, c.name);
    }
  }
  const writer = {
    namespace: place.namespace,
    report,
    grant: (namespace: string, service: string) => addGrant(grants, 'Service', namespace, service),
    hasService: (namespace: string, name: string) => catalog.find(SERVICE, namespace, name) !== undefined,
    allowExperimental: options.allowExperimental === true,
    allowEnvoyFilter: extended && options.allowEnvoyFilter === true,
    extended,
  };
  const routeOf = new Map<object, Route>();
  const denied: DenyRule[] = [];
  const asked: AuthPolicy[] = [];
  const http = mergedRoutes(
    hostRoutes(drafts, gateway.engine === 'envoy', report).flatMap((routes) => {
      hostLosses(routes, report);
      const [listener] = routes.listeners;
      const at = { port: listener?.port ?? 80, tls: listener?.tls !== undefined };
      const chain = listener?.chain;
      const others = chain?.kind === 'http' ? chain.virtualHosts : [];
      const host = withoutOwn(routes.host);
      const denials = extended ? denyRules(host, others, [at.port], report) : [];
      append(denied, denials);
      if (extended) append(asked, authPolicies(host, others));
      else noteAddressLists(host, report);
      if (denials.length > 0) wildcardLosses(host, report);
      if (denials.length > 0) besideWildcardLosses(host, others, report);
      // Client addresses are the policy's, before any rule.
      const isOneLabel = host.domains.some((d) => d.kind === 'one-label');
      const limited = isOneLabel ? oneLabelOnly(host, others.map(withoutOwn), denials.length === 0) : host;
      const about = { ...report, add: aboutHosts(report.add, routes.host.domains) };
      for (const route of host.routes) if (route.match.source?.length) report.wrote(route);
      for (const route of routes.host.routes) if (!host.routes.includes(route)) report.needless(route);
      const rules = limited.routes.filter((r) => !r.match.source?.length);
      const split = splitRules(hostRules(rules, { ...writer, report: about, listener: at }), routeOf);
      if (split.length > 0) return [{ routes, split }];
      // A host without rules answers 404 by itself, unless its requests would go to a broader one.
      const isBroader = (v: VirtualHost) => v !== routes.host && v.domains.some((d) => d.kind !== 'exact');
      return routes.hostnames.includes('*') || !others.some(isBroader) ? [] : [{ routes, split: [[NEVER]] }];
    }),
  );
  const routes = http.flatMap(({ routes: { hostnames, listeners }, split }) =>
    httpRouteObjects(hostnames, listeners, split, drafts, place, names),
  );
  for (const [rule, { origin, remark }] of routeOf) {
    origins.set(rule, origin);
    if (remark !== undefined) remarks.set(rule, remark);
  }
  const l4 = l4Routes(drafts, place, writer, names);
  const kinds = [...new Set([...routes, ...l4].map((o) => String(o.kind)))];
  const policiesAsked = joined(asked);
  const custom = policiesAsked.map((policy) => {
    const object = customPolicy(place, policy);
    remarks.set(object, providerText(policy, policiesAsked.length > 1));
    return object;
  });
  const httpPorts = [...new Set(drafts.filter((d) => d.chain.kind === 'http').map((d) => d.port))];
  const policies = [...(denied.length > 0 ? [denyPolicy(place, denied, httpPorts)] : []), ...custom];
  // A Gateway that keeps its name keeps its policies.
  const moved =
    gateway.dialect === 'gateway-api' || !extended
      ? []
      : movedPolicies(gateway, {
          ...place,
          binding: { targetRefs: [refTo(place)] },
          rootNamespace: meshConfig(catalog).rootNamespace,
        });
  for (const { object, origin } of moved) origins.set(object, origin);
  const filters = writer.allowEnvoyFilter ? rateLimits(place, routes, routeOf) : [];
  for (const filter of filters) remarks.set(filter, ENVOY_FILTER_REMARK);
  const className = implementation.className ?? classOf(gateway, catalog);
  const object = gatewayObject(place, className ?? NO_CLASS, drafts);
  if (className === undefined) {
    remarks.set(object, `Put the name of your GatewayClass in place of ${NO_CLASS}.`);
    const origin =
      first.chain.origin ?? (first.chain.kind === 'http' ? first.chain.virtualHosts[0]?.routes[0]?.origin : undefined);
    if (origin)
      report.add('gateway.class', `the Gateway needs the name of a GatewayClass in place of ${NO_CLASS}`, origin);
  }
  return [
    object,
    ...routes,
    ...l4,
    ...grantObjects(grants, place, kinds),
    ...policies,
    ...moved.map(({ object }) => object),
    ...authHosts(policiesAsked, place.namespace),
    ...filters,
  ];
}

/** Stands where nobody has named a class. */
const NO_CLASS = 'gateway-class';

/** A Gateway keeps its class. */
const classOf = (gateway: EffectiveGateway, catalog: Catalog): string | undefined =>
  gateway.dialect === 'gateway-api'
    ? stringAt(
        objectAt(catalog.find(GATEWAY, placeOf(gateway).namespace, placeOf(gateway).name)?.object, 'spec'),
        'gatewayClassName',
      )
    : undefined;

/** Client addresses are no part of the standard. */
function noteAddressLists(host: VirtualHost, report: Report): void {
  for (const route of host.routes)
    if (route.match.source?.length)
      report.add(
        'source-address.dropped',
        'the Gateway API has no field for client addresses',
        route.matchOrigin ?? route.origin,
        { route },
      );
}

interface RouteDraft {
  readonly routes: HostRoutes;
  readonly split: readonly (readonly Rule[])[];
}

/** The same host names with the same rules on several listeners (http and https) are one route. */
function mergedRoutes(drafts: readonly RouteDraft[]): readonly RouteDraft[] {
  const merged = new Map<string, RouteDraft>();
  for (const draft of drafts) {
    const key = JSON.stringify([draft.routes.hostnames, draft.split]);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, draft);
    else {
      const listeners = [...same.routes.listeners, ...draft.routes.listeners];
      merged.set(key, { ...same, routes: { ...same.routes, listeners } });
    }
  }
  // Virtual hosts have no order; routes are written with the most specific host name first.
  const hostOf = ({ routes }: RouteDraft) => routes.hostnames[0] ?? '*';
  return [...merged.values()].sort((a, b) => bySpecificity(hostOf(a), hostOf(b)) || compareText(hostOf(a), hostOf(b)));
}

function httpRouteObjects(
  hostnames: readonly string[],
  listeners: readonly ListenerDraft[],
  split: RouteDraft['split'],
  drafts: readonly ListenerDraft[],
  place: Place,
  names: Set<string>,
): readonly KubeObject[] {
  const base = nameOfHost(hostnames[0] ?? '*');
  const name = names.has(base) ? unused(`${base}-${listeners[0]?.port}`, names) : unused(base, names);
  const digits = String(split.length).length;
  return split.map((rules, i) => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'HTTPRoute',
    // Routes of one age come in the order of their names, and so do the parts of one list of rules.
    metadata: {
      name: i === 0 ? name : unused(`${name}-part-${String(i + 1).padStart(digits, '0')}`, names),
      namespace: place.namespace,
    },
    spec: {
      parentRefs: listeners.map((l) => ({ name: place.name, ...(drafts.length > 1 && { sectionName: l.name }) })),
      ...(!hostnames.includes('*') && { hostnames }),
      rules,
    },
  }));
}
