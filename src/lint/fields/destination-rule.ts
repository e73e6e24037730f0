// What Istio's validation says about a DestinationRule: ValidateDestinationRule, validateTrafficPolicy and what they call
// (pkg/config/validation/validation.go), and ValidateTLS of agent/validation.go (source of 2026-08-22).

import { append, type Json, type JsonObject, own } from '../../model/index.js';
import { destinationRule } from '../examples.js';
import type { FieldTest, Problem, Rule } from '../rule.js';
import { at, DESTINATION_RULE, refused, SIDECAR, SIDECAR_POOLS, warned } from './field-rule.js';
import { fqdn, isAddress } from './names.js';
import { given, list, number, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the DestinationRule.";
const TOP = 'spec.trafficPolicy';
const POLICIES = [TOP, 'spec.subsets[].trafficPolicy'];
const PORTS = POLICIES.map((p) => `${p}.portLevelSettings[]`);
const EVERYWHERE = [...POLICIES, ...PORTS];
const on = (field: string): string[] => EVERYWHERE.map((p) => `${p}.${field}`);
/** Warnings get lost below subsets and ports: there Istio's own code keeps only errors (appendErrors). */
const onTop = (field: string): string => `${TOP}.${field}`;

const shop = (policy: string): string =>
  destinationRule(`host: shop\ntrafficPolicy:\n  ${policy.replaceAll('\n', '\n  ')}`);
const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];

function emptyPolicy(value: Json): Problem {
  const policy = object(value);
  const lists = list(policy.portLevelSettings).length > 0;
  return lists || [...PORT_FIELDS, 'tunnel', 'proxyProtocol', 'retryBudget'].some((f) => given(own(policy, f)))
    ? undefined
    : 'the traffic policy is empty';
}

function portPolicy(value: Json): Problem[] {
  const settings = object(value);
  const problems: Problem[] = [];
  if (!given(settings.port)) problems.push('the port settings have no port');
  if (!PORT_FIELDS.some((f) => given(own(settings, f)))) problems.push('the port settings are empty');
  return problems;
}

function tunnel(value: Json): Problem[] {
  const t = object(value);
  const problems: Problem[] = [];
  if (!['', 'CONNECT', 'POST'].includes(text(t.protocol)))
    problems.push({ message: `the tunnel protocol "${text(t.protocol)}" is not CONNECT or POST`, path: ['protocol'] });
  if (fqdn(text(t.targetHost)) && !isAddress(text(t.targetHost)))
    problems.push(`the target host "${text(t.targetHost)}" is neither a host name nor an IP address`);
  return problems;
}

const NOT_NEGATIVE = [
  'http.http1MaxPendingRequests',
  'http.http2MaxRequests',
  'http.maxRequestsPerConnection',
  'http.maxRetries',
  'http.maxConcurrentStreams',
  'tcp.maxConnections',
];

const notNegative: FieldTest = (value, { key }) => (number(value) < 0 ? `${key} cannot be negative` : undefined);

function connectionPool(value: Json): Problem[] {
  const pool = object(value);
  if (!given(pool.http) && !given(pool.tcp)) return ['the connection pool is empty'];
  const http = object(pool.http);
  const problems: Problem[] = [];
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true)
    problems.push({
      message: 'useClientProtocol and h2UpgradePolicy UPGRADE exclude each other',
      path: ['http', 'useClientProtocol'],
    });
  if (given(http.http2KeepAlive))
    for (const field of ['interval', 'timeout'])
      if (!given(own(object(http.http2KeepAlive), field)))
        problems.push({ message: `http2KeepAlive needs ${field}`, path: ['http', 'http2KeepAlive'] });
  return problems;
}

/** Envoy's own test, with its quirks: 1, 2 and 3 are prime, 0 is not. */
function isPrime(x: number): boolean {
  if (x !== 0 && x < 4) return true;
  if (x % 2 === 0) return false;
  for (let factor = 3; factor * factor <= x; factor += 2) if (x % factor === 0) return false;
  return true;
}

