// What an address check of an AuthorizationPolicy does otherwise than the rule that it stands for: headers of its answers, and hosts and
// ports that it cannot name.

import type { Report } from '../../../dialects/item-list.js';
import { type EffectiveGateway, type HttpChain, hostText, type Route, type VirtualHost } from '../../../model/index.js';
import { subsetOf } from '../hosts.js';
import { isConditional, isSamePath } from './operations.js';

/** A policy answers with the headers of the rule behind it, also those that the source has in other responses only. */
export function noteMoreHeaders(route: Route, host: VirtualHost, report: Report): void {
  const guarded = host.routes.find((r) => !r.match.source?.length && !isConditional(r) && isSamePath(r, route));
  const own = new Set(namesOf(route));
  const more = guarded ? namesOf(guarded).filter((name) => !own.has(name)) : [];
  if (more.length > 0) {
    const message = `responses of 403 by an address check also have ${[...new Set(more)].join(', ')}`;
    report.add('source-address.headers', message, route.matchOrigin ?? route.origin, { route });
  }
}

const namesOf = ({ responseHeaders }: Route): string[] =>
  [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);

/** A policy answers without the headers that the rule would have. */
export function noteHeaders(route: Route, report: Report): void {
  const { responseHeaders, matchOrigin, origin } = route;
  const names = [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])].map(([name]) => name);
  const others = names.filter((n) => n !== 'strict-transport-security');
  if (names.length > others.length) {
    const message = 'answers of 403 by an address check lose their Strict-Transport-Security header';
    report.add('hsts', message, origin);
  }
  if (others.length > 0) {
    const message = `answers of 403 by an address check lose ${[...new Set(others)].join(', ')}`;
    report.add('source-address.headers', message, matchOrigin ?? origin, { route });
  }
}

/** The same for the policy of a catch-all host, which names the wildcards beside it as not its own. */
export function besideWildcardLosses(host: VirtualHost, others: readonly VirtualHost[], report: Report): void {
  const origin = host.routes.find((r) => r.match.source?.length && !r.own)?.origin;
  if (origin === undefined || !host.domains.some((d) => d.kind === 'any')) return;
  for (const domain of others.flatMap((v) => v.domains))
    if (domain.kind === 'one-label')
      report.add(
        'source-address.beside-wildcard',
        `what the catch-all host would answer for hosts below *${domain.value} is refused: a policy has no wildcard of one label`,
        origin,
        { hosts: [`*${domain.value}`] },
      );
}

/** The rules of a wildcard for deeper hosts are those of the catch-all host, closed where that checks addresses: with a policy of its own or without. */
export function deeperHostLosses(host: VirtualHost, others: readonly VirtualHost[], report: Report): void {
  if (!host.domains.some((d) => d.kind === 'one-label')) return;
  for (const other of others) if (other !== host) besideWildcardLosses(other, [host], report);
}

/** A policy is for a port, and for every TLS server on it: also for hosts that have one of their own, beside that of a broader host. */
export function otherServerLosses({ listeners }: EffectiveGateway, report: Report): void {
  for (const { filterChains } of listeners) {
    const chains = filterChains.filter((c): c is HttpChain => c.kind === 'http');
    if (chains.length < 2) continue;
    for (const chain of chains)
      for (const host of chain.virtualHosts)
        noteServers(
          host,
          chains.filter((c) => c !== chain).flatMap((c) => c.virtualHosts),
          report,
        );
  }
}

function noteServers(host: VirtualHost, elsewhere: readonly VirtualHost[], report: Report): void {
  const origin = host.routes.find((r) => r.match.source?.length)?.origin;
  const wide = host.domains.filter((d) => d.kind !== 'exact').map(hostText);
  if (origin === undefined || wide.length === 0) return;
  const names = new Set(elsewhere.flatMap((v) => v.domains.map(hostText)));
  for (const name of names)
    if (wide.some((w) => w !== name && subsetOf(name, w)))
      report.add(
        'source-address.other-server',
        `the address check of ${wide.join(', ')} also applies to ${name}, whose TLS connections have other settings: a policy is for the whole port`,
        origin,
        { hosts: [name] },
      );
}

/** AuthorizationPolicies know no wildcard of one label, and none with any port behind it. */
export function wildcardLosses(host: VirtualHost, report: Report): void {
  const origin = host.routes[0]?.origin;
  const domain = host.domains.find((d) => d.kind === 'one-label');
  if (domain?.kind !== 'one-label' || origin === undefined) return;
  const name = `*${domain.value}`;
  const depth = `the address check of ${name} also applies to deeper hosts (a.b${domain.value})`;
  report.add('source-address.depth', depth, origin, { hosts: [name] });
  const port = `a Host header with a port would bypass the address check of ${name}: it gets 404`;
  report.add('source-address.port', port, origin, { hosts: [name] });
}
