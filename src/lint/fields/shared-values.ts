// Values that Istio's validation reads the same way in several kinds: ports, durations, percentages, statuses, hosts of
// destinations, names, labels, exportTo and workload selectors (pkg/config/validation, source of 2026-08-22).

import type { Json } from '../../model/index.js';
import { destinationRule, httpRule, serviceEntry, virtualService } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import {
  AUTHORIZATION_POLICY,
  at,
  DESTINATION_RULE,
  GATEWAY,
  onKinds,
  REQUEST_AUTHENTICATION,
  refused,
  SERVICE_ENTRY,
  SIDECAR,
  SIDECAR_POOLS,
  TELEMETRY,
  VIRTUAL_SERVICE,
  WITH_SELECTOR,
  warned,
} from './field-rule.js';
import { isLabel, labelProblem, wildcardDomain } from './names.js';
import {
  duration,
  given,
  httpStatus,
  list,
  nanoseconds,
  object,
  percentFraction,
  percentInteger,
  port,
  protocol,
  text,
} from './values.js';

const REFUSED = "Istio's webhook refuses the object.";
const TO_SHOP = 'route:\n- destination: {host: shop}';
const ENTRY = 'hosts: [partner.example.com]\nports: [{number: 443, name: tls, protocol: TLS}]\nresolution: DNS';

const DESTINATIONS = [
  'spec.http[].route[].destination',
  'spec.http[].mirror',
  'spec.http[].mirrors[].destination',
  'spec.tls[].route[].destination',
  'spec.tcp[].route[].destination',
];
/** Traffic policies: of the rule and of its subsets, and the settings per port inside them. */
const POLICIES = ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'];
const POLICIES_AND_PORTS = POLICIES.flatMap((p) => [p, `${p}.portLevelSettings[]`]);
const DURATIONS = [
  'outlierDetection.baseEjectionTime',
  'outlierDetection.interval',
  'connectionPool.http.idleTimeout',
  'connectionPool.http.http2KeepAlive.interval',
]
  .concat([
    'connectionPool.http.http2KeepAlive.timeout',
    'connectionPool.tcp.connectTimeout',
    'connectionPool.tcp.maxConnectionDuration',
  ])
  .concat([
    'connectionPool.tcp.tcpKeepalive.time',
    'connectionPool.tcp.tcpKeepalive.interval',
    'loadBalancer.warmup.duration',
    'loadBalancer.warmupDurationSecs',
  ]);

const onPolicies = (suffixes: readonly string[]): string[] =>
  POLICIES_AND_PORTS.flatMap((p) => suffixes.map((s) => `${p}.${s}`));

const TCP_IDLE = ['connectionPool.tcp.idleTimeout'];
const POOL = 'connectionPool.';
/** Of these fields those of a connection pool, as a Sidecar has them. */
const onSidecarPools = (suffixes: readonly string[]): string[] =>
  suffixes.filter((s) => s.startsWith(POOL)).flatMap((s) => SIDECAR_POOLS.map((p) => `${p}.${s.slice(POOL.length)}`));

/** Zero turns it off. */
const idleTimeout = (value: Json): Problem =>
  /^(?:0|0*\.?0*(?:h|m|s|ms|us|ns))$/.test(text(value)) ? undefined : duration(value);

/** validateExportTo; `.` stands for the own namespace. */
function exportTo(value: Json, namespace: string, kind: 'service-entry' | 'selected' | 'other'): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const entries = list(value);
  for (const [index, entry] of entries.entries()) {
    const key = entry === '.' ? namespace : text(entry);
    if (seen.has(key)) problems.push({ message: `exportTo lists "${key}" twice`, path: [index] });
    else if (key === '*' || (key === '~' && kind === 'service-entry') || isLabel(key)) seen.add(key);
    else
      problems.push({
        message: `exportTo takes "*", "." or a namespace${kind === 'service-entry' ? ', or "~"' : ''}, not "${text(entry)}"`,
        path: [index],
      });
  }
  if (kind === 'selected' && seen.size && !(seen.size === 1 && seen.has(namespace)))
    problems.push('a DestinationRule with a workloadSelector can be exported to its own namespace only');
  for (const all of ['*', '~'])
    if (seen.has(all) && entries.length > 1) problems.push(`exportTo has "${all}" beside other entries`);
  return problems;
}