function loadBalancer(value: Json): Problem[] {
  const lb = object(value);
  const hash = object(lb.consistentHash);
  const problems: Problem[] = cookieProblems(hash);
  if (number(integer(hash.minimumRingSize)) !== 0 && (given(hash.ringHash) || given(hash.maglev)))
    problems.push({
      message: 'minimumRingSize cannot be combined with ringHash or maglev',
      path: ['consistentHash', 'minimumRingSize'],
    });
  const table = given(hash.maglev) ? tableSizeProblem(hash) : undefined;
  if (table) problems.push(table);
  if (given(lb.localityLbSetting) && given(lb.zoneAwareLbSetting))
    problems.push('localityLbSetting and zoneAwareLbSetting exclude each other');
  if (given(lb.warmup)) append(problems, warmupProblems(object(lb.warmup)));
  return problems;
}

function cookieProblems(hash: JsonObject): Problem[] {
  const cookie = object(hash.httpCookie);
  const problems: Problem[] = [];
  if (given(hash.httpCookie) && !text(cookie.name))
    problems.push({ message: 'the cookie has no name', path: ['consistentHash', 'httpCookie'] });
  const attributes = new Set<string>();
  for (const [index, attribute] of list(cookie.attributes).entries()) {
    const name = text(object(attribute).name);
    const path = ['consistentHash', 'httpCookie', 'attributes', index];
    if (!name) problems.push({ message: 'the cookie attribute has no name', path });
    else if (attributes.has(name)) problems.push({ message: `the cookie attribute "${name}" is given twice`, path });
    attributes.add(name);
  }
  return problems;
}

function tableSizeProblem(hash: JsonObject): Problem {
  const size = number(integer(object(hash.maglev).tableSize));
  const path = ['consistentHash', 'maglev'];
  if (size === 0) return { message: 'maglev needs a tableSize', path };
  if (size >= 5000011) return { message: 'the tableSize has to be below 5000011', path };
  return isPrime(size)
    ? undefined
    : { message: `the tableSize ${size} is not a prime number`, path: [...path, 'tableSize'] };
}

function warmupProblems(warmup: JsonObject): Problem[] {
  const problems: Problem[] = [];
  if (!given(warmup.duration)) problems.push({ message: 'the warmup has no duration', path: ['warmup'] });
  if (number(warmup.minimumPercent) > 100)
    problems.push({ message: 'minimumPercent is above 100', path: ['warmup', 'minimumPercent'] });
  if (given(warmup.aggression) && number(warmup.aggression) <= 0)
    problems.push({ message: 'aggression has to be above 0', path: ['warmup', 'aggression'] });
  return problems;
}

/** 64-bit integers of the API may be written as strings. */
const integer = (value: Json | undefined): Json =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : (value ?? null);

const TOPOLOGY = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);

/** region → zones → subzones that are taken; `*`: all of them. False: what is to be taken is so already, or a part of it. */
function take(
  taken: Map<string, Map<string, Set<string>>>,
  region: string,
  zone: string | undefined,
  subzone: string | undefined,
): boolean {
  const zones = taken.get(region) ?? new Map<string, Set<string>>();
  if (taken.has('*') || zones.has('*')) return false;
  if (zone === undefined) {
    if (zones.size > 0) return false;
    zones.set('*', new Set(['*']));
  } else {
    const subzones = zones.get(zone) ?? new Set<string>();
    if (subzone === undefined ? subzones.size > 0 : subzones.has('*') || subzones.has(subzone)) return false;
    zones.set(zone, subzones.add(subzone ?? '*'));
  }
  taken.set(region, zones);
  return true;
}

