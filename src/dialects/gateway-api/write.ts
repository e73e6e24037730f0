// The model as Gateway API objects: a Gateway, HTTPRoutes per host, TLSRoutes and TCPRoutes, and the ReferenceGrants that
// backends and certificates of other namespaces need; for Istio also its policies and DestinationRules. Read again by the
// implementation's rules they decide as the model does; what cannot be expressed so is in the report.

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { otherServerLosses } from '../../implementations/istio/write/address-check-losses.js';
import { authHosts } from '../../implementations/istio/write/auth-hosts.js';
import { joined, providerText } from '../../implementations/istio/write/auth-rules.js';
import { destinationRules } from '../../implementations/istio/write/destination-rules.js';
import { ENVOY_FILTER_REMARK } from '../../implementations/istio/write/envoy-filter-patches.js';
import { installationFor } from '../../implementations/istio/write/installation.js';
import { movedPolicies } from '../../implementations/istio/write/moved-policies.js';
import { serviceEntries } from '../../implementations/istio/write/service-entries.js';
import { writtenPolicies } from '../../implementations/istio/write/written-policies.js';
import { append, type Destination, type EffectiveGateway, type Origin, routesOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withHandshakes } from '../client-certificates.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { noteForeignAnnotations } from '../foreign-annotations.js';
import { sayable } from '../sayable.js';
import { withWildcardsApart } from '../single-label-wildcard.js';
import type { Implementation } from './implementations/implementation.js';
import { implementationOf } from './implementations/index.js';
import { SERVICE } from './kinds.js';
import { backendTlsPolicies, hasBackendPolicy, shownCertificate } from './write/backend-tls.js';
import { customPolicy, denyPolicy, refTo } from './write/deny-policy.js';
import { authoritiesOf, frontendsOf } from './write/frontend.js';
import { classOf, NO_CLASS } from './write/gateway-class.js';
import {
  addGrant,
  certificateGrants,
  gatewayObject,
  grantObjects,
  type KubeObject,
  MOST_LISTENERS,
} from './write/gateway-object.js';
import { type Place, placeOf } from './write/gateway-place.js';
import { type Guards, httpRoutes } from './write/http-objects.js';
import { l4Routes } from './write/l4-routes.js';
import { type ListenerDraft, listenerDrafts } from './write/listeners.js';
import { gatewayLosses } from './write/losses.js';
import { rateLimits } from './write/rate-limits.js';
import { newReport, type Report } from './write/report.js';

/** What the translation of each gateway adds to, and what all have in common. */
interface Around {
  readonly implementation: Implementation;
  readonly catalog: Catalog;
  readonly options: WriteOptions;
  readonly report: Report;
  readonly origins: Map<object, Origin>;
  readonly remarks: Map<object, string>;
}

