// The model in Istio's words: Gateways, VirtualServices, and what they need beside them (DestinationRules, AuthorizationPolicies).
// One VirtualService per set of hosts keeps the order of the routes; a Gateway per group of servers keeps hosts apart (write/units.ts).

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { podPortsOf } from '../../implementations/istio/pod-ports.js';
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
import { movedPolicies } from '../../implementations/istio/write/moved-policies.js';
import { installedPorts, withPodPorts } from '../../implementations/istio/write/policy-ports.js';
import {
  append,
  chainPlaces,
  type EffectiveGateway,
  type HttpChain,
  hostText,
  type Origin,
  type Route,
  routesOf,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withHandshakes } from '../client-certificates.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { noteForeignAnnotations, secretMoves } from '../foreign-annotations.js';
import { withoutOwn } from '../nginx-internal-endpoints.js';
import { oneLabelOnly } from '../single-label-wildcard.js';
import { writeDestination } from './write/action.js';
import { bodyLimits } from './write/body-limits.js';
import { joinedPorts } from './write/joined-ports.js';
import { withLimitNames } from './write/limit-names.js';
import { notes } from './write/notes.js';
import { rateLimits } from './write/rate-limits.js';
import { newReport, type Report } from './write/report.js';
import { type HttpRule, writeRules } from './write/rules.js';
import { serviceEntries } from './write/service-entries.js';
import { slug } from './write/slug.js';
import {
  answering,
  apart,
  covers,
  gatewayGroups,
  httpUnits,
  isHost,
  l4Units,
  type ServerUnit,
  serves,
} from './write/units.js';
import { type Labels, type Workloads, workloadsOf } from './write/workloads.js';

const ROOT = 'istio-system';

interface GatewayDraft {
  readonly units: ServerUnit[];
  /** Labels of the workload. */
  readonly selector: Readonly<Record<string, string>>;
  name: string;
}

/** What a workload's AuthorizationPolicies contain. */
interface Guards {
  readonly selector: Readonly<Record<string, string>>;
  readonly denied: DenyRule[];
  /** Of the gateway, where it speaks HTTP. */
  readonly ports: number[];
  readonly asked: AuthPolicy[];
}