/** Localities are region[/zone[/subzone]]; a `*` stands only at the end; none may cover another. */
function localities(names: readonly string[]): Problem {
  const taken = new Map<string, Map<string, Set<string>>>();
  for (const name of names) {
    const stars = name.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !name.endsWith('*')))
      return `"${name}": "*" is allowed only at the end of a locality`;
    const [region = '', zone, ...rest] = name.split('/');
    const subzone = rest.length ? rest.join('/') : undefined;
    if (region === '' || zone === '' || subzone === '') return `the locality "${name}" has an empty part`;
    if (!take(taken, region, zone, subzone)) return `the locality "${name}" overlaps an earlier one`;
  }
  return undefined;
}

function failovers(setting: JsonObject): Problem[] {
  return list(setting.failover).flatMap((entry, index) => {
    const { from, to } = object(entry);
    const path = ['failover', index];
    const problems: Problem[] = [];
    if (text(from) === text(to)) problems.push({ message: 'a failover has to name another region', path });
    if (`${text(from)}${text(to)}`.includes('/')) problems.push({ message: 'a failover may name regions only', path });
    if (`${text(from)}${text(to)}`.includes('*')) problems.push({ message: 'a failover may not have wildcards', path });
    return problems;
  });
}

/** Istio stops at the first of the early ones. */
function locality(value: Json): Problem[] {
  const setting = object(value);
  const distribute = list(setting.distribute);
  const failover = list(setting.failover);
  const topology = list(setting.failoverPriority)
    .map(text)
    .find((l) => TOPOLOGY.has(l));
  if (distribute.length && failover.length) return ['distribute and failover exclude each other'];
  if (failover.length && topology)
    return [`failover cannot be combined with the topology label ${topology} in failoverPriority`];
  for (const [index, entry] of distribute.entries()) {
    const to = object(object(entry).to);
    const weights = Object.values(to).map(number);
    const path = ['distribute', index, 'to'];
    if (weights.some((w) => w <= 0 || w > 100)) return [{ message: 'a locality weight is from 1 to 100', path }];
    if (weights.reduce((a, b) => a + b, 0) !== 100)
      return [{ message: 'the locality weights do not add up to 100', path }];
    const overlap = localities(Object.keys(to));
    if (overlap) return [overlap];
  }
  const overlap = localities(distribute.map((entry) => text(object(entry).from)));
  return [overlap, ...failovers(setting)];
}

