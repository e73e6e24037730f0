// What Istio's validation says about a ServiceEntry: ValidateServiceEntry and validateWorkloadEntry of
// pkg/config/validation/validation.go, and when addresses are allocated: pilot/pkg/networking/serviceentry/ip_autoallocation.go
// (source of 2026-08-22).

import { isHttp } from '../../implementations/istio/protocol.js';
import { type Json, type JsonObject, own, type Resource } from '../../model/index.js';
import { serviceEntry } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, refused, SERVICE_ENTRY, warned } from './field-rule.js';
import { addressOrCidr, fqdn, isAddress, isLabel, isPartialWildcard, wildcardDomain } from './names.js';
import { given, isTcp, isTls, list, number, object, port, protocol, socketProblem, text } from './values.js';

const REFUSED = "Istio's webhook refuses the ServiceEntry.";
const PORTS = 'ports: [{number: 443, name: tls, protocol: TLS}]';
const TCP = 'ports: [{number: 5432, name: db, protocol: TCP}]';
const entry = (rest: string): string => serviceEntry(`hosts: [partner.example.com]\n${rest}`);

const resolution = (spec: JsonObject): string => text(spec.resolution) || 'NONE';
const isDns = (spec: JsonObject): boolean => resolution(spec) === 'DNS' || resolution(spec) === 'DNS_ROUND_ROBIN';
const portsOf = (spec: JsonObject): JsonObject[] => list(spec.ports).filter(given).map(object);

/** Istio gives a ServiceEntry addresses of its own unless something speaks against it. */
const addressesAllocated = (resource: Resource, spec: JsonObject): boolean =>
  resolution(spec) !== 'NONE' &&
  list(spec.addresses).length === 0 &&
  (resource.labels['networking.istio.io/enable-autoallocate-ip'] ?? '').toLowerCase() !== 'false';

function duplicatePorts(value: Json): Problem[] {
  const names = new Set<string>();
  const numbers = new Set<number>();
  return list(value).flatMap((item, index) => {
    if (!given(item)) return [];
    const problems: Problem[] = [];
    const name = text(object(item).name);
    const n = number(object(item).number);
    if (names.has(name)) problems.push({ message: `the port name "${name}" is used twice`, path: [index] });
    if (numbers.has(n)) problems.push({ message: `the port ${n} is defined twice`, path: [index] });
    names.add(name);
    numbers.add(n);
    return problems;
  });
}

function workloadEntry(endpoint: JsonObject, spec: JsonObject): Problem[] {
  const address = text(endpoint.address);
  const named = Object.keys(object(endpoint.ports));
  if (address === '') return text(endpoint.network) ? [] : ['the endpoint has no address'];
  if (!address.startsWith('unix://'))
    return isAddress(address)
      ? []
      : [
          {
            message: `"${address}" is not an IP address; resolution STATIC takes addresses only (DNS takes names)`,
            path: ['address'],
          },
        ];
  const wrong = socketProblem(address.slice('unix://'.length));
  const problems: Problem[] = wrong === undefined ? [] : [{ message: wrong, path: ['address'] }];
  if (named.length) problems.push({ message: 'an endpoint on a unix socket has no ports', path: ['ports'] });
  if (new Set(portsOf(spec).map((p) => text(p.name))).size !== 1)
    problems.push('with an endpoint on a unix socket the ServiceEntry has exactly one port');
  return problems;
}

function endpointAddress(value: Json, spec: JsonObject): Problem[] {
  const endpoint = object(value);
  if (resolution(spec) === 'STATIC') return workloadEntry(endpoint, spec);
  const address = text(endpoint.address);
  return isDns(spec) && !isAddress(address) && fqdn(address)
    ? [`the address "${address}" of the endpoint is neither a host name nor an IP address`]
    : [];
}

