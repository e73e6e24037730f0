// HTTP chains as drafts: a Gateway per group of servers keeps hosts apart (units.ts), one VirtualService per set of hosts keeps the order
// of the routes, and what routes cannot test (addresses, external authentication) goes to the policies of the workload.

import {
  besideWildcardLosses,
  deeperHostLosses,
  otherServerLosses,
  wildcardLosses,
} from '../../../implementations/istio/write/address-check-losses.js';
import { authPolicies } from '../../../implementations/istio/write/auth-rules.js';
import { denyRules } from '../../../implementations/istio/write/deny-rules.js';
import { withSpelledChecks } from '../../../implementations/istio/write/spelled-checks.js';
import {
  append,
  type DomainPattern,
  type EffectiveGateway,
  greatest,
  type HttpChain,
  hostText,
  takesHost,
  type VirtualHost,
} from '../../../model/index.js';
import { withoutOwn } from '../../nginx-internal-endpoints.js';
import { oneLabelOnly } from '../../single-label-wildcard.js';
import type { Drafts, GatewayDraft, RuleOptions, ServiceDraft } from './drafts.js';
import type { Guards } from './guards.js';
import type { Report } from './report.js';
import { writeRules } from './rules.js';
import { noteShortCertificates, withShortNames } from './short-names.js';
import { answering, covers, gatewayGroups, type HttpUnit, httpUnits, isHost, serves } from './units.js';

export function addHttp(
  gateway: EffectiveGateway,
  guards: Guards,
  drafts: Drafts,
  report: Report,
  options: RuleOptions,
): void {
  const byChain = new Map<HttpChain, HttpUnit[]>();
  otherServerLosses(gateway, report);
  for (const unit of httpUnits(gateway, options.defaultTlsSecret?.name))
    byChain.set(unit.chain, [...(byChain.get(unit.chain) ?? []), unit]);
  for (const [whole, units] of byChain) {
    const chain = withServedHosts(whole, units);
    const all = answering(chain.virtualHosts).flatMap((v) => v.domains.map(hostText));
    const groups = gatewayGroups(units, all).map((group) => ({ units: group, selector: guards.selector }));
    append(drafts.gateways, groups);
    const ports = [...new Set(units.map((u) => u.port))];
    noteShortCertificates(chain, units, report);
    for (const route of chain.virtualHosts.flatMap((v) => v.routes)) if (route.own) report.needless(route);
    // Policies are not bound to connections: none is written for hosts that these do not serve.
    const isServed = (host: VirtualHost) =>
      host.domains.some((d) => units.some((u) => serves(u, hostText(d)) || u.hosts.includes('*')));
    const effective = chain.virtualHosts.map((host) =>
      isServed(host) ? guarded(host, chain.virtualHosts, ports, guards, report) : withoutOwn(host),
    );
    const hosts = withShortNames(effective, chain.virtualHosts.map(withoutOwn), units, report);
    for (const host of hosts) {
      const service = { ...rulesOf(host, hosts, chain, report, options), hosts: namesOf(host, report) };
      if (service.rules.length > 0) addService(service, groups, drafts.services);
    }
  }
}

/**
 * A server for some names has the routes of VirtualServices for these names only: where a broader host of the chain serves them, they get
 * a virtual host of their own with its routes.
 */
function withServedHosts(chain: HttpChain, units: readonly HttpUnit[]): HttpChain {
  const named = new Set(chain.virtualHosts.flatMap((v) => v.domains.map(hostText)));
  const missing = [...new Set(units.flatMap((u) => u.hosts))].filter((h) => h !== '*' && isHost(h) && !named.has(h));
  const added = missing.flatMap((name): VirtualHost[] => {
    const [broader] = chain.virtualHosts
      .filter((v) => v.domains.some((d) => covers(hostText(d), name) && takes(d, name)))
      .sort((a, b) => longest(b, name) - longest(a, name));
    return broader && broader.routes.length > 0 ? [{ ...broader, name, domains: [patternOf(name)] }] : [];
  });
  return added.length === 0 ? chain : { ...chain, virtualHosts: [...chain.virtualHosts, ...added] };
}

