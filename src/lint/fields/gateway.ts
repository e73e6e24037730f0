// What Istio's validation says about a Gateway: ValidateGateway, validateServer, validateServerPort, validateServerBind
// and validateTLSOptions of pkg/config/validation/validation.go (source of 2026-08-22).

import type { Fix } from '../../diagnostics/index.js';
import { isHttp } from '../../implementations/istio/protocol.js';
import { isObject, type Json, type JsonObject, own } from '../../model/index.js';
import { gateway, server } from '../examples.js';
import type { FieldCheck, FieldTest, Place, Problem, Rule } from '../rule.js';
import { at, GATEWAY, refused, SIDECAR, warned } from './field-rule.js';
import { gatewayHost, isAddress, isLabel } from './names.js';
import { given, isTls, list, number, object, port, protocol, socketProblem, text } from './values.js';

const REFUSED = "Istio's webhook refuses the Gateway; without the webhook the server does not work.";

/** Gateways that Istio generates from Gateway API objects may have names that users may not. */
const generated = (resourceAnnotations: Readonly<Record<string, string>>): boolean =>
  resourceAnnotations['internal.istio.io/gateway-semantics'] === 'gateway';

/** Any field of a server that names a certificate or a key. */
const certificateFields = ['serverCertificate', 'privateKey', 'caCertificates', 'credentialName'] as const;
const certificateLists = ['tlsCertificates', 'credentialNames'] as const;

const mode = (tls: JsonObject): string => text(tls.mode) || 'PASSTHROUGH';
const passesThrough = (tls: JsonObject): boolean => mode(tls) === 'PASSTHROUGH' || mode(tls) === 'AUTO_PASSTHROUGH';
const terminates = (tls: JsonObject): boolean => ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode(tls));
const fetched = (tls: JsonObject): boolean => text(tls.credentialName) !== '' || list(tls.credentialNames).length > 0;

/** pkg/config/security/security.go: what begins with an operator sign is not looked at. */
const CIPHERS = new Set(
  [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ]
    .concat([
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-RSA-AES128-SHA',
    ])
    .concat(['ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA'])
    .concat(['AES256-SHA', 'DES-CBC3-SHA']),
);
const knownCipher = (name: string): boolean =>
  name === '' || name === 'ALL' || !/^[\p{L}\p{N}]/u.test(name) || CIPHERS.has(name);

function cipherProblems(value: Json): Problem[] {
  const seen = new Set<string>();
  return list(value).map((entry, index) => {
    const name = text(entry);
    if (!knownCipher(name)) return { message: `the cipher suite "${name}" is unknown and is ignored`, path: [index] };
    if (seen.has(name)) return { message: `the cipher suite "${name}" is listed twice`, path: [index] };
    seen.add(name);
    return undefined;
  });
}

function hostProblems(value: Json, annotations: Readonly<Record<string, string>>): string[] {
  if (typeof value !== 'string') return [];
  const slash = value.indexOf('/');
  if (slash < 0) return [...gatewayHost(value)];
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  const problems = namespace === '' || host === '' ? [`"${value}" lacks a namespace or a host`] : [];
  if (namespace !== '*' && namespace !== '.' && !(namespace === '~' && generated(annotations)) && !isLabel(namespace))
    problems.push(`"${namespace}" in "${value}" is not a namespace ("*", "." or a name)`);
  return [...problems, ...gatewayHost(host)];
}

function bindProblems(bind: Json, serverObject: Json): Problem {
  if (typeof bind !== 'string' || bind === '') return undefined;
  if (!bind.startsWith('unix://')) return isAddress(bind) ? undefined : `"${bind}" is not an IP address`;
  const wrong = socketProblem(bind.slice('unix://'.length));
  if (wrong !== undefined) return wrong;
  return number(object(object(serverObject).port).number) === 0
    ? undefined
    : 'a server on a unix socket has port number 0';
}

export function certificateConflicts(value: Json): Problem[] {
  const tls = object(value);
  if (mode(tls) === 'ISTIO_MUTUAL')
    return [
      ...certificateFields.filter((f) => text(tls[f])),
      ...certificateLists.filter((f) => list(tls[f]).length),
    ].map((field) => ({ message: `ISTIO_MUTUAL takes its certificate from the mesh; remove ${field}`, path: [field] }));
  const problems: Problem[] = [];
  const sources = [
    text(tls.serverCertificate) && text(tls.privateKey) ? 'serverCertificate with privateKey' : '',
    text(tls.credentialName) ? 'credentialName' : '',
    list(tls.credentialNames).length ? 'credentialNames' : '',
    list(tls.tlsCertificates).length ? 'tlsCertificates' : '',
  ].filter(Boolean);
  if (sources.length > 1) problems.push(`only one source of certificates is allowed, not ${sources.join(' and ')}`);
  if (terminates(tls) && fetched(tls)) return problems;
  if (text(tls.caCrl)) {
    if (text(tls.credentialName))
      problems.push({ message: 'with credentialName the revocation list belongs in the Secret', path: ['caCrl'] });
    if (mode(tls) === 'SIMPLE')
      problems.push({ message: 'SIMPLE requests no client certificate, so caCrl has no effect', path: ['caCrl'] });
  }
  return problems;
}