const gatewayId = (labels: Labels): string =>
  Object.entries(labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');

interface ServiceDraft {
  readonly hosts: readonly string[];
  readonly rules: readonly HttpRule[];
  readonly routes: readonly Route[];
  readonly gateways: GatewayDraft[];
}

/** Gateways of any dialect as Istio objects, for the ingress gateway `istio=ingressgateway`. */
export function write(source: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult {
  const report = newReport();
  const certified = source.map((g) => withHandshakes(withCertificates(g, options, report)));
  const gateways = options.allowEnvoyFilter ? certified.map(withLimitNames) : certified;
  const drafts: GatewayDraft[] = [];
  const drafted = new Map<string, ServiceDraft>();
  const guards = new Map<string, Guards>();
  const workloads = workloadsOf(gateways, options);
  const l4: Record<string, unknown>[] = [];
  for (const gateway of gateways) {
    notes(gateway, options, report);
    const selector = workloads.of(gateway);
    noteWorkload(gateway, workloads, options, report);
    const ports = gateway.listeners.filter((l) => l.filterChains.some((c) => c.kind === 'http')).map((l) => l.port);
    const guard = guards.get(gatewayId(selector)) ?? { selector, denied: [], asked: [], ports: [] };
    guards.set(gatewayId(selector), guard);
    for (const port of ports) if (!guard.ports.includes(port)) guard.ports.push(port);
    const chains = new Map<HttpChain, ServerUnit[]>();
    for (const unit of httpUnits(gateway, options.defaultTlsSecret?.name))
      chains.set(unit.chain as HttpChain, [...(chains.get(unit.chain as HttpChain) ?? []), unit]);
    for (const [chain, units] of chains) addChain(chain, units, selector, drafts, drafted, guard, report, options);
    for (const unit of l4Units(gateway)) append(l4, addL4(unit, selector, drafts, report));
  }
  const joins = gateways.every(hasOneChainPerPort);
  const services = joins ? joinedPorts([...drafted.values()]) : [...drafted.values()];
  mergeGateways(drafts, services);
  if (joins) joinGateways(drafts, services);
  const namespace =
    options.targetGateway?.namespace ??
    (drafts.some((d) => d.units.some((u) => u.tls?.credentialName)) ? ROOT : homeOf(gateways));
  nameGateways(drafts, gateways);
  noteSecrets(gateways, options, namespace, report);
  noteForeignAnnotations(
    gateways,
    `write a Certificate with the same secretName, issuer and dnsNames into ${namespace}, beside the gateway's pods`,
    report,
  );
  const custom = [...guards.values()].flatMap((g) =>
    joined(g.asked).map((policy) => ({ policy, object: customPolicy(policy, g.selector) })),
  );
  const moved = gateways
    .filter((g) => g.dialect !== 'istio')
    .flatMap((g) => {
      const selector = { matchLabels: workloads.of(g) };
      return movedPolicies(g, {
        namespace: ROOT,
        name: slug(g.id),
        binding: { selector },
        rootNamespace: meshConfig(catalog).rootNamespace,
      });
    });
  const filters = options.allowEnvoyFilter ? gateways.flatMap((g) => envoyFilters(g, workloads.of(g))) : [];
  const objects = [
    ...drafts.map((d) => gatewayObject(d, namespace)),
    ...serviceObjects(services, namespace),
    ...l4.map((vs) => ({
      ...vs,
      spec: {
        ...(vs.spec as object),
        gateways: ((vs.spec as { gateways: GatewayDraft[] }).gateways ?? []).map((d) => `${namespace}/${d.name}`),
      },
    })),
    ...serviceEntries(gateways, catalog, namespace),
    ...authHosts(
      custom.map(({ policy }) => policy),
      ROOT,
    ),
    ...destinationRules(gateways, catalog, ROOT, report),
    ...[...guards.values()].flatMap((g) => denyPolicy(g, guards.size, catalog)),
    ...custom.map(({ object }) => object),
    ...moved.map(({ object }) => object),
    ...filters,
  ];
  const origins = new Map<object, Origin>([
    ...services.flatMap((s) =>
      s.rules.flatMap((rule, i) => (s.routes[i] ? [[rule, s.routes[i].origin] as const] : [])),
    ),
    ...moved.map(({ object, origin }) => [object, origin] as const),
  ]);
  const renamed = new Map(gateways.map((g) => [g.id, gatewayId(workloads.of(g))]));
  const remarks = new Map<object, string>([
    ...filters.map((f) => [f, ENVOY_FILTER_REMARK] as const),
    ...custom.map(({ object, policy }) => [object, providerText(policy, custom.length > 1)] as const),
    ...services.flatMap(({ rules, routes }) =>
      rules.flatMap((rule, i) => {
        const remark = routes[i]?.remark;
        return remark === undefined ? [] : [[rule, remark] as const];
      }),
    ),
  ]);
  return { objects, items: report.items, rules: report.rules, origins, renamed, remarks };
}

/** What only patches of generated configuration can say. */
const envoyFilters = (gateway: EffectiveGateway, selector: Record<string, string>): Record<string, unknown>[] => [
  ...bodyLimits(gateway, selector, ROOT),
  ...rateLimits(gateway, selector, ROOT),
];

function addChain(
  chain: HttpChain,
  units: readonly ServerUnit[],
  selector: GatewayDraft['selector'],
  drafts: GatewayDraft[],
  services: Map<string, ServiceDraft>,
  { denied, asked }: Guards,
  report: Report,
  options: WriteOptions,
): void {
  const known = { scheme: chain.tls ? ('https' as const) : ('http' as const) };
  const all = answering(chain.virtualHosts).flatMap((v) => v.domains.map(hostText));
  const groups: GatewayDraft[] = gatewayGroups(units, all).map((group) => ({ units: group, selector, name: '' }));
  append(drafts, groups);
  const ports = [...new Set(units.map((u) => u.port))];
  for (const host of chain.virtualHosts) {
    const own = withoutOwn(host);
    const denials = denyRules(own, chain.virtualHosts, ports, report);
    if (denials.length > 0) wildcardLosses(own, report);
    if (denials.length > 0) besideWildcardLosses(own, chain.virtualHosts, report);
    const effective = withoutOwn(oneLabelOnly(host, chain.virtualHosts, denials.length === 0));
    for (const route of host.routes) if (route.own) report.needless(route);
    append(
      denied,
      denials.filter((r) => !denied.some((d) => JSON.stringify(d) === JSON.stringify(r))),
    );
    append(asked, authPolicies(own, chain.virtualHosts));
    const { rules, routes } = writeRules(effective, known, report, options);
    const hosts = host.domains.map(hostText).filter(isHost);
    const invalid = host.domains.map(hostText).filter((h) => !isHost(h));
    const origin = host.origin ?? host.routes[0]?.origin;
    for (const name of origin ? invalid : []) {
      // No client asks for what is no name: `www.*.example.com` of from-to-www-redirect.
      report.add(
        isName(name) ? 'host' : 'host.unreachable',
        `Istio does not accept the host ${name}: it is left out`,
        origin!,
      );
    }
    // A host without routes still keeps its requests from broader hosts: it answers 404.
    const shadows =
      rules.length === 0 && chain.virtualHosts.some((v) => v !== host && v.domains.some((d) => d.kind !== 'exact'));
    const http = shadows ? [{ directResponse: { status: 404 } }] : rules;
    if (http.length === 0) continue;
    for (const gateways of splitByService(hosts, groups)) {
      const key = JSON.stringify([gateways.hosts, http]);
      const same = services.get(key);
      if (same)
        append(
          same.gateways,
          gateways.on.filter((g) => !same.gateways.includes(g)),
        );
      else services.set(key, { hosts: gateways.hosts, rules: http, routes, gateways: [...gateways.on] });
    }
  }
}

/** What a client can ask for: letters, digits, dashes and dots, perhaps behind a star. */
const isName = (host: string): boolean => /^(\*\.)?[a-z0-9.-]+$/i.test(host);

/** Hosts that are served by the same Gateways stay one VirtualService. */
function splitByService(
  hosts: readonly string[],
  drafts: readonly GatewayDraft[],
): { hosts: string[]; on: GatewayDraft[] }[] {
  const out: { hosts: string[]; on: GatewayDraft[] }[] = [];
  for (const h of hosts) {
    const on = drafts.filter((d) => d.units.some((u) => serves(u, h)));
    if (on.length === 0) continue;
    const same = out.find(
      (o) =>
        o.on.length === on.length &&
        o.on.every((d) => on.includes(d)) &&
        // One VirtualService takes no two hosts of which one covers the other (ValidateVirtualService, Istio 2026-08).
        !o.hosts.some((other) => covers(other, h) || covers(h, other)),
    );
    if (same) same.hosts.push(h);
    else out.push({ hosts: [h], on });
  }
  return out;
}

function addL4(
  unit: ReturnType<typeof l4Units>[number],
  selector: GatewayDraft['selector'],
  drafts: GatewayDraft[],
  report: Report,
): Record<string, unknown>[] {
  const { chain } = unit;
  const draft: GatewayDraft = drafts.find(
    (d) => d.units.every((u) => u.chain.kind === 'l4') && d.units.some((u) => u.port === unit.port),
  ) ?? { units: [], selector, name: '' };
  if (draft.units.length === 0) drafts.push(draft);
  draft.units.push(unit);
  const real = chain.destinations.filter((d) => 'host' in d.to);
  if (real.length === 0) return [];
  if (chain.match.source?.length || chain.match.destination?.length)
    report.add('l4.addresses', 'address conditions of TCP routes are not translated', chain.origin);
  const route = real.map((d) => ({
    destination: writeDestination(d.to as never),
    ...(real.length > 1 ? { weight: d.weight } : {}),
  }));
  const passthrough = unit.protocol === 'TLS' && !chain.tls;
  return apart(unit.hosts).map((hosts) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: `${slug(hosts[0] ?? 'all')}-${passthrough ? 'tls' : 'tcp'}-${unit.port}`,
      namespace: chain.origin.resource.namespace,
    },
    spec: {
      hosts,
      gateways: [draft],
      ...(passthrough
        ? { tls: [{ match: [{ port: unit.port, sniHosts: hosts }], route }] }
        : { tcp: [{ match: [{ port: unit.port }], route }] }),
    },
  }));
}

