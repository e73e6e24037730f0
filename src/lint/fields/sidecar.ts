// What Istio's validation says about a Sidecar: ValidateSidecar and what it calls (pkg/config/validation/validation.go and
// agent/validation.go, source of 2026-08-27). Its connection pools and labels: destination-rule.ts and shared-values.ts.

import { isHttp } from '../../implementations/istio/protocol.js';
import { append, type Json, type JsonObject, own } from '../../model/index.js';
import { sidecar } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { at, refused, SIDECAR, warned } from './field-rule.js';
import { certificateConflicts, missingCertificates } from './gateway.js';
import { fqdn, gatewayHost, isAddress, isLabel, wildcardDomain } from './names.js';
import { given, isTls, list, number, object, port, protocol, socketProblem, text } from './values.js';

const REFUSED = "Istio's webhook refuses the Sidecar.";
const SOCKET = 'unix://';
const OWN = 'egress: [{hosts: ["./*"]}]';

function portProblems(listener: JsonObject): Problem[] {
  const p = object(listener.port);
  const problems: Problem[] = [];
  if (text(p.name) !== '' && !isLabel(text(p.name)))
    problems.push({ message: `the port name "${text(p.name)}" is not a DNS label`, path: ['port', 'name'] });
  if (text(p.protocol) !== '' && !protocol(p.protocol))
    problems.push({ message: `the protocol "${text(p.protocol)}" is unknown`, path: ['port', 'protocol'] });
  if (number(p.targetPort) > 0)
    problems.push({ message: 'targetPort has no effect on a Sidecar; remove it', path: ['port', 'targetPort'] });
  return problems;
}

/** A listener on a port of an address. */
function addressProblems(listener: JsonObject): Problem[] {
  const { number: written } = object(listener.port);
  const range = port(written ?? 0);
  const bind = text(listener.bind);
  return [
    range && { message: range, path: ['port', ...(given(written) ? ['number'] : [])] },
    bind !== '' && !isAddress(bind) ? { message: `"${bind}" is not an IP address`, path: ['bind'] } : undefined,
  ];
}

/** A listener without a port number: a unix socket, which only egress can have. */
function socketListenerProblems(listener: JsonObject): Problem[] {
  const bind = text(listener.bind);
  const capture = text(listener.captureMode);
  const wrong = bind.startsWith(SOCKET)
    ? socketProblem(bind.slice(SOCKET.length))
    : 'a listener without a port number needs a unix socket: bind: unix:///path';
  return [
    wrong === undefined ? undefined : { message: wrong, path: given(listener.bind) ? ['bind'] : ['port'] },
    capture === 'IPTABLES'
      ? { message: 'the captureMode of a unix socket is DEFAULT or NONE', path: ['captureMode'] }
      : undefined,
  ];
}

function ingressListener(value: Json): Problem[] {
  const listener = object(value);
  // Without a port the CRD speaks.
  return given(listener.port) ? [...portProblems(listener), ...addressProblems(listener)] : [];
}

function egressListener(value: Json): Problem[] {
  const listener = object(value);
  if (!given(listener.port)) return [];
  const isSocket = number(object(listener.port).number) === 0;
  return [...portProblems(listener), ...(isSocket ? socketListenerProblems(listener) : addressProblems(listener))];
}

/** Each port once, each unix socket once; a listener for every port only at the end. */
function listenerList(isEgress: boolean): (value: Json) => Problem[] {
  return (value) => {
    const listeners = list(value).map(object);
    const seen = new Set<string>();
    return listeners.map((listener, index): Problem => {
      if (!given(listener.port))
        return isEgress && index < listeners.length - 1
          ? { message: 'the listener without a port is for all that are left: it has to be the last', path: [index] }
          : undefined;
      const n = number(object(listener.port).number);
      const key = isEgress && n === 0 ? text(listener.bind) : String(n);
      if (seen.has(key))
        return { message: `an earlier listener has ${n === 0 ? key || 'no port' : `port ${n}`}`, path: [index] };
      seen.add(key);
      return undefined;
    });
  };
}

const LOCAL = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

function defaultEndpoint(value: Json): Problem[] {
  const endpoint = text(value);
  if (endpoint === '') return [];
  if (endpoint.startsWith(SOCKET)) return [socketProblem(endpoint.slice(SOCKET.length))];
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(endpoint);
  if (!parts)
    return [`"${endpoint}" does not have the form 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:///path`];
  const host = parts[1] ?? parts[2] ?? '';
  const written = parts[3] ?? '';
  return [
    LOCAL.has(host)
      ? undefined
      : `the endpoint is in the workload itself: 127.0.0.1, 0.0.0.0, [::1] or [::], not "${host}"`,
    /^[+-]?\d+$/.test(written) ? port(Number(written)) : `the port "${written}" is not a number`,
  ];
}