export function missingCertificates(value: Json): Problem[] {
  const tls = object(value);
  if (!terminates(tls) || fetched(tls)) return [];
  const problems: Problem[] = [];
  const named = mode(tls);
  if (named !== 'SIMPLE' && !text(tls.caCertificates))
    problems.push(`${named} needs caCertificates (or a credentialName) to check the clients' certificates`);
  const certificates = list(tls.tlsCertificates);
  for (const pair of certificates.length ? certificates.map(object) : [tls]) {
    if (!text(pair.serverCertificate)) problems.push(`${named} needs a serverCertificate (or a credentialName)`);
    if (!text(pair.privateKey)) problems.push(`${named} needs a privateKey (or a credentialName)`);
  }
  return problems;
}

/** Of a Gateway's server and of a Sidecar's ingress listener alike. */
const onTls = (field: string, test: FieldTest): FieldCheck[] => [
  ...at(GATEWAY, `spec.servers[].tls${field}`, test),
  ...at(SIDECAR, `spec.ingress[].tls${field}`, test),
];

/** A server's port that is valid by itself: only then Istio compares it with `tls`. */
const portFits = (value: Json): boolean => {
  const p = object(value);
  return (
    given(value) &&
    protocol(p.protocol) !== undefined &&
    port(p.number ?? 0) === undefined &&
    !(number(p.targetPort) > 0) &&
    text(p.name) !== ''
  );
};

/** Removes what has no effect. */
const removal = ({ resource, path }: Place, ...more: string[]): Fix => ({
  description: `remove ${more.at(-1) ?? path.at(-1)}`,
  edits: [{ op: 'remove', origin: { resource, path: [...path, ...more] } }],
});

