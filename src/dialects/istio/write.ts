// The model in Istio's words: Gateways, VirtualServices, and what they need beside them (DestinationRules, AuthorizationPolicies).
// First drafts without names (write/http-drafts.ts, write/l4-drafts.ts), then joined where fewer objects mean the same, then named and
// printed (write/objects.ts).

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { authHosts } from '../../implementations/istio/write/auth-hosts.js';
import { providerText } from '../../implementations/istio/write/auth-rules.js';
import { destinationRules } from '../../implementations/istio/write/destination-rules.js';
import { ENVOY_FILTER_REMARK } from '../../implementations/istio/write/envoy-filter-patches.js';
import { installationFor } from '../../implementations/istio/write/installation.js';
import { type MovedPolicy, movedPolicies } from '../../implementations/istio/write/moved-policies.js';
import { serviceEntries } from '../../implementations/istio/write/service-entries.js';
import { slug } from '../../implementations/istio/write/slug.js';
import { writtenPolicies } from '../../implementations/istio/write/written-policies.js';
import { type EffectiveGateway, type Origin, routesOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withHandshakes } from '../client-certificates.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { noteForeignAnnotations } from '../foreign-annotations.js';
import { sayable } from '../sayable.js';
import { withWildcardsApart } from '../single-label-wildcard.js';
import { bodyLimits } from './write/body-limits.js';
import { type Drafts, noDrafts, type RuleOptions, type ServiceDraft } from './write/drafts.js';
import { customPolicies, denyPolicy, guardsOf } from './write/guards.js';
import { addHttp } from './write/http-drafts.js';
import { joinGateways, mergeGateways } from './write/joined-gateways.js';
import { joinedPorts } from './write/joined-ports.js';
import { addL4 } from './write/l4-drafts.js';
import { withLimitNames } from './write/limit-names.js';
import { noteSecrets, notes, noteWorkload } from './write/notes.js';
import { gatewayObject, l4Object, namesOf, serviceObjects } from './write/objects.js';
import { rateLimits } from './write/rate-limits.js';
import { newReport, type Report } from './write/report.js';
import { ROOT } from './write/root-namespace.js';
import { withWideCertificate } from './write/short-names.js';
import { gatewayId, type Labels, type Workloads, workloadsOf } from './write/workloads.js';