/** Fields of TLS that the ingress listener of a Sidecar does not have. */
const NOT_SUPPORTED = ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates'];
const isSet = (value: Json | undefined): boolean =>
  value === true || text(value) !== '' || (Array.isArray(value) && value.length > 0);

function tlsProblems(value: Json, listener: JsonObject): Problem[] {
  const tls = object(value);
  const problems: Problem[] = NOT_SUPPORTED.filter((field) => isSet(own(tls, field))).map((field) => ({
    message: `a Sidecar does not support ${field}`,
    path: [field],
  }));
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(text(tls.mode)))
    problems.push({ message: `the mode ${text(tls.mode)} is not for a Sidecar`, path: ['mode'] });
  if (given(listener.port) && !isTls(protocol(object(listener.port).protocol)))
    problems.push('a listener with tls needs the protocol HTTPS or TLS');
  append(problems, certificateConflicts(value));
  append(problems, missingCertificates(value));
  return problems;
}

function egressHost(value: Json): Problem[] {
  if (typeof value !== 'string') return [];
  const slash = value.indexOf('/');
  if (slash < 0) return [`"${value}" lacks a namespace: write NAMESPACE/HOST, "./HOST" or "*/HOST"`];
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  const bare = namespace.replace(/^~/, '');
  const problems: Problem[] = [];
  if (namespace === '' || host === '') problems.push(`"${value}" lacks a namespace or a host`);
  if (bare !== '' && bare !== '*' && bare !== '.' && !isLabel(bare))
    problems.push(`"${namespace}" in "${value}" is not a namespace ("*", ".", a name, or one of these after "~")`);
  append(problems, gatewayHost(host));
  if (isAddress(host)) problems.push(`"${host}" is an address, not a host name`);
  return problems;
}

/** What an earlier host of the listener has already, as Istio compares them: per namespace. */
function repeatedHosts(value: Json, namespace: string): Problem[] {
  const seen = new Map<string, Set<string>>();
  const hosts = list(value).map(text);
  const problems = hosts.map((entry, index): Problem => {
    const slash = entry.indexOf('/');
    if (slash < 0 || entry.startsWith('~')) return undefined;
    const home = entry.slice(0, slash) === '.' ? namespace : entry.slice(0, slash);
    const host = entry.slice(slash + 1);
    const known = seen.get(home) ?? new Set<string>();
    seen.set(home, known);
    const again = host === '*' ? known.size > 0 : known.has(host) || known.has('*');
    known.add(host);
    return again ? { message: `"${entry}" is among the hosts of this listener already`, path: [index] } : undefined;
  });
  if (seen.get('*')?.has('*') && seen.size > 1) problems.push('"*/*" takes everything: the other hosts have no effect');
  return problems;
}

function egressProxy(value: Json, policy: JsonObject): Problem[] {
  // REGISTRY_ONLY is what an absent mode means here.
  if (text(policy.mode) !== 'ALLOW_ANY') return ['egressProxy needs the mode ALLOW_ANY'];
  const proxy = object(value);
  const host = text(proxy.host);
  const problem = fqdn(host) ?? (host === '*' ? 'a destination has a host, not "*"' : wildcardDomain(host));
  const problems: Problem[] = [problem && { message: problem, path: ['host'] }];
  if (!given(proxy.port)) return [...problems, 'egressProxy needs a port'];
  const range = port(object(proxy.port).number ?? 0);
  if (range) problems.push({ message: range, path: ['port'] });
  if (text(proxy.subset) !== '' && !isLabel(text(proxy.subset)))
    problems.push({ message: `the subset name "${text(proxy.subset)}" is not a DNS label`, path: ['subset'] });
  return problems;
}

const PARTS = ['egress', 'ingress'];
const isEmpty = (spec: JsonObject): boolean =>
  PARTS.every((part) => list(own(spec, part)).length === 0) &&
  !given(spec.outboundTrafficPolicy) &&
  !given(spec.inboundConnectionPool);