/** Requests for the name, too, where a wildcard is for one label. */
const takes = (domain: DomainPattern, name: string): boolean =>
  domain.kind !== 'one-label' || (name.startsWith('*') ? name.slice(1) === domain.value : takesHost(domain, name));

const longest = ({ domains }: VirtualHost, name: string): number =>
  greatest(
    domains.map(hostText).map((d) => (covers(d, name) ? d.length : 0)),
    0,
  );

const patternOf = (name: string): DomainPattern =>
  name.startsWith('*.') ? { kind: 'suffix', value: name.slice(1) } : { kind: 'exact', value: name };

/** The host without what its workload's policies do for it. `all`: the virtual hosts beside it, and itself. */
function guarded(
  host: VirtualHost,
  all: readonly VirtualHost[],
  ports: readonly number[],
  { denied, asked }: Guards,
  report: Report,
): VirtualHost {
  const own = withoutOwn(host);
  const { host: split, spelled } = withSpelledChecks(host, report);
  const denials = denyRules({ host: own, others: all, ports, spelled }, report);
  if (denials.length > 0) {
    wildcardLosses(own, report);
    besideWildcardLosses(own, all, report);
  }
  append(
    denied,
    denials.filter((r) => !denied.some((d) => JSON.stringify(d) === JSON.stringify(r))),
  );
  append(asked, authPolicies(withoutOwn(split), all));
  deeperHostLosses(own, all, report);
  return withoutOwn(oneLabelOnly(split, all, { ports: denials.length === 0 }));
}

/** `host`: what is left of it to routes; `all`: the hosts beside it, and itself. */
function rulesOf(
  host: VirtualHost,
  all: readonly VirtualHost[],
  chain: HttpChain,
  report: Report,
  options: RuleOptions,
): Pick<ServiceDraft, 'rules' | 'routes'> {
  const written = writeRules(host, { scheme: chain.tls ? 'https' : 'http' }, report, options);
  // A host without routes still keeps its requests from broader hosts: it answers 404.
  const isShadow =
    written.rules.length === 0 && all.some((v) => v !== host && v.domains.some((d) => d.kind !== 'exact'));
  return isShadow ? { ...written, rules: [{ directResponse: { status: 404 } }] } : written;
}

/** The names of the host that Istio accepts. */
function namesOf(host: VirtualHost, report: Report): string[] {
  const names = host.domains.map(hostText);
  const origin = host.origin ?? host.routes[0]?.origin;
  // No client asks for what is no name: `www.*.example.com` of from-to-www-redirect.
  for (const name of origin ? names.filter((n) => !isHost(n)) : [])
    report.add(
      isName(name) ? 'host' : 'host.unreachable',
      `Istio does not accept the host ${name}: it is left out`,
      origin!,
    );
  return names.filter(isHost);
}

/** What a client can ask for: letters, digits, dashes and dots, perhaps behind a star. */
const isName = (host: string): boolean => /^(\*\.)?[a-z0-9.-]+$/i.test(host);

/** Bound to those of the chain's Gateways that serve its hosts. The same on other Gateways (of another port) is one VirtualService. */
function addService(
  { hosts, rules, routes }: Omit<ServiceDraft, 'gateways'>,
  groups: readonly GatewayDraft[],
  services: Map<string, ServiceDraft>,
): void {
  for (const part of splitByGateway(hosts, groups)) {
    const key = JSON.stringify([part.hosts, rules]);
    const same = services.get(key);
    if (same)
      append(
        same.gateways,
        part.on.filter((g) => !same.gateways.includes(g)),
      );
    else services.set(key, { hosts: part.hosts, rules, routes, gateways: [...part.on] });
  }
}

/** Hosts that are served by the same Gateways stay one VirtualService. */
function splitByGateway(
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