/** Gateways of any dialect as Istio objects, for the ingress gateway `istio=ingressgateway`. */
export function write(source: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult {
  const report = newReport();
  const certified = source
    .map((g) => sayable(g, report))
    .map((g) => (options.defaultTlsSecret ? g : withWideCertificate(g)))
    .map((g) => withHandshakes(withCertificates(withWildcardsApart(g), options, report)));
  const gateways = options.allowEnvoyFilter ? certified.map(withLimitNames) : certified;
  const workloads = workloadsOf(gateways, options);
  const rules = destinationRules(gateways, catalog, placeOfRules(options), report);
  const drafts = draftsOf(gateways, workloads, report, { ...options, subsetOf: rules.subsetOf });
  const services = joined(gateways, drafts);
  const namespace = namespaceOf(gateways, drafts, options);
  noteSecrets(gateways, options, namespace, report);
  noteForeignAnnotations(
    gateways,
    `write a Certificate with the same secretName, issuer and dnsNames into ${namespace}, beside the gateway's pods`,
    report,
  );
  const placed = { namespace, names: namesOf(drafts.gateways, gateways), taken: new Map() };
  const guards = [...drafts.guards.values()];
  const custom = guards.flatMap(customPolicies);
  const moved = movedFrom(gateways, workloads, catalog);
  const filters = options.allowEnvoyFilter ? gateways.flatMap((g) => envoyFilters(g, workloads.of(g))) : [];
  const asked = custom.map(({ policy }) => policy);
  const objects = [
    ...drafts.gateways.map((d) => gatewayObject(d, placed)),
    ...serviceObjects(services, placed),
    ...drafts.l4.map((d) => l4Object(d, placed)),
    ...serviceEntries(gateways, catalog, namespace),
    ...authHosts(asked, ROOT),
    ...rules.objects,
    ...guards.flatMap((g) => denyPolicy(g, guards.length, catalog)),
    ...custom.map(({ object }) => object),
    ...moved.map(({ object }) => object),
    ...filters,
  ];
  const installation = installationFor(objects, gateways);
  return {
    objects,
    ...(installation ? { installation } : {}),
    items: report.items,
    rules: report.rules,
    origins: new Map<object, Origin>([
      ...ofRules(services, ({ origin }) => origin),
      ...moved.map(({ object, origin }) => [object, origin] as const),
    ]),
    renamed: new Map(gateways.map((g) => [g.id, gatewayId(workloads.of(g))])),
    remarks: new Map<object, string>([
      ...filters.map((f) => [f, ENVOY_FILTER_REMARK] as const),
      ...custom.map(({ object, policy }) => [object, providerText(policy, custom.length > 1)] as const),
      ...ofRules(services, ({ remark }) => remark),
    ]),
  };
}

function draftsOf(
  gateways: readonly EffectiveGateway[],
  workloads: Workloads,
  report: Report,
  options: RuleOptions,
): Drafts {
  const drafts = noDrafts();
  for (const gateway of gateways) {
    notes(gateway, report);
    noteWorkload(gateway, workloads, options, report);
    const selector = workloads.of(gateway);
    addHttp(gateway, guardsOf(gateway, selector, drafts.guards), drafts, report, options);
    addL4(gateway, selector, drafts, report, options.defaultTlsSecret?.name);
  }
  return drafts;
}

/** Whatever name a connection asks for, it finds the same hosts. Those of an Istio gateway stay as the user has them. */
const hasOneChainPerPort = ({ dialect, listeners }: EffectiveGateway): boolean =>
  dialect !== 'istio' && listeners.every((l) => l.filterChains.filter((c) => c.kind === 'http').length <= 1);

/** The VirtualServices; they and the Gateways that mean the same in fewer objects are joined. */
function joined(gateways: readonly EffectiveGateway[], drafts: Drafts): readonly ServiceDraft[] {
  const joins = gateways.every(hasOneChainPerPort);
  const all = [...drafts.services.values()];
  const services = joins ? joinedPorts(all) : all;
  mergeGateways(drafts.gateways, services);
  if (joins) joinGateways(drafts.gateways, services);
  return services;
}

/** Of the Gateways: beside the pods where Secrets are read, else where the first rule is. */
function namespaceOf(gateways: readonly EffectiveGateway[], drafts: Drafts, { targetGateway }: WriteOptions): string {
  if (targetGateway) return targetGateway.namespace;
  const hasSecrets = drafts.gateways.some(({ units }) => units.some((u) => u.tls?.credentialName));
  return hasSecrets ? ROOT : (gateways.flatMap(routesOf)[0]?.origin.resource.namespace ?? 'default');
}

/** Where Istio is and where the gateway is, which --target-gateway says. */
const placeOfRules = ({ targetGateway }: WriteOptions) => ({
  home: ROOT,
  visibleIn: [...new Set([ROOT, ...(targetGateway ? [targetGateway.namespace] : [])])],
  besideClients: false,
  subsets: true,
  policyTls: () => true,
});

/** Policies of gateways whose place another workload takes. */
const movedFrom = (gateways: readonly EffectiveGateway[], workloads: Workloads, catalog: Catalog): MovedPolicy[] =>
  gateways
    .filter((g) => g.dialect !== 'istio')
    .flatMap((g) => {
      const place = {
        namespace: ROOT,
        name: slug(g.id),
        binding: { selector: { matchLabels: workloads.of(g) } },
        rootNamespace: meshConfig(catalog).rootNamespace,
      };
      return [...movedPolicies(g, place), ...writtenPolicies(g, place)];
    });

/** What only patches of generated configuration can express. */
const envoyFilters = (gateway: EffectiveGateway, selector: Labels): Record<string, unknown>[] => [
  ...bodyLimits(gateway, selector, ROOT),
  ...rateLimits(gateway, selector, ROOT),
];

/** Something of the route that each rule comes from. */
const ofRules = <T>(services: readonly ServiceDraft[], get: (route: ServiceDraft['routes'][number]) => T | undefined) =>
  services.flatMap(({ rules, routes }) =>
    rules.flatMap((rule, i) => {
      const value = routes[i] && get(routes[i]);
      return value === undefined ? [] : [[rule, value] as const];
    }),
  );