/** A workload that is not there yet has to be deployed; one that takes the place of several serves the hosts of all. */
function noteWorkload(
  gateway: EffectiveGateway,
  { of, shared, apart }: Workloads,
  { targetGateway }: WriteOptions,
  report: Report,
): void {
  const origin = routesOf(gateway)[0]?.origin;
  if (!origin) return;
  if (apart.has(gateway))
    report.add(
      'gateway.workload',
      `${gateway.id} answers for the same hosts as another gateway: deploy a gateway workload labelled ${gatewayId(of(gateway))} for it`,
      origin,
    );
  if (shared.has(gateway))
    report.add(
      'gateway.shared',
      `${gateway.id} and other gateways become ${gatewayId(of(gateway))}${targetGateway ? '' : ' (--target-gateway names another)'}: the hosts of all are served there`,
      origin,
    );
}

/** Gateways to which exactly the same VirtualServices are bound are one. */
function mergeGateways(drafts: GatewayDraft[], services: readonly ServiceDraft[]): void {
  const bound = new Map<GatewayDraft, number[]>();
  for (const [i, s] of services.entries()) for (const g of s.gateways) bound.set(g, [...(bound.get(g) ?? []), i]);
  const alike = new Map<string, GatewayDraft[]>();
  for (const draft of [...drafts]) {
    const own = bound.get(draft);
    if (!own) continue;
    const key = JSON.stringify([draft.selector, own]);
    const before = alike.get(key) ?? [];
    const hosts = own.flatMap((i) => services[i]!.hosts);
    const into = before.find((d) => gatewayGroups([...d.units, ...draft.units], hosts).length === 1);
    if (!into) alike.set(key, [...before, draft]);
    else {
      append(into.units, draft.units);
      for (const i of own) services[i]!.gateways.splice(services[i]!.gateways.indexOf(draft), 1);
      drafts.splice(drafts.indexOf(draft), 1);
    }
  }
}

