// What the API server says about an Ingress: k8s.io/kubernetes pkg/apis/networking/validation (1.36), ValidateIngressCreate.
// The old versions (v1beta1, extensions/v1beta1) are no longer served; the rules that they share are checked too.

import { isIP } from 'node:net';
import type { Json } from '../../model/index.js';
import { ingress } from '../examples.js';
import type { FieldCheck, FieldTest, Problem, Rule } from '../rule.js';
import { at, rejected } from './field-rule.js';
import { dns1123Label, dns1123Subdomain, pathSegment, portName, wildcardSubdomain } from './names.js';
import { given, list, object, port, text } from './values.js';

const REJECTED = 'The API server refuses the Ingress.';
const KINDS = ['networking.k8s.io/Ingress', 'extensions/Ingress'];
const BACKENDS = ['spec.defaultBackend', 'spec.backend', 'spec.rules[].http.paths[].backend'];
const on = (paths: string | readonly string[], test: FieldTest): FieldCheck[] =>
  KINDS.flatMap((kind) => at(kind, paths, test));

const rule = (path: string, host = 'host: shop.example.com\n  ') =>
  ingress(`rules:\n- ${host}http:\n    paths:\n    - ${path}`);
const TO_SHOP = 'backend: {service: {name: shop, port: {number: 80}}}';

const INVALID_WITHIN = ['//', '/./', '/../', '%2f', '%2F'];
const INVALID_AT_END = ['/..', '/.'];

function pathProblem(value: Json, old: boolean): Problem {
  const { pathType, path } = object(value);
  const p = text(path);
  const type = text(pathType) || (old ? 'ImplementationSpecific' : '');
  const place = given(path) ? ['path'] : [];
  if (type === 'Exact' || type === 'Prefix') {
    if (!p.startsWith('/'))
      return { message: `the path "${p}" is not absolute; it has to begin with "/"`, path: place };
    const part = INVALID_WITHIN.find((s) => p.includes(s)) ?? INVALID_AT_END.find((s) => p.endsWith(s));
    return part ? { message: `the path "${p}" cannot have "${part}" with pathType ${type}`, path: place } : undefined;
  }
  return type === 'ImplementationSpecific' && p !== '' && !p.startsWith('/')
    ? { message: `the path "${p}" is not absolute; it has to begin with "/"`, path: place }
    : undefined;
}

function host(value: Json): Problem {
  const name = text(value);
  if (name === '') return undefined;
  if (isIP(name)) return `"${name}" is an IP address; a host is a DNS name`;
  return name.includes('*') ? wildcardSubdomain(name) : dns1123Subdomain(name);
}