function selectorProblems(labels: Json): Problem[] {
  return Object.entries(object(labels)).map(([key, value]) =>
    key === ''
      ? 'the selector has an empty key'
      : `${key}${text(value)}`.includes('*')
        ? { message: `the selector "${key}=${text(value)}" has a wildcard, which is not supported`, path: [key] }
        : undefined,
  );
}

const subsetName = (value: Json): Problem =>
  typeof value !== 'string' || value === '' || isLabel(value)
    ? undefined
    : `the subset name "${value}" is not a DNS label`;

const RESERVED = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
];

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0201',
      name: 'port-range',
      title: 'Port outside 1..65535',
      docs: {
        happens: REFUSED,
        instead: 'A number from 1 to 65535.',
        bad: httpRule('route:\n- destination: {host: shop, port: {number: 70000}}'),
        good: httpRule('route:\n- destination: {host: shop, port: {number: 8080}}'),
      },
    },
    at(
      VIRTUAL_SERVICE,
      DESTINATIONS.map((d) => `${d}.port`),
      (value) => port(object(value).number ?? 0),
    ),
    at(VIRTUAL_SERVICE, ['spec.http[].match[].port', 'spec.tls[].match[].port', 'spec.tcp[].match[].port'], (value) =>
      value === 0 ? undefined : port(value),
    ),
    at(
      DESTINATION_RULE,
      POLICIES.map((p) => `${p}.tunnel`),
      (value) => port(object(value).targetPort ?? 0),
    ),
    at(SERVICE_ENTRY, 'spec.ports[]', (value) => port(object(value).number ?? 0)),
    at(SERVICE_ENTRY, 'spec.ports[].targetPort', (value) => (value === 0 ? undefined : port(value))),
  ),
  refused(
    {
      code: 'MGW0202',
      name: 'duration',
      title: 'Invalid duration, or shorter than a millisecond',
      docs: {
        happens: REFUSED,
        instead: 'For example "5s", "1m30s" or "250ms". To have no timeout, leave `timeout` out.',
        bad: httpRule(`timeout: 0s\n${TO_SHOP}`),
        good: httpRule(`timeout: 5s\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      [
        'timeout',
        'retries.perTryTimeout',
        'retries.backoff',
        'corsPolicy.maxAge',
        'fault.delay.fixedDelay',
        'fault.delay.exponentialDelay',
      ].map((f) => `spec.http[].${f}`),
      duration,
    ),
    at(DESTINATION_RULE, onPolicies(['loadBalancer.consistentHash.httpCookie.ttl']), (value) =>
      typeof value === 'string' && nanoseconds(value) === undefined
        ? `"${value}" is not a duration such as "5s"`
        : undefined,
    ),
    at(DESTINATION_RULE, onPolicies(DURATIONS), duration),
    at(SIDECAR, onSidecarPools(DURATIONS), duration),
    at(REQUEST_AUTHENTICATION, 'spec.jwtRules[].timeout', duration),
    // Only the CRD looks at it, and is content with microseconds.
    at(TELEMETRY, 'spec.metrics[].reportingInterval', (value) => {
      const ns = nanoseconds(text(value));
      return ns === undefined || ns < 1e6 ? duration(value) : undefined;
    }),
    at(DESTINATION_RULE, onPolicies(TCP_IDLE), idleTimeout),
    at(SIDECAR, onSidecarPools(TCP_IDLE), idleTimeout),
  ),
  refused(
    {
      code: 'MGW0203',
      name: 'destination-host',
      title: 'The host of a destination or rule is not a domain',
      docs: {
        happens: REFUSED,
        instead: 'A service name, a full host name, or (in a DestinationRule) a wildcard.',
        bad: httpRule('route:\n- destination: {host: shop_v1}'),
        good: httpRule('route:\n- destination: {host: shop-v1}'),
      },
    },
    at(VIRTUAL_SERVICE, DESTINATIONS, (value) => {
      const host = text(object(value).host);
      const problem = host === '*' ? '"*" is not allowed as a destination' : wildcardDomain(host);
      return problem ? { message: problem, path: given(object(value).host) ? ['host'] : [] } : undefined;
    }),
    at(DESTINATION_RULE, 'spec', (value) => {
      const problem = wildcardDomain(text(object(value).host));
      return problem ? { message: problem, path: given(object(value).host) ? ['host'] : [] } : undefined;
    }),
  ),
  refused(
    {
      code: 'MGW0204',
      name: 'subset-name',
      title: 'The name of a subset is not a DNS label',
      docs: {
        happens: REFUSED,
        instead: 'Letters, digits and inner dashes.',
        bad: destinationRule('host: shop\nsubsets: [{name: v_1, labels: {version: v1}}]'),
        good: destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]'),
      },
    },
    at(
      VIRTUAL_SERVICE,
      DESTINATIONS.map((d) => `${d}.subset`),
      subsetName,
    ),
    at(DESTINATION_RULE, 'spec.subsets[]', (value) => {
      const name = text(object(value).name);
      return name === ''
        ? 'the subset has no name'
        : isLabel(name)
          ? undefined
          : { message: `the subset name "${name}" is not a DNS label`, path: ['name'] };
    }),
  ),
  refused(
    {
      code: 'MGW0205',
      name: 'percentage',
      title: 'A percentage is out of range',
      docs: {
        happens: REFUSED,
        instead: '0 to 100; in `percentage.value` the smallest share is 0.0001.',
        bad: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 200}}}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 20}}}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      ['spec.http[].fault.abort.percentage.value', 'spec.http[].fault.delay.percentage.value'],
      percentFraction,
    ),
    at(
      DESTINATION_RULE,
      onPolicies(['outlierDetection.maxEjectionPercent', 'outlierDetection.minHealthPercent']),
      percentInteger,
    ),
  ),
  refused(
    {
      code: 'MGW0206',
      name: 'http-status',
      title: 'Status outside 200..599',
      docs: {
        happens: REFUSED,
        instead: 'A final HTTP status.',
        bad: httpRule('directResponse: {status: 100}'),
        good: httpRule('directResponse: {status: 204}'),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.http[].directResponse', (value) => httpStatus(object(value).status ?? 0)),
    at(VIRTUAL_SERVICE, 'spec.http[].fault.abort.httpStatus', httpStatus),
  ),
  refused(
    {
      code: 'MGW0207',
      name: 'export-to',
      title: 'Invalid exportTo',
      docs: {
        happens: REFUSED,
        instead: '"*" alone, or "." and names of namespaces, each once.',
        bad: virtualService(
          `exportTo: ["*", team-a]\nhosts: [shop.example.com]\nhttp:\n- ${TO_SHOP.replace('\n', '\n  ')}`,
        ),
        good: virtualService(
          `exportTo: [., team-a]\nhosts: [shop.example.com]\nhttp:\n- ${TO_SHOP.replace('\n', '\n  ')}`,
        ),
      },
    },
    at(VIRTUAL_SERVICE, 'spec.exportTo', (value, { resource }) => exportTo(value, resource.namespace, 'other')),
    at(DESTINATION_RULE, 'spec.exportTo', (value, { resource, spec }) =>
      exportTo(value, resource.namespace, given(spec.workloadSelector) ? 'selected' : 'other'),
    ),
    at(SERVICE_ENTRY, 'spec.exportTo', (value, { resource }) => exportTo(value, resource.namespace, 'service-entry')),
  ),
  refused(
    {
      code: 'MGW0208',
      name: 'label-form',
      title: 'A label is not a Kubernetes label',
      docs: {
        happens: REFUSED,
        instead: 'Keys and values of letters, digits, "-", "_" and ".".',
        bad: httpRule(`match:\n- sourceLabels: {"a b": c}\n${TO_SHOP}`),
        good: httpRule(`match:\n- sourceLabels: {app: c}\n${TO_SHOP}`),
      },
    },
    at(
      VIRTUAL_SERVICE,
      ['http', 'tls', 'tcp'].map((p) => `spec.${p}[].match[].sourceLabels{}`),
      (value, { key }) => labelProblem(String(key), text(value)),
    ),
    at(DESTINATION_RULE, 'spec.subsets[].labels{}', (value, { key }) => labelProblem(String(key), text(value))),
    at(SERVICE_ENTRY, 'spec.endpoints[].labels{}', (value, { key, spec }) =>
      ['STATIC', 'DNS', 'DNS_ROUND_ROBIN'].includes(text(spec.resolution))
        ? labelProblem(String(key), text(value))
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW0209',
      name: 'selector-form',
      title: 'A workload selector has an empty key or a wildcard',
      docs: {
        happens: REFUSED,
        instead: 'Exact labels.',
        bad: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: "shop*"}}`),
        good: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: shop}}`),
      },
    },
    at(DESTINATION_RULE, 'spec.workloadSelector.matchLabels', selectorProblems),
    onKinds([SERVICE_ENTRY, SIDECAR], 'spec.workloadSelector.labels', selectorProblems),
    onKinds(WITH_SELECTOR, 'spec.selector.matchLabels', selectorProblems),
  ),
  warned(
    {
      code: 'MGW0210',
      name: 'selector-empty',
      title: 'A workload selector has no labels',
      docs: {
        happens: 'It selects every workload of the namespace.',
        instead: 'Labels, or no selector.',
        bad: serviceEntry(`${ENTRY}\nworkloadSelector: {}`),
        good: serviceEntry(`${ENTRY}\nworkloadSelector: {labels: {app: shop}}`),
      },
    },
    at(DESTINATION_RULE, 'spec.workloadSelector', (value) =>
      Object.keys(object(object(value).matchLabels)).length
        ? undefined
        : 'the workloadSelector has no labels and selects all workloads of the namespace',
    ),
    onKinds([SERVICE_ENTRY, SIDECAR], 'spec.workloadSelector', (value) =>
      Object.keys(object(object(value).labels)).length
        ? undefined
        : 'the workloadSelector has no labels and selects all workloads of the namespace',
    ),
    onKinds(WITH_SELECTOR, 'spec.selector', (value) =>
      Object.keys(object(object(value).matchLabels)).length
        ? undefined
        : 'the selector has no labels and selects all workloads of the namespace (all of the mesh in the root namespace)',
    ),
  ),
  refused(
    {
      code: 'MGW0211',
      name: 'port-protocol',
      title: 'The protocol of a port is unknown',
      docs: {
        happens: REFUSED,
        instead: 'HTTP, HTTP2, HTTPS, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL.',
        bad: serviceEntry(ENTRY.replace('protocol: TLS', 'protocol: QUIC')),
        good: serviceEntry(ENTRY),
      },
    },
    at(SERVICE_ENTRY, 'spec.ports[].protocol', (value) =>
      value === '' || protocol(value) ? undefined : `the protocol "${text(value)}" is unknown`,
    ),
  ),
  refused(
    {
      code: 'MGW0212',
      name: 'reserved-annotation',
      title: 'A reserved annotation is set',
      docs: {
        happens: REFUSED,
        instead: 'Remove the annotation; `istio.io/dry-run` belongs to AuthorizationPolicy only.',
        bad: httpRule(TO_SHOP).replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "true"}',
        ),
        good: httpRule(TO_SHOP),
      },
    },
    ...[GATEWAY, VIRTUAL_SERVICE, DESTINATION_RULE, SERVICE_ENTRY, ...WITH_SELECTOR]
      .flatMap((kind) =>
        at(kind, 'metadata.annotations', (value) =>
          (kind === AUTHORIZATION_POLICY ? RESERVED : ['istio.io/dry-run', ...RESERVED])
            .filter((name) => Object.hasOwn(object(value), name))
            .map((name) => ({
              message: `the annotation ${name} cannot be set on the kind ${kind.split('/')[1]}`,
              path: [name],
            })),
        ),
      )
      .map((check) => [check]),
  ),
];