function resolutionProblems(value: Json): Problem[] {
  const spec = object(value);
  const endpoints = list(spec.endpoints).length;
  const mode = resolution(spec);
  const problems: Problem[] = [];
  if (mode === 'NONE' && endpoints)
    problems.push({
      message: 'resolution NONE forwards to the address that the client asked for: remove the endpoints',
      path: ['endpoints'],
    });
  if (mode === 'DNS_ROUND_ROBIN' && endpoints > 1)
    problems.push({ message: 'resolution DNS_ROUND_ROBIN allows one endpoint at most', path: ['endpoints'] });
  if (isDns(spec) && !endpoints) {
    const index = list(spec.hosts).findIndex((host) => fqdn(text(host)));
    if (index >= 0)
      problems.push({
        message: `resolution ${mode} without endpoints resolves the hosts by DNS, which is not possible for "${text(list(spec.hosts)[index])}"`,
        path: ['hosts', index],
      });
  }
  if (mode !== 'NONE' && mode !== 'STATIC' && list(spec.addresses).some((a) => text(a).includes('/')))
    problems.push({ message: `CIDR addresses need resolution NONE or STATIC, not ${mode}`, path: ['addresses'] });
  return problems;
}

function dynamicDns(value: Json, resource: Resource): Problem[] {
  const spec = object(value);
  if (resolution(spec) !== 'DYNAMIC_DNS') return [];
  const problems: Problem[] = list(spec.hosts).map((host, index) =>
    text(host).startsWith('*') ? undefined : { message: 'DYNAMIC_DNS needs wildcard hosts', path: ['hosts', index] },
  );
  for (const field of ['addresses', 'endpoints'])
    if (list(own(spec, field)).length)
      problems.push({ message: `DYNAMIC_DNS cannot be combined with ${field}`, path: [field] });
  for (const [index, p] of list(spec.ports).entries())
    if (!['HTTP', 'TLS', 'GRPC', 'HTTP2'].includes(protocol(object(p).protocol) ?? ''))
      problems.push({ message: 'DYNAMIC_DNS works with HTTP, TLS, GRPC and HTTP2 only', path: ['ports', index] });
  const waypoint = resource.labels['istio.io/use-waypoint'] ?? '';
  if (spec.location === 'MESH_INTERNAL' && waypoint && waypoint.toLowerCase() !== 'none')
    problems.push({
      message: 'DYNAMIC_DNS with location MESH_INTERNAL does not work with waypoints',
      path: ['location'],
    });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0601',
      name: 'service-entry-hosts',
      title: 'Missing or invalid hosts of a ServiceEntry',
      docs: {
        happens: REFUSED,
        instead: 'Full host names or wildcards such as "*.example.com", not "*".',
        bad: serviceEntry(`hosts: ["*"]\n${PORTS}`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}`),
      },
    },
    at(SERVICE_ENTRY, 'spec', (value) =>
      list(object(value).hosts).length ? undefined : 'the ServiceEntry has no hosts',
    ),
    at(SERVICE_ENTRY, 'spec.hosts[]', (value) =>
      value === '*' ? 'the host "*" is too broad; list domains' : wildcardDomain(text(value)),
    ),
  ),
  warned(
    {
      code: 'MGW0602',
      name: 'service-entry-partial-wildcard',
      title: 'A host has a wildcard within its first label',
      docs: {
        happens: 'Envoy matches whole labels only: the entry does not match what it seems to.',
        instead: '"*." and a domain.',
        bad: serviceEntry(`hosts: ["*-api.example.com"]\n${PORTS}`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}`),
      },
    },
    at(SERVICE_ENTRY, 'spec.hosts[]', (value, { spec }) =>
      resolution(spec) !== 'DYNAMIC_DNS' && isPartialWildcard(text(value))
        ? `"${text(value)}" is a partial wildcard, which is not supported`
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0603',
      name: 'service-entry-selector-and-endpoints',
      title: 'A ServiceEntry has both a workloadSelector and endpoints',
      docs: {
        happens: REFUSED,
        instead: 'One of them.',
        bad: entry(
          `${PORTS}\nresolution: STATIC\nworkloadSelector: {labels: {app: a}}\nendpoints: [{address: 10.0.0.1}]`,
        ),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1}]`),
      },
    },
    at(SERVICE_ENTRY, 'spec', (value) =>
      given(object(value).workloadSelector) && list(object(value).endpoints).length
        ? { message: 'workloadSelector and endpoints exclude each other', path: ['endpoints'] }
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0604',
      name: 'service-entry-addresses',
      title: 'An address is neither an IP address nor a CIDR block',
      docs: {
        happens: REFUSED,
        instead: 'For example 10.0.0.1 or 10.0.0.0/24.',
        bad: entry(`addresses: [db]\n${TCP}`),
        good: entry(`addresses: [10.0.0.1]\n${TCP}`),
      },
    },
    at(SERVICE_ENTRY, 'spec.addresses[]', (value) => (typeof value === 'string' ? addressOrCidr(value) : undefined)),
  ),
  refused(
    {
      code: 'MGW0605',
      name: 'service-entry-ports',
      title: 'Invalid or duplicate port names in a ServiceEntry',
      docs: {
        happens: REFUSED,
        instead: 'A name (DNS label) and a number of its own for each port.',
        bad: entry('ports: [{number: 80, name: web, protocol: HTTP}, {number: 81, name: web, protocol: HTTP}]'),
        good: entry('ports: [{number: 80, name: web, protocol: HTTP}, {number: 81, name: web-b, protocol: HTTP}]'),
      },
    },
    at(SERVICE_ENTRY, 'spec.ports', duplicatePorts),
    at(SERVICE_ENTRY, 'spec.ports[]', (value) =>
      isLabel(text(object(value).name)) ? undefined : `the port name "${text(object(value).name)}" is not a DNS label`,
    ),
  ),
  warned(
    {
      code: 'MGW0606',
      name: 'service-entry-tcp-without-address',
      title: 'A TCP port without an address',
      docs: {
        happens: 'Plain TCP has no host name: without an address the entry captures every connection on that port.',
        instead: 'addresses; or a resolution other than NONE, so that Istio allocates one.',
        bad: entry(`${TCP}\nlocation: MESH_EXTERNAL`),
        good: entry(`${TCP}\naddresses: [10.0.0.1]\nlocation: MESH_EXTERNAL`),
      },
    },
    at(SERVICE_ENTRY, 'spec.ports[]', (value, { resource, spec }) =>
      ['', 'TCP'].includes(text(object(value).protocol)) &&
      !list(spec.addresses).length &&
      !addressesAllocated(resource, spec)
        ? 'a TCP port needs addresses: without them it captures every connection on this port'
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0607',
      name: 'service-entry-resolution',
      title: 'The resolution cannot be combined with these endpoints, hosts or addresses',
      docs: {
        happens: REFUSED,
        instead: 'STATIC with addresses as endpoints, DNS with names, NONE without endpoints.',
        bad: entry(`${PORTS}\nendpoints: [{address: 10.0.0.1}]`),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1}]`),
      },
    },
    at(SERVICE_ENTRY, 'spec', resolutionProblems),
  ),
  warned(
    {
      code: 'MGW0608',
      name: 'service-entry-selector-with-none',
      title: 'A workloadSelector with resolution NONE',
      docs: {
        happens: 'The selector has no effect.',
        instead: 'Resolution STATIC.',
        bad: entry(`${PORTS}\nworkloadSelector: {labels: {app: a}}`),
        good: entry(`${PORTS}\nresolution: STATIC\nworkloadSelector: {labels: {app: a}}`),
      },
    },
    at(SERVICE_ENTRY, 'spec.workloadSelector', (_, { spec }) =>
      resolution(spec) === 'NONE' ? 'the workloadSelector has no effect with resolution NONE' : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0609',
      name: 'service-entry-endpoint',
      title: 'Invalid endpoint address',
      docs: {
        happens: REFUSED,
        instead: 'IP addresses with STATIC; names or addresses with DNS.',
        bad: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: db.example.com}]`),
        good: entry(`${PORTS}\nresolution: DNS\nendpoints: [{address: db.example.com}]`),
      },
    },
    at(SERVICE_ENTRY, 'spec.endpoints[]', (value, { spec }) => endpointAddress(value, spec)),
  ),
  refused(
    {
      code: 'MGW0610',
      name: 'service-entry-endpoint-port',
      title: 'A port of an endpoint is not one of the ServiceEntry',
      docs: {
        happens: REFUSED,
        instead: 'The name of a port of the ServiceEntry and a number.',
        bad: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1, ports: {https: 8443}}]`),
        good: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: 10.0.0.1, ports: {tls: 8443}}]`),
      },
    },
    at(SERVICE_ENTRY, 'spec.endpoints[].ports{}', (value, { key, spec }) => {
      if (!isDns(spec) && resolution(spec) !== 'STATIC') return [];
      const name = String(key);
      return [
        portsOf(spec).some((p) => text(p.name) === name) ? undefined : `the ServiceEntry has no port named "${name}"`,
        isLabel(name) ? undefined : `the port name "${name}" is not a DNS label`,
        port(value),
      ];
    }),
  ),
  refused(
    {
      code: 'MGW0611',
      name: 'service-entry-dynamic-dns',
      title: 'DYNAMIC_DNS with settings that it does not support',
      docs: {
        happens: REFUSED,
        instead: 'Wildcard hosts, ports of HTTP, HTTP2, GRPC or TLS, no addresses, no endpoints.',
        bad: entry(`${PORTS}\nresolution: DYNAMIC_DNS`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}\nresolution: DYNAMIC_DNS`),
      },
    },
    at(SERVICE_ENTRY, 'spec', (value, { resource }) => dynamicDns(value, resource)),
  ),
  refused(
    {
      code: 'MGW0612',
      name: 'service-entry-many-hosts-tcp',
      title: 'Several hosts on a port whose protocol carries no host name',
      docs: {
        happens: `${REFUSED} Plain TCP carries no host name that would distinguish them.`,
        instead: 'One ServiceEntry per host, or an HTTP or TLS port.',
        bad: serviceEntry(`hosts: [a.example.com, b.example.com]\n${TCP}\nresolution: DNS`),
        good: serviceEntry(`hosts: [a.example.com, b.example.com]\n${PORTS}\nresolution: DNS`),
      },
    },
    at(SERVICE_ENTRY, 'spec', (value) => {
      const spec = object(value);
      if (resolution(spec) === 'NONE' || list(spec.hosts).length < 2) return undefined;
      const index = list(spec.ports).findIndex(
        (p) => given(p) && !isHttp(protocol(object(p).protocol)) && !isTls(protocol(object(p).protocol)),
      );
      return index < 0
        ? undefined
        : {
            message: 'several hosts need HTTP or TLS ports: plain TCP carries no host name',
            path: ['ports', index],
          };
    }),
  ),
  warned(
    {
      code: 'MGW0613',
      name: 'service-entry-many-hosts-address',
      title: 'Several hosts with addresses and a TCP port',
      docs: {
        happens: 'Connections to the address go to one of the hosts only.',
        instead: 'One ServiceEntry per host.',
        bad: serviceEntry(`hosts: [a.example.com, b.example.com]\naddresses: [10.0.0.1]\n${PORTS}\nresolution: DNS`),
        good: serviceEntry(`hosts: [a.example.com]\naddresses: [10.0.0.1]\n${PORTS}\nresolution: DNS`),
      },
    },
    at(SERVICE_ENTRY, 'spec', (value) => {
      const spec = object(value);
      return isDns(spec) &&
        list(spec.addresses).length &&
        list(spec.hosts).length > 1 &&
        portsOf(spec).some((p) => isTcp(protocol(p.protocol)))
        ? { message: 'several hosts share addresses on a TCP port: only one of them is reached', path: ['hosts'] }
        : undefined;
    }),
  ),
];
