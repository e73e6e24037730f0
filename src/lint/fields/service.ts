// What the API server says about a Service: k8s.io/kubernetes pkg/apis/core/validation (1.36), ValidateServiceCreate, after
// the defaults of the API (type ClusterIP, protocol TCP, sessionAffinity None).

import { isIP } from 'node:net';
import { type Json, type JsonObject, own } from '../../model/index.js';
import { service } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, rejected } from './field-rule.js';
import { dns1123Label, dns1123Subdomain, isCidr, labelValue, portName, qualifiedName } from './names.js';
import { given, list, number, object, port, text } from './values.js';

const SERVICE = '/Service';
const REJECTED = 'The API server refuses the Service.';
const PORTS = 'ports: [{name: http, port: 80}]';

const typeOf = (spec: JsonObject): string => text(spec.type) || 'ClusterIP';
const headless = (spec: JsonObject): boolean => spec.clusterIP === 'None' || list(spec.clusterIPs)[0] === 'None';
/** Reached from outside: then externalTrafficPolicy has a meaning. */
const external = (spec: JsonObject): boolean =>
  typeOf(spec) === 'NodePort' ||
  typeOf(spec) === 'LoadBalancer' ||
  (typeOf(spec) === 'ClusterIP' && list(spec.externalIPs).length > 0);

const oneOf = (value: Json, allowed: readonly string[]): string | undefined =>
  value === '' || allowed.includes(text(value)) ? undefined : `"${text(value)}" is not one of ${allowed.join(', ')}`;

function portProblems(value: Json, spec: JsonObject): Problem[] {
  const names = new Set<string>();
  const pairs = new Set<string>();
  const nodePorts = new Set<string>();
  const many = list(value).length > 1;
  return list(value).flatMap((entry, index) => {
    const p = object(entry);
    const problems: Problem[] = [];
    const name = text(p.name);
    const say = (message: string | undefined, field?: string) =>
      message && problems.push({ message, path: field === undefined ? [index] : [index, field] });
    if (name === '') {
      if (many) say('with several ports, each needs a name');
    } else {
      say(dns1123Label(name), 'name');
      if (names.has(name)) say(`the port name "${name}" is used twice`, 'name');
      names.add(name);
    }
    say(port(p.port ?? 0), given(p.port) ? 'port' : undefined);
    if (given(p.protocol)) say(oneOf(p.protocol, ['TCP', 'UDP', 'SCTP']), 'protocol');
    // 0 and an empty name are filled in with the port.
    if (typeof p.targetPort === 'number' && p.targetPort !== 0) say(port(p.targetPort), 'targetPort');
    else if (text(p.targetPort)) say(portName(text(p.targetPort)), 'targetPort');
    if (text(p.appProtocol)) say(qualifiedName(text(p.appProtocol)), 'appProtocol');
    const transport = text(p.protocol) || 'TCP';
    const pair = `${transport}/${number(p.port)}`;
    if (pairs.has(pair)) say(`the port ${pair} is listed twice`);
    pairs.add(pair);
    const nodePort = number(p.nodePort);
    if (nodePort !== 0) {
      if (typeOf(spec) === 'ClusterIP' || typeOf(spec) === 'ExternalName')
        say(`a nodePort cannot be set with type ${typeOf(spec)}`, 'nodePort');
      else say(port(nodePort), 'nodePort');
      if (nodePorts.has(`${transport}/${nodePort}`)) say(`the nodePort ${nodePort} is used twice`, 'nodePort');
      nodePorts.add(`${transport}/${nodePort}`);
    }
    return problems;
  });
}

function clusterIp(spec: JsonObject): Problem[] {
  const type = typeOf(spec);
  const given1 = text(spec.clusterIP);
  const all = list(spec.clusterIPs).map(text);
  if (type === 'ExternalName')
    return given1 || all.length
      ? [{ message: 'an ExternalName Service has no cluster address', path: ['clusterIP'] }]
      : [];
  const problems: Problem[] = [];
  if (headless(spec) && (type === 'NodePort' || type === 'LoadBalancer'))
    problems.push({ message: `a Service of type ${type} cannot be headless`, path: ['clusterIP'] });
  if (given1 && given1 !== 'None' && !isIP(given1))
    problems.push({ message: `"${given1}" is not an IP address (or None)`, path: ['clusterIP'] });
  if (given1 && all.length && all[0] !== given1)
    problems.push({ message: 'the first of clusterIPs has to be clusterIP', path: ['clusterIPs'] });
  for (const [index, ip] of all.entries())
    if (ip !== 'None' && !isIP(ip))
      problems.push({ message: `"${ip}" is not an IP address (or None)`, path: ['clusterIPs', index] });
  return problems;
}

function externalName(spec: JsonObject): Problem {
  if (typeOf(spec) !== 'ExternalName') return undefined;
  const name = text(spec.externalName).replace(/\.$/, '');
  const problem = name === '' ? 'an ExternalName Service needs externalName' : dns1123Subdomain(name);
  return problem ? { message: problem, path: given(spec.externalName) ? ['externalName'] : [] } : undefined;
}

/** Addresses that cannot belong to a Service: unspecified, loopback, link-local. */
const special = (ip: string): boolean =>
  /^(?:0\.0\.0\.0$|127\.|169\.254\.|224\.0\.0\.|::$|::1$|fe[89ab]|ff02)/i.test(ip);

const onlyFor = (spec: JsonObject, fields: readonly string[]): Problem[] =>
  typeOf(spec) === 'LoadBalancer'
    ? []
    : fields
        .filter((f) => given(own(spec, f)) && !(Array.isArray(own(spec, f)) && !list(own(spec, f)).length))
        .map((f) => ({ message: `${f} can be set with type LoadBalancer only`, path: [f] }));