function clientTls(value: Json, namespace: string): Problem[] {
  const tls = object(value);
  const mode = text(tls.mode);
  const credential = text(tls.credentialName);
  const problems: Problem[] = [];
  if (credential.startsWith('configmap://')) {
    const [ns, name] = credential.slice('configmap://'.length).split('/');
    if (!ns || !name || ns !== namespace)
      problems.push({
        message: `a configmap:// credential has to be in the namespace ${namespace}`,
        path: ['credentialName'],
      });
  }
  if (tls.insecureSkipVerify === true) {
    if (mode === 'SIMPLE' && (text(tls.caCertificates) || credential || list(tls.subjectAltNames).length))
      problems.push({
        message: 'insecureSkipVerify cannot be combined with caCertificates, credentialName or subjectAltNames',
        path: ['insecureSkipVerify'],
      });
    if (mode === 'MUTUAL' && (text(tls.caCertificates) || list(tls.subjectAltNames).length))
      problems.push({
        message: 'insecureSkipVerify cannot be combined with caCertificates or subjectAltNames',
        path: ['insecureSkipVerify'],
      });
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credential) {
    const file = ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].find((f) => text(own(tls, f)));
    if (file) problems.push({ message: `credentialName cannot be combined with ${file}`, path: [file] });
  } else if (mode === 'MUTUAL') {
    for (const field of ['clientCertificate', 'privateKey'])
      if (!text(own(tls, field))) problems.push(`MUTUAL needs ${field} (or a credentialName)`);
  }
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0501',
      name: 'duplicate-subset',
      title: 'Two subsets have the same name',
      docs: {
        happens: REFUSED,
        instead: 'A name of its own for each subset.',
        bad: destinationRule('host: shop\nsubsets: [{name: v1, labels: {v: a}}, {name: v1, labels: {v: b}}]'),
        good: destinationRule('host: shop\nsubsets: [{name: v1, labels: {v: a}}, {name: v2, labels: {v: b}}]'),
      },
    },
    at(DESTINATION_RULE, 'spec.subsets', (value) => {
      const names = new Set<string>();
      return list(value).map((entry, index) => {
        if (!given(entry)) return undefined;
        const name = text(object(entry).name);
        if (names.has(name)) return { message: `the subset "${name}" is defined twice`, path: [index] };
        names.add(name);
        return undefined;
      });
    }),
  ),
  refused(
    {
      code: 'MGW0502',
      name: 'traffic-policy-empty',
      title: 'Empty traffic policy',
      docs: {
        happens: REFUSED,
        instead: 'At least one setting, or no policy.',
        bad: destinationRule('host: shop\ntrafficPolicy: {}'),
        good: shop('tls: {mode: ISTIO_MUTUAL}'),
      },
    },
    at(DESTINATION_RULE, POLICIES, emptyPolicy),
    at(DESTINATION_RULE, PORTS, portPolicy),
  ),
  refused(
    {
      code: 'MGW0503',
      name: 'tunnel',
      title: 'Invalid tunnel or proxyProtocol',
      docs: {
        happens: REFUSED,
        instead: 'Protocol CONNECT or POST, a target host and port; not together with proxyProtocol.',
        bad: shop('tunnel: {protocol: GET, targetHost: a.example.com, targetPort: 443}'),
        good: shop('tunnel: {protocol: CONNECT, targetHost: a.example.com, targetPort: 443}'),
      },
    },
    at(
      DESTINATION_RULE,
      POLICIES.map((p) => `${p}.tunnel`),
      tunnel,
    ),
    at(DESTINATION_RULE, POLICIES, (value) =>
      given(object(value).tunnel) && given(object(value).proxyProtocol)
        ? 'tunnel and proxyProtocol exclude each other'
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0504',
      name: 'outlier-detection',
      title: 'consecutiveLocalOriginFailures without splitExternalLocalOriginErrors',
      docs: {
        happens: REFUSED,
        instead: 'splitExternalLocalOriginErrors: true beside consecutiveLocalOriginFailures.',
        bad: shop('outlierDetection: {consecutiveLocalOriginFailures: 3}'),
        good: shop('outlierDetection: {consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true}'),
      },
    },
    at(DESTINATION_RULE, on('outlierDetection'), (value) =>
      number(object(value).consecutiveLocalOriginFailures) > 0 && object(value).splitExternalLocalOriginErrors !== true
        ? 'consecutiveLocalOriginFailures has an effect only with splitExternalLocalOriginErrors: true'
        : undefined,
    ),
  ),
  warned(
    {
      code: 'MGW0505',
      name: 'outlier-consecutive-errors',
      title: 'consecutiveErrors is deprecated',
      docs: {
        happens: 'A later version may remove it.',
        instead: 'consecutiveGatewayErrors or consecutive5xxErrors.',
        bad: shop('outlierDetection: {consecutiveErrors: 3}'),
        good: shop('outlierDetection: {consecutive5xxErrors: 3}'),
      },
    },
    at(DESTINATION_RULE, onTop('outlierDetection.consecutiveErrors'), (value) =>
      number(value) !== 0
        ? 'consecutiveErrors is deprecated; write consecutiveGatewayErrors or consecutive5xxErrors'
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0506',
      name: 'connection-pool',
      title: 'Invalid connection pool settings',
      docs: {
        happens: REFUSED,
        instead: 'Settings for http or tcp, none negative.',
        bad: shop('connectionPool: {}'),
        good: shop('connectionPool: {tcp: {maxConnections: 100}}'),
      },
    },
    at(DESTINATION_RULE, on('connectionPool'), connectionPool),
    at(
      DESTINATION_RULE,
      NOT_NEGATIVE.flatMap((f) => on(`connectionPool.${f}`)),
      notNegative,
    ),
    at(SIDECAR, SIDECAR_POOLS, connectionPool),
    at(
      SIDECAR,
      NOT_NEGATIVE.flatMap((f) => SIDECAR_POOLS.map((p) => `${p}.${f}`)),
      notNegative,
    ),
  ),
  refused(
    {
      code: 'MGW0507',
      name: 'load-balancer',
      title: 'Invalid load balancer settings',
      docs: {
        happens: REFUSED,
        instead: 'A cookie with a name; a maglev table of a prime size below 5000011; a warmup with a duration.',
        bad: shop('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 1000}}}'),
        good: shop('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 1009}}}'),
      },
    },
    at(DESTINATION_RULE, on('loadBalancer'), loadBalancer),
  ),
  warned(
    {
      code: 'MGW0508',
      name: 'minimum-ring-size',
      title: 'minimumRingSize is deprecated',
      docs: {
        happens: 'A later version may remove it.',
        instead: 'ringHash: {minimumRingSize: …}.',
        bad: shop('loadBalancer: {consistentHash: {useSourceIp: true, minimumRingSize: 1024}}'),
        good: shop('loadBalancer: {consistentHash: {useSourceIp: true, ringHash: {minimumRingSize: 1024}}}'),
      },
    },
    at(DESTINATION_RULE, onTop('loadBalancer.consistentHash.minimumRingSize'), (value) =>
      number(integer(value)) !== 0 ? 'minimumRingSize is deprecated; write ringHash: {minimumRingSize: …}' : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0509',
      name: 'locality-load-balancing',
      title: 'Invalid locality settings',
      docs: {
        happens: REFUSED,
        instead: 'distribute (weights that add up to 100) or failover (between different regions, without wildcards).',
        bad: shop('loadBalancer: {localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 10}}]}}'),
        good: shop('loadBalancer: {localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 20}}]}}'),
      },
    },
    at(DESTINATION_RULE, on('loadBalancer.localityLbSetting'), locality),
    at(DESTINATION_RULE, on('loadBalancer.zoneAwareLbSetting'), (value) => {
      const topology = list(object(value).failoverPriority)
        .map(text)
        .filter((l) => TOPOLOGY.has(l));
      return [
        ...topology.map((l) => ({
          message: `Istio adds the topology label ${l} by itself: remove it`,
          path: ['failoverPriority'],
        })),
        ...failovers(object(value)),
      ];
    }),
  ),
  warned(
    {
      code: 'MGW0510',
      name: 'failover-without-outlier-detection',
      title: 'A failover has no outlier detection',
      docs: {
        happens: 'Without it no endpoint is ever found unhealthy, so nothing fails over.',
        instead: 'outlierDetection in the same traffic policy.',
        bad: shop('loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}'),
        good: shop(
          'outlierDetection: {consecutive5xxErrors: 3}\nloadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}',
        ),
      },
    },
    at(
      DESTINATION_RULE,
      [onTop('loadBalancer.localityLbSetting'), onTop('loadBalancer.zoneAwareLbSetting')],
      (value, place) => {
        const setting = object(value);
        const broken = locality(value).some(
          (p) => p !== undefined && typeof p === 'object' && !p.path?.includes('failover'),
        );
        return !broken &&
          (list(setting.failover).length || list(setting.failoverPriority).length) &&
          !given(object(place.up(2)).outlierDetection)
          ? 'failover needs outlierDetection in the same policy: otherwise no endpoint is ever ejected'
          : undefined;
      },
    ),
  ),
  refused(
    {
      code: 'MGW0511',
      name: 'client-tls',
      title: 'Conflicting or incomplete TLS settings',
      docs: {
        happens: REFUSED,
        instead:
          'MUTUAL with clientCertificate and privateKey, or with credentialName; insecureSkipVerify without a CA.',
        bad: shop('tls: {mode: MUTUAL}'),
        good: shop('tls: {mode: MUTUAL, credentialName: client-cert}'),
      },
    },
    at(DESTINATION_RULE, on('tls'), (value, { resource }) => clientTls(value, resource.namespace)),
  ),
];