export function write(gateways: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult {
  const implementation = implementationOf(options.implementation);
  const report = newReport();
  const around: Around = { implementation, catalog, options, report, origins: new Map(), remarks: new Map() };
  const objects: KubeObject[] = [];
  const renamed = new Map<string, string>();
  /** Names of routes are taken per namespace, over all gateways. */
  const names = new Map<string, Set<string>>();
  for (const source of gateways) {
    const plain = sayable(source, report);
    const certified = withCertificates(withWildcardsApart(plain), options, report);
    const gateway = implementation.controlPlane || implementation.own ? withHandshakes(certified) : certified;
    gatewayLosses(gateway, implementation, report);
    const place = placeOf(gateway);
    const taken = names.get(place.namespace) ?? new Set<string>();
    names.set(place.namespace, taken);
    renamed.set(gateway.id, `${place.namespace}/${place.name}`);
    append(objects, gatewayObjects(gateway, place, taken, around));
  }
  noteForeignAnnotations(
    gateways,
    'put the annotation on the Gateway (cert-manager with gateway-shim), or write a Certificate with the same secretName, issuer and dnsNames',
    report,
  );
  const [first] = gateways;
  const home = first ? placeOf(first).namespace : 'default';
  if (implementation.controlPlane)
    append(objects, [
      ...serviceEntries(gateways, catalog, home),
      ...destinationRules(gateways, catalog, placeOfRules(home, gateways), report).objects,
    ]);
  append(objects, backendTlsPolicies(gateways, catalog));
  const { origins, remarks } = around;
  const installation = installationFor(objects, gateways);
  return {
    ...{ objects, items: report.items, rules: report.rules, origins, renamed, remarks },
    ...(installation ? { installation } : {}),
  };
}

/** Pods of a Gateway are in its namespace. No route can name a subset. */
const placeOfRules = (home: string, gateways: readonly EffectiveGateway[]) => ({
  home,
  visibleIn: [...new Set(gateways.map((g) => placeOf(g).namespace))],
  besideClients: true,
  subsets: false,
  policyTls: (to: Destination) => !hasBackendPolicy(to),
});

/** `names`: of routes, taken in the namespace. */
function gatewayObjects(
  gateway: EffectiveGateway,
  place: Place,
  names: Set<string>,
  around: Around,
): readonly KubeObject[] {
  const { implementation, catalog, options, report, origins, remarks } = around;
  for (const route of routesOf(gateway)) if (route.own) report.needless(route);
  const drafts = listenerDrafts(gateway, options, report);
  const [first] = drafts;
  if (first === undefined) return [];
  if (drafts.length > MOST_LISTENERS && first.chain.origin)
    report.add(
      'listeners',
      `a Gateway has at most ${MOST_LISTENERS} listeners, not ${drafts.length}`,
      first.chain.origin,
    );
  const extended = implementation.controlPlane !== undefined;
  if (extended) otherServerLosses(gateway, report);
  const shown = shownCertificate(gateway);
  const grants = certificateGrants(
    drafts,
    [
      ...authoritiesOf(frontendsOf(gateway, options), options),
      ...(shown ? [{ kind: 'Secret' as const, ...shown }] : []),
    ],
    place,
  );
  const writer = {
    namespace: place.namespace,
    report,
    grant: (namespace: string, service: string) => addGrant(grants, 'Service', namespace, service),
    hasService: (namespace: string, name: string) => catalog.find(SERVICE, namespace, name) !== undefined,
    allowExperimental: options.allowExperimental === true,
    allowEnvoyFilter: extended && options.allowEnvoyFilter === true,
    extended,
    namesAuthority: frontendsOf(gateway, options).size > 0,
    own: implementation.own,
    engine: gateway.engine,
    precedence: implementation.precedence,
  };
  const byConnection = gateway.engine === 'envoy' || gateway.engine === 'envoy-gateway';
  const http = httpRoutes(drafts, byConnection, place, names, writer);
  const named = implementation.own?.placed(http.objects, place) ?? { objects: http.objects, moved: new Map() };
  for (const [written, { origin, remark }] of http.routeOf) {
    const rule = named.moved.get(written) ?? written;
    origins.set(rule, origin);
    if (remark !== undefined) remarks.set(rule, remark);
  }
  const l4 = l4Routes(drafts, place, writer, names);
  const filters = writer.allowEnvoyFilter ? rateLimits(place, http.objects, http.routeOf) : [];
  for (const filter of filters) remarks.set(filter, ENVOY_FILTER_REMARK);
  const kinds = [...new Set([...http.objects, ...l4].map((o) => String(o.kind)))];
  return [
    classedGateway(gateway, drafts, place, around),
    ...named.objects,
    ...l4,
    ...grantObjects(grants, place, kinds),
    ...policyObjects(http.guards, drafts, place, around),
    ...(extended ? movedObjects(gateway, place, around) : []),
    ...(implementation.own?.besideGateway(gateway, drafts, place) ?? []),
    ...authHosts(joined(http.guards.asked), place.namespace),
    ...filters,
  ];
}

function classedGateway(
  gateway: EffectiveGateway,
  drafts: readonly ListenerDraft[],
  place: Place,
  { implementation, catalog, options, report, remarks }: Around,
): KubeObject {
  const className = classOf(gateway, implementation, catalog);
  const object = gatewayObject(
    place,
    className ?? NO_CLASS,
    drafts,
    frontendsOf(gateway, options),
    shownCertificate(gateway),
  );
  if (className !== undefined) return object;
  remarks.set(object, `Put the name of your GatewayClass in place of ${NO_CLASS}.`);
  const { chain } = drafts[0]!;
  const origin = chain.origin ?? (chain.kind === 'http' ? chain.virtualHosts[0]?.routes[0]?.origin : undefined);
  if (origin)
    report.add('gateway.class', `the Gateway needs the name of a GatewayClass in place of ${NO_CLASS}`, origin);
  return object;
}

function policyObjects(
  { denied, asked }: Guards,
  drafts: readonly ListenerDraft[],
  place: Place,
  { remarks }: Around,
): readonly KubeObject[] {
  const listeners = drafts.map(({ port, chain }) => ({ port, filterChains: [chain] }));
  const policies = joined(asked);
  const custom = policies.map((policy) => {
    const object = customPolicy(place, policy);
    remarks.set(object, providerText(policy, policies.length > 1));
    return object;
  });
  return [...(denied.length > 0 ? [denyPolicy(place, denied, listeners)] : []), ...custom];
}

/** Policies of a gateway whose place this one takes. A Gateway that keeps its name keeps its policies. */
function movedObjects(gateway: EffectiveGateway, place: Place, { catalog, origins }: Around): readonly KubeObject[] {
  if (gateway.dialect === 'gateway-api') return [];
  const { rootNamespace } = meshConfig(catalog);
  const home = { ...place, binding: { targetRefs: [refTo(place)] }, rootNamespace };
  const moved = [...movedPolicies(gateway, home), ...writtenPolicies(gateway, home)];
  for (const { object, origin } of moved) origins.set(object, origin);
  return moved.map(({ object }) => object);
}