function affinity(spec: JsonObject): Problem {
  const seconds = object(object(spec.sessionAffinityConfig).clientIP).timeoutSeconds;
  if (!given(spec.sessionAffinityConfig)) return undefined;
  if (spec.sessionAffinity !== 'ClientIP')
    return { message: 'sessionAffinityConfig needs sessionAffinity ClientIP', path: ['sessionAffinityConfig'] };
  return typeof seconds === 'number' && (seconds <= 0 || seconds > 86400)
    ? {
        message: `${seconds} is not from 1 to 86400 seconds`,
        path: ['sessionAffinityConfig', 'clientIP', 'timeoutSeconds'],
      }
    : undefined;
}

function healthCheck(spec: JsonObject): Problem {
  const check = number(spec.healthCheckNodePort);
  if (check === 0) return undefined;
  if (check < 0) return { message: 'healthCheckNodePort cannot be negative', path: ['healthCheckNodePort'] };
  return typeOf(spec) === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
    ? undefined
    : {
        message: 'healthCheckNodePort needs type LoadBalancer and externalTrafficPolicy Local',
        path: ['healthCheckNodePort'],
      };
}

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0711',
      name: 'service-ports',
      title: 'Missing or invalid ports of a Service',
      docs: {
        happens: REJECTED,
        instead: 'At least one port (unless headless or ExternalName); with several, a name for each.',
        bad: service('selector: {app: shop}\nports: [{port: 80}, {port: 81}]'),
        good: service('selector: {app: shop}\nports: [{name: http, port: 80}, {name: admin, port: 81}]'),
      },
    },
    at(SERVICE, 'spec', (value) =>
      list(object(value).ports).length || headless(object(value)) || typeOf(object(value)) === 'ExternalName'
        ? undefined
        : 'the Service has no ports',
    ),
    at(SERVICE, 'spec.ports', (value, { spec }) => portProblems(value, spec)),
  ),
  rejected(
    {
      code: 'MGW0712',
      name: 'service-type',
      title: 'A Service has an unknown type, or fields of another type',
      docs: {
        happens: REJECTED,
        instead: 'ClusterIP, NodePort, LoadBalancer or ExternalName, and their own fields.',
        bad: service(`type: ClusterIP\n${PORTS}\nexternalTrafficPolicy: Local`),
        good: service(`type: LoadBalancer\n${PORTS}\nexternalTrafficPolicy: Local`),
      },
    },
    at(SERVICE, 'spec.type', (value) => oneOf(value, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])),
    at(SERVICE, 'spec.externalTrafficPolicy', (value, { spec }) =>
      external(spec)
        ? oneOf(value, ['Cluster', 'Local'])
        : value === ''
          ? undefined
          : 'externalTrafficPolicy needs a Service that is exposed outside the cluster (NodePort, LoadBalancer or externalIPs)',
    ),
    at(SERVICE, 'spec.internalTrafficPolicy', (value) => oneOf(value, ['Cluster', 'Local'])),
    at(SERVICE, 'spec.sessionAffinity', (value) => oneOf(value, ['ClientIP', 'None'])),
    at(SERVICE, 'spec.ipFamilyPolicy', (value) => oneOf(value, ['SingleStack', 'PreferDualStack', 'RequireDualStack'])),
    at(SERVICE, 'spec.ipFamilies[]', (value) => oneOf(value, ['IPv4', 'IPv6'])),
    at(SERVICE, 'spec.trafficDistribution', (value) =>
      oneOf(value, ['PreferClose', 'PreferSameZone', 'PreferSameNode']),
    ),
    at(SERVICE, 'spec.loadBalancerClass', (value) => qualifiedName(text(value))),
    at(SERVICE, 'spec', (value) => [
      ...onlyFor(object(value), ['loadBalancerSourceRanges', 'loadBalancerClass', 'allocateLoadBalancerNodePorts']),
      affinity(object(value)),
      healthCheck(object(value)),
    ]),
  ),
  rejected(
    {
      code: 'MGW0713',
      name: 'service-address',
      title: 'Invalid address of a Service',
      docs: {
        happens: REJECTED,
        instead: 'IP addresses, CIDR blocks, and a DNS name as externalName.',
        bad: service(`clusterIP: shop\n${PORTS}`),
        good: service(`clusterIP: None\n${PORTS}`),
      },
    },
    at(SERVICE, 'spec', (value) => [...clusterIp(object(value)), externalName(object(value))]),
    at(SERVICE, 'spec.externalIPs[]', (value) =>
      isIP(text(value))
        ? special(text(value))
          ? `"${text(value)}" is not a valid address of a Service`
          : undefined
        : `"${text(value)}" is not an IP address`,
    ),
    at(SERVICE, 'spec.loadBalancerSourceRanges[]', (value, { spec }) =>
      typeOf(spec) !== 'LoadBalancer' || isCidr(text(value).trim())
        ? undefined
        : `"${text(value)}" is not a CIDR block such as 10.0.0.0/8`,
    ),
  ),
  rejected(
    {
      code: 'MGW0714',
      name: 'service-selector',
      title: 'Invalid label in the selector of a Service',
      docs: {
        happens: REJECTED,
        instead: 'Labels of letters, digits, "-", "_" and ".".',
        bad: service(`selector: {app: "my shop"}\n${PORTS}`),
        good: service(`selector: {app: shop}\n${PORTS}`),
      },
    },
    at(SERVICE, 'spec.selector{}', (value, { key }) => [qualifiedName(String(key)), labelValue(text(value))]),
  ),
];
