// What Istio's validation says about the top of a VirtualService and its TLS and TCP routes: ValidateVirtualService,
// validateGatewayNames, validateTLSRoute and validateTCPRoute of pkg/config/validation (source of 2026-08-22).

import { hostsMatch, subsetOf } from '../../implementations/istio/hosts.js';
import { type Json, type JsonObject, own } from '../../model/index.js';
import { httpRule, virtualService } from '../examples.js';
import type { Place, Problem, Rule } from '../rule.js';
import { at, refused, VIRTUAL_SERVICE, warned } from './field-rule.js';
import { addressOrCidr, fqdn, gatewayBoundDomain, isAddress, isLabel, wildcardDomain } from './names.js';
import { given, isClaimHeader, list, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the VirtualService.";
const BASE = 'hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {host: shop}';
const TLS =
  'hosts: [shop.example.com]\ngateways: [shop]\ntls:\n- match:\n  - sniHosts: [shop.example.com]\n  route:\n  - destination: {host: shop}';

const gatewaysOf = (spec: JsonObject): readonly string[] => list(spec.gateways).map(text);
/** No `mesh` among the gateways (also when there are none). */
const withoutMesh = (spec: JsonObject): boolean => !gatewaysOf(spec).includes('mesh');
const onGatewaysOnly = (spec: JsonObject): boolean => gatewaysOf(spec).length > 0 && withoutMesh(spec);
const generated = (annotations: Readonly<Record<string, string>>): boolean =>
  annotations['internal.istio.io/route-semantics'] === 'gateway';
const hasSni = (spec: JsonObject): boolean =>
  list(spec.tls).some((route) => list(object(route).match).some((match) => list(object(match).sniHosts).length > 0));

/** Istio stops at the first name without a slash: what follows is not looked at. */
function gatewayNames(value: Json, lenient: boolean): Problem[] {
  const problems: Problem[] = [];
  for (const [index, entry] of list(value).entries()) {
    const name = text(entry);
    const slash = name.indexOf('/');
    if (slash < 0) {
      const problem = fqdn(name);
      if (problem) problems.push({ message: `invalid gateway name "${name}": ${problem}`, path: [index] });
      return problems;
    }
    const [namespace, local] = [name.slice(0, slash), name.slice(slash + 1)];
    if (!isLabel(namespace))
      problems.push({ message: `"${namespace}" in the gateway name "${name}" is not a namespace`, path: [index] });
    if (!isLabel(local) && !lenient)
      problems.push({
        message: `"${local}" in the gateway name "${name}" is not the name of a Gateway`,
        path: [index],
      });
  }
  return problems;
}

/** `gw.ns.svc.cluster.local`, only where Istio gets to it. */
function legacyNames(value: Json, { resource, path }: Place): Problem[] {
  const index = list(value).findIndex((name) => !text(name).includes('/'));
  const name = text(list(value)[index]);
  if (index < 0 || !name.includes('.')) return [];
  const [local, namespace] = name.split('.');
  const better = `${namespace}/${local}`;
  return [
    {
      message: `"${name}" is the deprecated form of a gateway name; write "${better}"`,
      path: [index],
      fix: {
        description: `write ${better}`,
        edits: [{ op: 'set', origin: { resource, path: [...path, index] }, value: better }],
      },
    },
  ];
}

function claimHeaders(value: Json, spec: JsonObject): Problem[] {
  if (onGatewaysOnly(spec)) return [];
  return Object.keys(object(value))
    .filter(isClaimHeader)
    .map((name) => ({
      message: `routing by the claim ${name} works on gateways only; this VirtualService is for the mesh`,
      path: [name],
    }));
}

const badHost = (host: string, spec: JsonObject): Problem => {
  const problem = onGatewaysOnly(spec) ? gatewayBoundDomain(host, hasSni(spec)) : wildcardDomain(host);
  if (problem) return isAddress(host) ? undefined : problem;
  return !onGatewaysOnly(spec) && host === '*'
    ? 'the host "*" is not allowed for the mesh; list hosts, or bind to a gateway'
    : undefined;
};

/** Wildcards are compared pair by pair: a bound on a list from somebody else. */
const MOST_HOSTS = 1000;

function duplicateHosts(value: Json, spec: JsonObject): Problem[] {
  const hosts = list(value).slice(0, MOST_HOSTS).map(text);
  if (hosts.some((host) => badHost(host, spec))) return [];
  const problems: Problem[] = [];
  const exact = new Map<string, number>();
  const wildcards: number[] = [];
  for (const [index, host] of hosts.entries()) {
    const earlier =
      exact.get(host) ??
      (host.startsWith('*')
        ? hosts.slice(0, index).findIndex((h) => hostsMatch(h, host))
        : (wildcards.find((w) => hostsMatch(hosts[w]!, host)) ?? -1));
    if (earlier >= 0)
      problems.push({
        message: `the host "${host}" is covered by "${hosts[earlier]}" of the same list (or covers it)`,
        path: [index],
      });
    if (!exact.has(host)) exact.set(host, index);
    if (host.startsWith('*')) wildcards.push(index);
  }
  return problems;
}

function sni(value: Json, spec: JsonObject): Problem {
  const host = text(value);
  const problem = withoutMesh(spec) ? gatewayBoundDomain(host, true) : wildcardDomain(host);
  if (problem) return isAddress(host) ? undefined : problem;
  return list(spec.hosts).some((h) => subsetOf(host, text(h)))
    ? undefined
    : `the SNI host "${host}" is not within the hosts of the VirtualService (${list(spec.hosts).map(text).join(', ')})`;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0401',
      name: 'delegate-fields',
      title: 'A delegate VirtualService has gateways, tls or tcp',
      docs: {
        happens: `${REFUSED} A VirtualService without hosts is a delegate: it gives HTTP routes to another one.`,
        instead: 'Hosts; or, in a delegate, only http.',
        bad: virtualService('gateways: [shop]\nhttp:\n- route:\n  - destination: {host: shop}'),
        good: virtualService('http:\n- route:\n  - destination: {host: shop}'),
      },
    },
    at(VIRTUAL_SERVICE, 'spec', (value) => {
      const spec = object(value);
      if (list(spec.hosts).length) return undefined;
      return ['gateways', 'tls', 'tcp']
        .filter((field) => list(own(spec, field)).length)
        .map((field) => ({
          message: `a VirtualService without hosts is a delegate and cannot have ${field}`,
          path: [field],
        }));
    }),
  ),
  refused(
    {
      code: 'MGW0402',
      name: 'gateway-reference-form',
      title: 'Invalid gateway name',
      docs: {
        happens: REFUSED,
        instead: '`<namespace>/<name>`, `<name>` or `mesh`.',
        bad: virtualService(`gateways: [a/b/c]\n${BASE}`),
        good: virtualService(`gateways: [team-a/shop]\n${BASE}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.gateways', (value, { resource }) => gatewayNames(value, generated(resource.annotations))),
    at(
      VIRTUAL_SERVICE,
      ['spec.http[].match[].gateways', 'spec.tls[].match[].gateways', 'spec.tcp[].match[].gateways'],
      (value) => gatewayNames(value, false),
    ),
  ),
  warned(
    {
      code: 'MGW0403',
      name: 'gateway-reference-legacy',
      title: 'A gateway name in the deprecated form',
      docs: {
        happens: 'It still works, but the other names after it are not validated.',
        instead: '`<namespace>/<name>`.',
        bad: virtualService(`gateways: [shop.default.svc.cluster.local]\n${BASE}`),
        good: virtualService(`gateways: [default/shop]\n${BASE}`),
      },
    },
    at(VIRTUAL_SERVICE, ['spec.gateways', 'spec.tls[].match[].gateways'], legacyNames),
  ),
  refused(
    {
      code: 'MGW0404',
      name: 'claim-routing-on-mesh',
      title: 'Routing by token claims outside a gateway',
      docs: {
        happens: REFUSED,
        instead: 'A VirtualService that is bound to gateways only.',
        bad: httpRule(
          'match:\n- headers:\n    "@request.auth.claims.group": {exact: admin}\nroute:\n- destination: {host: shop}',
        ),
        good: virtualService(
          'hosts: [shop.example.com]\ngateways: [default/shop]\nhttp:\n- match:\n  - headers:\n      "@request.auth.claims.group": {exact: admin}\n  route:\n  - destination: {host: shop}',
        ),
      },
    },
    at(VIRTUAL_SERVICE, ['spec.http[].match[].headers', 'spec.http[].match[].withoutHeaders'], (value, { spec }) =>
      claimHeaders(value, spec),
    ),
  ),
  refused(
    {
      code: 'MGW0405',
      name: 'virtual-service-host',
      title: 'Invalid host of a VirtualService',
      docs: {
        happens: REFUSED,
        instead:
          'A domain, a wildcard such as "*.example.com", or an IP address; "*" only with gateways and without `mesh`.',
        bad: virtualService(BASE.replace('shop.example.com', '"*"')),
        good: virtualService(`gateways: [default/shop]\n${BASE.replace('shop.example.com', '"*"')}`),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.hosts[]', (value, { spec }) =>
      typeof value === 'string' ? badHost(value, spec) : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0406',
      name: 'virtual-service-duplicate-hosts',
      title: 'Hosts of one VirtualService cover each other',
      docs: {
        happens: REFUSED,
        instead: 'Each host once; a wildcard covers what is below it.',
        bad: virtualService(BASE.replace('shop.example.com', '"*.example.com", shop.example.com')),
        good: virtualService(BASE.replace('shop.example.com', 'shop.example.com, blog.example.com')),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.hosts', (value, { spec }) => duplicateHosts(value, spec)),
  ),
  refused(
    {
      code: 'MGW0407',
      name: 'virtual-service-empty',
      title: 'A VirtualService has no routes',
      docs: {
        happens: REFUSED,
        instead: 'At least one of http, tls and tcp.',
        bad: virtualService('hosts: [shop.example.com]'),
        good: virtualService(BASE),
      },
    },
    at(VIRTUAL_SERVICE, '', (_, { spec }) =>
      ['http', 'tls', 'tcp'].some((field) => list(own(spec, field)).length)
        ? undefined
        : { message: 'the VirtualService has no http, tls or tcp routes', path: ['spec'] },
    ),
  ),
  refused(
    {
      code: 'MGW0408',
      name: 'l4-route-incomplete',
      title: 'A TLS or TCP route without a match or destination',
      docs: {
        happens: REFUSED,
        instead: 'A TLS route with a match that lists sniHosts, and a route; a TCP route with a route.',
        bad: virtualService(TLS.replace('  route:\n  - destination: {host: shop}', '')),
        good: virtualService(TLS),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.tls[]', (value) => {
      const route = object(value);
      const problems: Problem[] = [];
      if (!list(route.match).length) problems.push('the TLS route has no match');
      if (!list(route.route).length) problems.push('the TLS route has no destination');
      return problems;
    }),
    at(VIRTUAL_SERVICE, 'spec.tls[].match[]', (value) =>
      list(object(value).sniHosts).length ? undefined : 'the match lists no sniHosts',
    ),
    at(VIRTUAL_SERVICE, 'spec.tcp[]', (value) =>
      list(object(value).route).length ? undefined : 'the TCP route has no destination',
    ),
  ),
  refused(
    {
      code: 'MGW0409',
      name: 'sni-host',
      title: 'An SNI host is not within the hosts of the VirtualService',
      docs: {
        happens: REFUSED,
        instead: 'SNI hosts that the hosts of the VirtualService cover.',
        bad: virtualService(TLS.replace('sniHosts: [shop', 'sniHosts: [blog')),
        good: virtualService(TLS),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.tls[].match[].sniHosts[]', (value, { spec }) =>
      typeof value === 'string' ? sni(value, spec) : undefined,
    ),
  ),
  warned(
    {
      code: 'MGW0410',
      name: 'sni-address',
      title: 'An SNI host is an IP address',
      docs: {
        happens: 'Clients send no SNI for addresses (RFC 6066 section 3): the route is never taken.',
        instead: 'A host name.',
        bad: virtualService(TLS.replaceAll('shop.example.com', '10.0.0.1')),
        good: virtualService(TLS),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.tls[].match[].sniHosts[]', (value, { spec }) => {
      const host = text(value);
      const domain = withoutMesh(spec) ? gatewayBoundDomain(host, true) : wildcardDomain(host);
      return domain && isAddress(host) ? `"${host}" is an address; clients send no SNI for addresses` : undefined;
    }),
  ),
  refused(
    {
      code: 'MGW0411',
      name: 'destination-subnet',
      title: 'A destination subnet is neither an address nor a CIDR block',
      docs: {
        happens: REFUSED,
        instead: 'For example 10.1.0.0/16.',
        bad: virtualService(
          'hosts: [shop.example.com]\ntcp:\n- match:\n  - destinationSubnets: [10.1.0.0/99]\n  route:\n  - destination: {host: shop}',
        ),
        good: virtualService(
          'hosts: [shop.example.com]\ntcp:\n- match:\n  - destinationSubnets: [10.1.0.0/16]\n  route:\n  - destination: {host: shop}',
        ),
      },
    },
    at(
      VIRTUAL_SERVICE,
      ['spec.tls[].match[].destinationSubnets[]', 'spec.tcp[].match[].destinationSubnets[]'],
      (value) => (given(value) && typeof value === 'string' ? addressOrCidr(value) : undefined),
    ),
  ),
];