/** Whatever name a connection asks for, it finds the same hosts. Those of an Istio gateway stay as the user has them. */
const hasOneChainPerPort = ({ dialect, listeners }: EffectiveGateway): boolean =>
  dialect !== 'istio' && listeners.every((l) => l.filterChains.filter((c) => c.kind === 'http').length <= 1);

/** More are left as they are: each is compared with each. */
const MOST_JOINED = 40;

/** Gateways of one workload are one where no VirtualService of the one would reach a server of the other. */
function joinGateways(drafts: GatewayDraft[], services: readonly ServiceDraft[]): void {
  if (drafts.length > MOST_JOINED) return;
  const boundTo = (draft: GatewayDraft) => services.filter((s) => s.gateways.includes(draft));
  const isApart = (service: ServiceDraft, { units }: GatewayDraft): boolean =>
    units.every((u) => u.hosts.every((h) => service.hosts.every((host) => !covers(h, host) && !covers(host, h))));
  const canJoin = (a: GatewayDraft, b: GatewayDraft): boolean => {
    if (JSON.stringify(a.selector) !== JSON.stringify(b.selector)) return false;
    if ([a, b].some((d) => d.units.some((u) => u.chain.kind === 'l4'))) return false;
    const [x, y] = [boundTo(a), boundTo(b)];
    const hosts = [...x, ...y].flatMap((s) => s.hosts);
    return (
      gatewayGroups([...a.units, ...b.units], hosts).length === 1 &&
      x.every((s) => y.includes(s) || isApart(s, b)) &&
      y.every((s) => x.includes(s) || isApart(s, a))
    );
  };
  for (const draft of [...drafts]) {
    const into = drafts.slice(0, drafts.indexOf(draft)).find((d) => canJoin(d, draft));
    if (!into) continue;
    append(into.units, draft.units);
    drafts.splice(drafts.indexOf(draft), 1);
    for (const { gateways } of services) {
      const at = gateways.indexOf(draft);
      if (at < 0) continue;
      if (gateways.includes(into)) gateways.splice(at, 1);
      else gateways[at] = into;
    }
  }
}

/** Servers that differ in their hosts alone are one. */
function joinedServers(units: readonly ServerUnit[]): ServerUnit[] {
  const joined = new Map<string, ServerUnit>();
  for (const unit of units) {
    const { port, bind, protocol, tls } = unit;
    const key = JSON.stringify([port, bind, protocol, tls]);
    const same = joined.get(key);
    joined.set(key, same ? { ...same, hosts: [...new Set([...same.hosts, ...unit.hosts])].sort() } : unit);
  }
  return [...joined.values()];
}

function nameGateways(drafts: readonly GatewayDraft[], gateways: readonly EffectiveGateway[]): void {
  const base = baseName(gateways);
  const used = new Set<string>();
  for (const d of drafts) {
    const protocols = [...new Set(d.units.map((u) => u.protocol.toLowerCase()))];
    const narrow =
      d.units.length === 1 && d.units[0]!.hosts.length === 1 && d.units[0]!.hosts[0] !== '*'
        ? `-${slug(d.units[0]!.hosts[0]!)}`
        : '';
    const wanted = [
      base,
      ...(drafts.length > 1 ? [`${base}-${protocols.join('-')}`, `${base}-${protocols.join('-')}${narrow}`] : []),
    ];
    let name = drafts.length > 1 ? (wanted.slice(1).find((w) => !used.has(w)) ?? '') : base;
    for (let n = 2; name === '' || used.has(name); n++) name = `${wanted.at(-1)}-${n}`;
    used.add(name);
    d.name = name;
  }
}