const http = 'port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]';
const https = 'port: {number: 443, name: https, protocol: HTTPS}\nhosts: [shop.example.com]';
const simple = `${https}\ntls: {mode: SIMPLE, credentialName: shop-cert}`;

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0301',
      name: 'gateway-name',
      title: 'The name of a Gateway is not a DNS label',
      docs: {
        happens: REFUSED,
        instead: 'A name of letters, digits and inner dashes, without dots, of at most 63 characters.',
        bad: gateway(`servers:\n- ${http.replaceAll('\n', '\n  ')}`, 'shop.v2'),
        good: gateway(`servers:\n- ${http.replaceAll('\n', '\n  ')}`, 'shop-v2'),
      },
    },
    at(GATEWAY, 'metadata.name', (name, { resource }) =>
      isLabel(text(name)) || generated(resource.annotations)
        ? undefined
        : `the Gateway's name "${text(name)}" is not a DNS label`,
    ),
  ),
  refused(
    {
      code: 'MGW0302',
      name: 'gateway-empty',
      title: 'A Gateway has no server, or a server no host',
      docs: {
        happens: REFUSED,
        instead: 'At least one server, and at least one host in each (`"*"` for any).',
        bad: server(http.replace('[shop.example.com]', '[]')),
        good: server(http),
      },
    },
    at(GATEWAY, '', (_, { spec }) =>
      list(spec.servers).length ? undefined : { message: 'the Gateway has no servers', path: ['spec'] },
    ),
    at(GATEWAY, 'spec.servers[]', (value) =>
      list(object(value).hosts).length ? undefined : 'the server has no hosts; write "*" for any',
    ),
  ),
  refused(
    {
      code: 'MGW0303',
      name: 'gateway-host',
      title: 'A host of a Gateway is not [namespace/]domain',
      docs: {
        happens: REFUSED,
        instead:
          'A full host name, "*.example.com", "*" or an IP address; before a slash "*", "." or the namespace of the VirtualServices.',
        bad: server(http.replace('shop.example.com', 'shop')),
        good: server(http.replace('shop.example.com', 'team-a/shop.example.com')),
      },
    },
    at(GATEWAY, 'spec.servers[].hosts[]', (value, { resource }) => hostProblems(value, resource.annotations)),
  ),
  refused(
    {
      code: 'MGW0304',
      name: 'gateway-port',
      title: 'Incomplete or invalid port of a server',
      docs: {
        happens: REFUSED,
        instead: 'A port with number, name and a protocol that Istio supports; no targetPort.',
        bad: server(http.replace('protocol: HTTP', 'protocol: QUIC')),
        good: server(http),
      },
    },
    at(GATEWAY, 'spec.servers[]', (value, place) => {
      const s = object(value);
      if (!given(s.port)) return 'the server has no port';
      const p = object(s.port);
      const problems: Problem[] = [];
      if (!protocol(p.protocol))
        problems.push({
          message: `the protocol "${text(p.protocol)}" is unknown; write HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL`,
          path: ['port', ...(given(p.protocol) ? ['protocol'] : [])],
        });
      if (number(p.number) > 0 || !text(s.bind).startsWith('unix://')) {
        const problem = port(p.number ?? 0);
        if (problem) problems.push({ message: problem, path: ['port', ...(given(p.number) ? ['number'] : [])] });
      }
      if (number(p.targetPort) > 0)
        problems.push({
          message: 'targetPort has no effect on a Gateway; remove it',
          path: ['port', 'targetPort'],
          fix: removal(place, 'port', 'targetPort'),
        });
      if (!text(p.name)) problems.push({ message: 'the port has no name', path: ['port'] });
      return problems;
    }),
  ),
  refused(
    {
      code: 'MGW0305',
      name: 'gateway-port-names',
      title: 'Two servers of a Gateway have the same port name',
      docs: {
        happens: REFUSED,
        instead: 'A name of its own for each server, for example http-shop and http-blog.',
        bad: gateway(
          'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [a.example.com]\n- port: {number: 8080, name: http, protocol: HTTP}\n  hosts: [b.example.com]',
        ),
        good: gateway(
          'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [a.example.com]\n- port: {number: 8080, name: http-b, protocol: HTTP}\n  hosts: [b.example.com]',
        ),
      },
    },
    at(GATEWAY, 'spec.servers', (value) => {
      const names = new Set<string>();
      return list(value).map((entry, index) => {
        if (!isObject(entry) || !given(entry.port)) return undefined;
        const name = text(object(entry.port).name);
        if (names.has(name))
          return { message: `the port name "${name}" is used by an earlier server`, path: [index, 'port'] };
        names.add(name);
        return undefined;
      });
    }),
  ),
  refused(
    {
      code: 'MGW0306',
      name: 'gateway-bind',
      title: '`bind` is not an IP address',
      docs: {
        happens: REFUSED,
        instead: 'An IP address, or `unix://` with an absolute path and port number 0.',
        bad: server(`${http}\nbind: localhost`),
        good: server(`${http}\nbind: 127.0.0.1`),
      },
    },
    at(GATEWAY, 'spec.servers[].bind', (value, place) => bindProblems(value, place.up(1))),
  ),
  refused(
    {
      code: 'MGW0307',
      name: 'gateway-tls-missing',
      title: 'An HTTPS or TLS server has no tls',
      docs: {
        happens: `${REFUSED} A listener without a certificate would close every connection.`,
        instead: 'A `tls` with mode and credentialName (or PASSTHROUGH).',
        bad: server(https),
        good: server(simple),
      },
    },
    at(GATEWAY, 'spec.servers[]', (value) => {
      const s = object(value);
      return portFits(s.port ?? null) && isTls(protocol(object(s.port).protocol)) && !given(s.tls)
        ? `the protocol ${text(object(s.port).protocol)} needs tls settings`
        : undefined;
    }),
  ),
  refused(
    {
      code: 'MGW0308',
      name: 'gateway-tls-on-plaintext',
      title: 'A server without TLS has tls settings',
      docs: {
        happens: REFUSED,
        instead: 'Protocol HTTPS or TLS for encrypted ports; on an HTTP port only `tls: {httpsRedirect: true}`.',
        bad: server(`${http}\ntls: {mode: SIMPLE, credentialName: shop-cert}`),
        good: server(`${http}\ntls: {httpsRedirect: true}`),
      },
    },
    at(GATEWAY, 'spec.servers[].tls', (value, place) => {
      const s = object(place.up(1));
      const named = protocol(object(s.port).protocol);
      if (!portFits(s.port ?? null) || isTls(named)) return undefined;
      const tls = object(value);
      if (!isHttp(named)) return `a ${named} port cannot have tls settings; use protocol TLS`;
      return passesThrough(tls) && !text(tls.caCertificates) && !text(tls.privateKey) && !text(tls.serverCertificate)
        ? undefined
        : 'a plain HTTP port cannot have tls settings other than httpsRedirect; use protocol HTTPS';
    }),
  ),
  refused(
    {
      code: 'MGW0309',
      name: 'gateway-certificate-missing',
      title: 'A server that terminates TLS names no certificate',
      docs: {
        happens: REFUSED,
        instead: 'A `credentialName` (a Secret in the namespace of the gateway workload).',
        bad: server(`${https}\ntls: {mode: SIMPLE}`),
        good: server(simple),
      },
    },
    at(GATEWAY, 'spec.servers[].tls', missingCertificates),
  ),
  refused(
    {
      code: 'MGW0310',
      name: 'gateway-certificate-conflict',
      title: 'Conflicting sources of a certificate',
      docs: {
        happens: REFUSED,
        instead:
          'One source: credentialName, credentialNames, tlsCertificates, or serverCertificate with privateKey; none with ISTIO_MUTUAL.',
        bad: server(`${https}\ntls: {mode: ISTIO_MUTUAL, credentialName: shop-cert}`),
        good: server(simple),
      },
    },
    at(GATEWAY, 'spec.servers[].tls', certificateConflicts),
  ),
  warned(
    {
      code: 'MGW0311',
      name: 'gateway-old-tls-version',
      title: 'An old TLS version is allowed, but no cipher suite for it',
      docs: {
        happens:
          'Envoy accepts TLS 1.0 or 1.1 on paper, but its default cipher suites have none that these versions can use: such clients still fail.',
        instead: 'TLSV1_2 or later; or, if old clients must connect, cipherSuites that they support.',
        bad: server(simple.replace('SIMPLE,', 'SIMPLE, minProtocolVersion: TLSV1_0,')),
        good: server(simple.replace('SIMPLE,', 'SIMPLE, minProtocolVersion: TLSV1_2,')),
      },
    },
    onTls('.minProtocolVersion', (value, place) =>
      (value === 'TLSV1_0' || value === 'TLSV1_1') && !list(object(place.up(1)).cipherSuites).length
        ? `${value} needs cipherSuites: the default ones are for TLS 1.2 and later`
        : undefined,
    ),
  ),
  warned(
    {
      code: 'MGW0312',
      name: 'gateway-cipher-suites',
      title: 'A cipher suite is unknown or listed twice',
      docs: {
        happens: 'Istio leaves it out; if all are unknown, the default suites apply.',
        instead: "BoringSSL's names, each once.",
        bad: server(simple.replace('SIMPLE,', 'SIMPLE, cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA],')),
        good: server(simple.replace('SIMPLE,', 'SIMPLE, cipherSuites: [ECDHE-RSA-AES128-GCM-SHA256],')),
      },
    },
    onTls('.cipherSuites', cipherProblems),
  ),
  warned(
    {
      code: 'MGW0313',
      name: 'gateway-passthrough-certificate',
      title: 'A passthrough server names a certificate',
      docs: {
        happens: 'The gateway forwards the encrypted bytes; the certificate is ignored.',
        instead: 'Mode SIMPLE to terminate TLS here, or no certificate.',
        bad: server(`${https}\ntls: {mode: PASSTHROUGH, credentialName: shop-cert}`),
        good: server(`${https}\ntls: {mode: PASSTHROUGH}`),
      },
    },
    onTls('', (value, place) => {
      const tls = object(value);
      const field =
        [...certificateFields, 'caCrl'].find((f) => text(own(tls, f))) ??
        certificateLists.find((f) => list(tls[f]).length);
      return passesThrough(tls) && field
        ? {
            message: `${mode(tls)} does not use certificates: ${field} is ignored`,
            path: [field],
            fix: removal(place, field),
          }
        : undefined;
    }),
  ),
  warned(
    {
      code: 'MGW0314',
      name: 'gateway-redirect-protocol',
      title: 'httpsRedirect on a server that is not HTTP',
      docs: {
        happens: 'The redirect has no effect.',
        instead: 'httpsRedirect on the plain HTTP server of the same hosts.',
        bad: server(`${https}\ntls: {mode: SIMPLE, credentialName: shop-cert, httpsRedirect: true}`),
        good: server(`${http}\ntls: {httpsRedirect: true}`),
      },
    },
    at(GATEWAY, 'spec.servers[].tls.httpsRedirect', (value, place) => {
      const p = object(place.up(2)).port;
      return value === true && given(p) && !isHttp(protocol(object(p).protocol))
        ? { message: 'httpsRedirect has an effect on plain HTTP servers only', fix: removal(place) }
        : undefined;
    }),
  ),
];