function backend(value: Json, version: string): Problem[] {
  const b = object(value);
  if (version !== 'v1') return [];
  if (given(b.resource) && given(b.service)) return ['a backend is a service or a resource, not both'];
  if (given(b.resource)) {
    const { apiGroup, kind, name } = object(b.resource);
    return [
      text(apiGroup) === '' ? undefined : at2(dns1123Subdomain(text(apiGroup)), ['resource', 'apiGroup']),
      text(kind) === '' ? 'the resource has no kind' : at2(pathSegment(text(kind)), ['resource', 'kind']),
      text(name) === '' ? 'the resource has no name' : at2(pathSegment(text(name)), ['resource', 'name']),
    ];
  }
  if (!given(b.service)) return ['the backend names neither a service nor a resource'];
  const s = object(b.service);
  const p = object(s.port);
  const named = text(p.name) !== '';
  const numbered = given(p.number) && p.number !== 0;
  return [
    text(s.name) === ''
      ? { message: 'the service has no name', path: ['service'] }
      : at2(dns1123Label(text(s.name)), ['service', 'name']),
    named && numbered
      ? { message: 'the port has a name and a number; write one', path: ['service', 'port'] }
      : undefined,
    named && !numbered ? at2(portName(text(p.name)), ['service', 'port', 'name']) : undefined,
    numbered && !named ? at2(port(p.number!), ['service', 'port', 'number']) : undefined,
    named || numbered
      ? undefined
      : { message: 'the port of the service has neither a number nor a name', path: ['service'] },
  ];
}
const at2 = (message: string | undefined, path: string[]): Problem => (message ? { message, path } : undefined);

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0701',
      name: 'ingress-empty',
      title: 'An Ingress has neither rules nor a default backend',
      docs: {
        happens: REJECTED,
        instead: 'Rules, or a defaultBackend.',
        bad: ingress('ingressClassName: nginx'),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      },
    },
    on('spec', (value) =>
      list(object(value).rules).length || given(object(value).defaultBackend) || given(object(value).backend)
        ? undefined
        : 'the Ingress has neither rules nor a defaultBackend',
    ),
    on('spec.rules[].http.paths', (value) => (list(value).length ? undefined : 'the rule has no paths')),
  ),
  rejected(
    {
      code: 'MGW0702',
      name: 'ingress-host',
      title: 'A host of an Ingress is not a DNS name',
      docs: {
        happens: REJECTED,
        instead: 'A lower case DNS name, or "*." and one; no address, no port, no "*" alone (leave host out).',
        bad: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`, 'host: Shop.example.com\n  '),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      },
    },
    on('spec.rules[].host', host),
    on('spec.tls[].hosts[]', (value) =>
      typeof value !== 'string' ? undefined : value.includes('*') ? wildcardSubdomain(value) : dns1123Subdomain(value),
    ),
  ),
  rejected(
    {
      code: 'MGW0703',
      name: 'ingress-path',
      title: 'Invalid path of an Ingress',
      docs: {
        happens: REJECTED,
        instead: 'An absolute path without "//", dot segments or encoded slashes.',
        bad: rule(`{path: shop, pathType: Prefix, ${TO_SHOP}}`),
        good: rule(`{path: /shop, pathType: Prefix, ${TO_SHOP}}`),
      },
    },
    on('spec.rules[].http.paths[]', (value, { resource }) => pathProblem(value, resource.version !== 'v1')),
  ),
  rejected(
    {
      code: 'MGW0705',
      name: 'ingress-backend',
      title: 'A backend of an Ingress is incomplete',
      docs: {
        happens: REJECTED,
        instead: 'A service with a name and a port (number or name), or a resource.',
        bad: rule('{path: /, pathType: Prefix, backend: {service: {name: shop}}}'),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      },
    },
    on(BACKENDS, (value, { resource }) => backend(value, resource.version)),
  ),
  rejected(
    {
      code: 'MGW0706',
      name: 'ingress-class',
      title: 'Invalid class of an Ingress',
      docs: {
        happens: REJECTED,
        instead: 'The name of an IngressClass; not a different one in the annotation kubernetes.io/ingress.class.',
        bad: ingress('ingressClassName: My Class\ndefaultBackend: {service: {name: shop, port: {number: 80}}}'),
        good: ingress('ingressClassName: nginx\ndefaultBackend: {service: {name: shop, port: {number: 80}}}'),
      },
    },
    on('spec.ingressClassName', (value, { resource }) => {
      const annotated = resource.annotations['kubernetes.io/ingress.class'];
      return [
        dns1123Subdomain(text(value)),
        annotated !== undefined && annotated !== value
          ? `the annotation kubernetes.io/ingress.class is "${annotated}", ingressClassName is "${text(value)}"`
          : undefined,
      ];
    }),
  ),
  rejected(
    {
      code: 'MGW0707',
      name: 'ingress-tls-secret',
      title: 'Invalid name of a TLS secret',
      docs: {
        happens: REJECTED,
        instead: 'The name of a Secret in the namespace of the Ingress.',
        bad: ingress(
          'tls: [{hosts: [shop.example.com], secretName: Shop_Cert}]\ndefaultBackend: {service: {name: shop, port: {number: 80}}}',
        ),
        good: ingress(
          'tls: [{hosts: [shop.example.com], secretName: shop-cert}]\ndefaultBackend: {service: {name: shop, port: {number: 80}}}',
        ),
      },
    },
    on('spec.tls[].secretName', (value) => (value === '' ? undefined : dns1123Subdomain(text(value)))),
  ),
];