const ingress = (listener: string): string => `ingress:\n- ${listener.replaceAll('\n', '\n  ')}\n${OWN}`;
const HTTP = 'port: {number: 8080, protocol: HTTP, name: http}\ndefaultEndpoint: 127.0.0.1:8080';
const HTTPS = 'port: {number: 8443, protocol: HTTPS, name: https}\ndefaultEndpoint: 127.0.0.1:8080';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1461',
      name: 'sidecar-empty',
      title: 'A Sidecar without any settings',
      docs: {
        happens: REFUSED,
        instead: 'At least one of `egress`, `ingress`, `outboundTrafficPolicy` and `inboundConnectionPool`.',
        bad: sidecar('workloadSelector: {labels: {app: shop}}'),
        good: sidecar(OWN),
      },
    },
    at(SIDECAR, '', (_, { spec }) =>
      isEmpty(spec)
        ? {
            message: 'the Sidecar has neither egress nor ingress nor outboundTrafficPolicy nor inboundConnectionPool',
            path: ['spec'],
          }
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW1462',
      name: 'sidecar-listener',
      title: 'Invalid listener of a Sidecar',
      docs: {
        happens: REFUSED,
        instead:
          'A port of its own for each listener, an IP address to bind (for egress also a unix socket without a port number), an endpoint in the workload itself; the egress listener without a port comes last.',
        bad: sidecar(ingress(HTTP.replace('127.0.0.1', '10.1.2.3'))),
        good: sidecar(ingress(HTTP)),
      },
    },
    at(SIDECAR, 'spec.ingress[]', ingressListener),
    at(SIDECAR, 'spec.ingress[].defaultEndpoint', defaultEndpoint),
    at(SIDECAR, 'spec.ingress', listenerList(false)),
    at(SIDECAR, 'spec.egress[]', egressListener),
    at(SIDECAR, 'spec.egress', listenerList(true)),
  ),
  refused(
    {
      code: 'MGW1463',
      name: 'sidecar-tls',
      title: 'TLS settings that a Sidecar does not support',
      docs: {
        happens: REFUSED,
        instead: 'Mode SIMPLE or MUTUAL with files (`serverCertificate`, `privateKey`) on a listener of HTTPS or TLS.',
        bad: sidecar(ingress(`${HTTPS}\ntls: {mode: SIMPLE, credentialName: shop-cert}`)),
        good: sidecar(
          ingress(
            `${HTTPS}\ntls: {mode: SIMPLE, serverCertificate: /etc/certs/tls.crt, privateKey: /etc/certs/tls.key}`,
          ),
        ),
      },
    },
    at(SIDECAR, 'spec.ingress[].tls', (value, place) => tlsProblems(value, object(place.up(1)))),
  ),
  refused(
    {
      code: 'MGW1464',
      name: 'sidecar-host',
      title: 'An egress host of a Sidecar is not namespace/domain',
      docs: {
        happens: REFUSED,
        instead: 'A namespace, "." or "*", a slash, and a full host name, "*.example.com" or "*".',
        bad: sidecar('egress: [{hosts: [shop.example.com]}]'),
        good: sidecar('egress: [{hosts: ["*/shop.example.com"]}]'),
      },
    },
    at(SIDECAR, 'spec.egress[].hosts[]', egressHost),
    at(SIDECAR, 'spec.egress[].hosts', (value) =>
      list(value).length === 0 ? 'the egress listener has no hosts; write "*/*" for all' : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW1465',
      name: 'sidecar-egress-proxy',
      title: 'Invalid egressProxy of a Sidecar',
      docs: {
        happens: REFUSED,
        instead: 'Mode ALLOW_ANY, and a full host name with a port.',
        bad: sidecar('outboundTrafficPolicy:\n  mode: ALLOW_ANY\n  egressProxy: {host: egress.shop.svc.cluster.local}'),
        good: sidecar(
          'outboundTrafficPolicy:\n  mode: ALLOW_ANY\n  egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}',
        ),
      },
    },
    at(SIDECAR, 'spec.outboundTrafficPolicy.egressProxy', (value, place) => egressProxy(value, object(place.up(1)))),
  ),
  warned(
    {
      code: 'MGW1466',
      name: 'sidecar-host-twice',
      title: 'An egress host of a Sidecar is covered already',
      docs: {
        happens: 'The host has no effect beside the other.',
        instead: 'Each host once; "*/*" and "namespace/*" alone.',
        bad: sidecar('egress: [{hosts: ["shop/*", shop/api.example.com]}]'),
        good: sidecar('egress: [{hosts: ["shop/*"]}]'),
      },
    },
    at(SIDECAR, 'spec.egress[].hosts', (value, { resource }) => repeatedHosts(value, resource.namespace)),
  ),
  warned(
    {
      code: 'MGW1467',
      name: 'sidecar-pool-protocol',
      title: 'HTTP connection pool of a Sidecar on a port without HTTP',
      docs: {
        happens: 'Only the TCP settings apply.',
        instead: 'The protocol of the port (HTTP, HTTP2, GRPC), or settings for tcp.',
        bad: sidecar(ingress(`${HTTP.replace('HTTP', 'TCP')}\nconnectionPool: {http: {http1MaxPendingRequests: 10}}`)),
        good: sidecar(ingress(`${HTTP}\nconnectionPool: {http: {http1MaxPendingRequests: 10}}`)),
      },
    },
    at(SIDECAR, 'spec.ingress[].connectionPool.http', (_, place) => {
      const p = object(object(place.up(2)).port);
      return isHttp(protocol(p.protocol))
        ? undefined
        : `the protocol of port ${number(p.number)} is ${text(p.protocol) || 'not set'}: the http settings have no effect`;
    }),
  ),
];