/** After the only object that the gateway comes from, else `ingress`. */
function baseName(gateways: readonly EffectiveGateway[]): string {
  const resources = new Set(gateways.flatMap((g) => routesOf(g).map((r) => r.origin.resource)));
  const [only] = resources;
  return resources.size === 1 && only ? `${only.name}-gateway` : 'ingress-gateway';
}

const homeOf = (gateways: readonly EffectiveGateway[]): string =>
  gateways.flatMap(routesOf)[0]?.origin.resource.namespace ?? 'default';

function gatewayObject(draft: GatewayDraft, namespace: string) {
  const used = new Set<string>();
  const servers = joinedServers(draft.units).map((u) => {
    const base = `${u.protocol.toLowerCase()}-${u.port}`;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}-${n}`;
    used.add(name);
    return {
      port: { number: u.port, name, protocol: u.protocol },
      ...(u.bind === undefined ? {} : { bind: u.bind }),
      hosts: [...u.hosts],
      ...(u.tls ? { tls: { ...u.tls } } : {}),
    };
  });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: draft.name, namespace },
    spec: { selector: { ...draft.selector }, servers },
  };
}

function serviceObjects(services: readonly ServiceDraft[], namespace: string) {
  const used = new Set<string>();
  return services.map((s) => {
    const home = s.routes[0]?.origin.resource.namespace ?? namespace;
    const base = slug(s.hosts[0] ?? 'all');
    const scheme = s.gateways.every((g) => g.units.every((u) => u.protocol === 'HTTPS')) ? `${base}-https` : base;
    let name = used.has(`${home}/${base}`) ? scheme : base;
    for (let n = 2; used.has(`${home}/${name}`); n++) name = `${base}-${n}`;
    used.add(`${home}/${name}`);
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace: home },
      spec: {
        hosts: [...s.hosts],
        gateways: s.gateways.map((g) => (home === namespace ? g.name : `${namespace}/${g.name}`)),
        http: s.rules,
      },
    };
  });
}

function denyPolicy(
  { selector, denied, ports }: Guards,
  workloads: number,
  catalog: Catalog,
): Record<string, unknown>[] {
  if (denied.length === 0) return [];
  const pods = podPortsOf(catalog, { namespace: ROOT, labels: selector, assumed: true });
  const podsOf = (port: number) => {
    const known = pods.of(port);
    return known.length > 0 ? known : installedPorts(port);
  };
  const suffix = workloads === 1 ? '' : `-${Object.values(selector).join('-')}`;
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `ingress-source-ranges${suffix}`, namespace: ROOT },
      spec: { selector: { matchLabels: { ...selector } }, action: 'DENY', rules: withPodPorts(denied, ports, podsOf) },
    },
  ];
}

const customPolicy = ({ provider, rules }: AuthPolicy, selector: Guards['selector']): Record<string, unknown> => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: provider, namespace: ROOT },
  spec: { selector: { matchLabels: { ...selector } }, action: 'CUSTOM', provider: { name: provider }, rules },
});

/** Istio looks for a server's Secret in the namespace of the gateway's pods. */
function noteSecrets(
  gateways: readonly EffectiveGateway[],
  options: WriteOptions,
  namespace: string,
  report: Report,
): void {
  for (const g of gateways)
    for (const { listener: l, chain: c } of chainPlaces(g)) {
      const origin = c.tls?.origin ?? c.origin ?? l.origin ?? routesOf(g)[0]?.origin;
      if (!origin) continue;
      const credentials = [
        ...(c.tls?.credentials ?? []).map((credential) => ({ credential, origin })),
        ...(c.tls?.certificates ?? []),
      ];
      for (const { credential: s, origin: own } of credentials)
        if (s.namespace !== namespace)
          report.add('tls.secret-namespace', secretMoves((own ?? origin).resource, s, namespace), own ?? origin);
      if (c.tls && credentials.length === 0 && !options.defaultTlsSecret && c.tls.mode !== 'istio-mutual')
        report.add(
          'tls.certificate-files',
          'the certificate is in files on the gateway: put it into a Secret, and name it with --default-tls-secret NAMESPACE/NAME',
          origin,
        );
    }
}
