// Where ports count in hosts (neither ignore_port_in_host_matching nor strip_any_host_port): `shop.example.com` is not the host
// `shop.example.com:8080` (RouteMatcher::findVirtualHost compares the whole Host). The model chooses virtual hosts without ports, so rules in
// front of a virtual host send what it does not have to those for all hosts.

import type { HeaderMatcher, Origin, Route, VirtualHost } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import { otherNumbers } from './other-ports.js';

/** What is written of a host: without a port, or with one. */
export interface WrittenHosts {
  /** `shop.example.com:8080`, lower case. */
  readonly withPort: readonly string[];
  /** Hosts that are only there with a port, without it. */
  readonly onlyWithPort: readonly string[];
}

const PORT = /^(.+):(\d+)$/;

export function writtenHosts(domains: readonly string[]): WrittenHosts {
  const lower = domains.map((domain) => domain.toLowerCase());
  const plain = new Set(lower);
  const withPort = lower.filter((domain) => PORT.test(domain) && !domain.startsWith('*'));
  const onlyWithPort = withPort.map((domain) => PORT.exec(domain)![1]!).filter((host) => !plain.has(host));
  return { withPort, onlyWithPort: [...new Set(onlyWithPort)] };
}

/** Rules that are copied for it, at most. */
const MOST_COPIES = 2000;

/** Undefined: there would be too many rules, or a host is in one virtual host with a port and in another without it. */
export function withHostPorts(
  hosts: readonly (VirtualHost & { readonly written: WrittenHosts })[],
  origin: Origin,
): VirtualHost[] | undefined {
  const isForAll = ({ domains }: VirtualHost) => domains.some(({ kind }) => kind === 'any');
  const all = hosts.find(isForAll);
  if (hosts.length * (1 + (all?.routes.length ?? 0)) > MOST_COPIES) return undefined;
  const owners = new Map<string, VirtualHost>();
  for (const host of hosts)
    for (const domain of host.domains) {
      const name = domain.kind === 'exact' ? domain.value : '';
      if (name !== '' && owners.has(name) && owners.get(name) !== host) return undefined;
      owners.set(name, host);
    }
  const endings = hosts.flatMap(({ domains }) => domains.flatMap((d) => (d.kind === 'suffix' ? [d.value] : [])));
  const isElsewhere = (host: string) => endings.some((ending) => host.endsWith(ending));
  if (hosts.some(({ written }) => written.onlyWithPort.some(isElsewhere))) return undefined;
  return hosts.map(({ written, ...host }) =>
    isForAll(host) ? host : { ...host, routes: [...elsewhere(host, written, all, origin), ...host.routes] },
  );
}

/** Ports of hosts that are all named: those that no host is written with, and those of others. Tests that are no negation, which targets have. */
function notWritten(names: readonly string[], withPort: readonly string[]): string[] {
  const ports = new Set(withPort.map((one) => PORT.exec(one)![2]!));
  if (ports.size === 0) return ['.*:[0-9]+'];
  const written = new Set(withPort);
  const ofOthers = names.flatMap((name) =>
    [...ports].map((port) => `${name}:${port}`).filter((one) => !written.has(one)),
  );
  return [`.*:(?:${otherNumbers([...ports])})`, ...ofOthers.map((one) => quoteRegex(one))];
}

/** What is asked for with another port, or without the port that is written: it is for the virtual host of all hosts. */
function elsewhere(
  host: VirtualHost,
  { withPort, onlyWithPort }: WrittenHosts,
  all: VirtualHost | undefined,
  whole: Origin,
): Route[] {
  const name = ':authority';
  const origin = host.origin ?? whole;
  const names = host.domains.flatMap((d) => (d.kind === 'exact' ? [d.value] : []));
  const isListed = names.length === host.domains.length;
  const patterns = isListed ? notWritten(names, withPort) : ['.*:[0-9]+'];
  const others = [...patterns, ...onlyWithPort.map((one) => quoteRegex(one))].join('|');
  const tests: HeaderMatcher[] = [
    { name, value: { kind: 'regex', pattern: `(?i)(?:${others})` }, origin },
    ...(isListed ? [] : withPort).map((value): HeaderMatcher => {
      return { name, value: { kind: 'exact', value, ignoreCase: true }, invert: true, origin };
    }),
  ];
  return [
    ...(all?.routes ?? []).map((r) => ({ ...r, match: { ...r.match, headers: [...tests, ...r.match.headers] } })),
    // No virtual host has it. As an answer of its own, so that every target can say it.
    { match: { headers: tests, query: [] }, action: { kind: 'direct-response', status: 404 }, origin },
  ];
}
